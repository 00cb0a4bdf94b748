import type { EntityKey } from "../../model/entity.ts";
import { ConflictError } from "../../runtime/errors.ts";
import type { PlanStore, RemovalPlan } from "../plan-store.ts";
import { CLAIMED } from "./claimed.ts";
import type { Database } from "./database.ts";
import { sql } from "./sql.ts";

interface Stored {
  readonly status: RemovalPlan["status"];
  readonly document: RemovalPlan;
}

export class PostgresPlanStore implements PlanStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(id: string): Promise<RemovalPlan | undefined> {
    const row = await this.#db.get<Stored>(sql`SELECT status, document FROM removal_plan WHERE id = ${id}`);
    return row && toPlan(row);
  }

  async list(dataSource: string, limit: number): Promise<readonly RemovalPlan[]> {
    const rows = await this.#db.all<Stored>(sql`
      SELECT status, document FROM removal_plan WHERE data_source = ${dataSource} ORDER BY seq DESC LIMIT ${limit}`);
    return rows.map(toPlan);
  }

  async countHeld(dataSource: string): Promise<number> {
    const row = await this.#db.get<{ count: number }>(
      sql`SELECT count(*) FROM removal_plan WHERE data_source = ${dataSource} AND status = 'held'`,
    );
    return row?.count ?? 0;
  }

  listEntities(id: string, limit: number): Promise<readonly EntityKey[]> {
    return this.#db.all<EntityKey>(sql`
      SELECT blueprint, identifier FROM unclaimed WHERE plan_id = ${id} AND NOT ${CLAIMED}
      ORDER BY blueprint, identifier LIMIT ${limit}`);
  }

  async decide(id: string, decision: "approved" | "rejected", atMs: number): Promise<void> {
    await this.#db.transaction(async (tx) => {
      const plan = await tx.get<Stored>(sql`SELECT status, document FROM removal_plan WHERE id = ${id} FOR UPDATE`);
      if (plan === undefined || (plan.status !== "held" && plan.status !== "rejected")) {
        throw new ConflictError(`The plan "${id}" cannot be ${decision} any more: it is ${plan?.status ?? "gone"}`);
      }
      const document = JSON.stringify({ ...plan.document, decidedAtMs: atMs });
      await tx.run(sql`UPDATE removal_plan SET status = ${decision}, document = ${document} WHERE id = ${id}`);
    });
  }
}

/** The column has the status. */
function toPlan({ status, document }: Stored): RemovalPlan {
  return { ...document, status };
}
