import type { EntityKey } from "../../model/entity.ts";
import type { PlanStore, RemovalPlan } from "../plan-store.ts";
import { CLAIMED } from "./claimed.ts";
import type { Connection, SqlRow } from "./connection.ts";
import type { WriteCalls } from "./writer.ts";

export class SqlitePlanStore implements PlanStore {
  readonly #reader: Connection;
  readonly #writer: WriteCalls;

  constructor(reader: Connection, writer: WriteCalls) {
    this.#reader = reader;
    this.#writer = writer;
  }

  async find(id: string): Promise<RemovalPlan | undefined> {
    const row = this.#reader.get("SELECT status, document FROM removal_plan WHERE id = ?", id);
    return row && toPlan(row);
  }

  async list(dataSource: string, limit: number): Promise<readonly RemovalPlan[]> {
    return this.#reader
      .all(
        "SELECT status, document FROM removal_plan WHERE data_source = ? ORDER BY seq DESC LIMIT ?",
        dataSource,
        limit,
      )
      .map(toPlan);
  }

  async countHeld(dataSource: string): Promise<number> {
    const row = this.#reader.get(
      "SELECT count(*) AS count FROM removal_plan WHERE data_source = ? AND status = 'held'",
      dataSource,
    );
    return Number(row?.["count"] ?? 0);
  }

  async listEntities(id: string, limit: number): Promise<readonly EntityKey[]> {
    return this.#reader
      .all(
        `SELECT blueprint, identifier FROM unclaimed WHERE plan_id = ? AND NOT ${CLAIMED}
         ORDER BY blueprint, identifier LIMIT ?`,
        id,
        limit,
      )
      .map((row) => ({ blueprint: String(row["blueprint"]), identifier: String(row["identifier"]) }));
  }

  async decide(id: string, decision: "approved" | "rejected", atMs: number): Promise<void> {
    await this.#writer.call("decidePlan", { id, decision, atMs });
  }
}

function toPlan(row: SqlRow): RemovalPlan {
  // Written by hold-unclaimed.ts and decide-plan.ts alone; the column has the status.
  return { ...(JSON.parse(String(row["document"])) as RemovalPlan), status: row["status"] as RemovalPlan["status"] };
}
