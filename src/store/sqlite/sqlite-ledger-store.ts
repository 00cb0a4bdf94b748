import type { EntityKey } from "../../model/entity.ts";
import type { LedgerObject, LedgerPage, LedgerStore } from "../ledger-store.ts";
import type { Connection } from "./connection.ts";
import type { WriteCalls } from "./writer.ts";

/** GLOB pattern for the buckets of a data source: `<data source>#<kind>/<index>`. */
export function dataSourcePattern(dataSource: string): string {
  return `${dataSource.replaceAll(/[[*?]/g, "[$&]")}#*`;
}

export class SqliteLedgerStore implements LedgerStore {
  readonly #reader: Connection;
  readonly #writer: WriteCalls;

  constructor(reader: Connection, writer: WriteCalls) {
    this.#reader = reader;
    this.#writer = writer;
  }

  async findObjects(bucket: string, ids: readonly string[]): Promise<ReadonlyMap<string, LedgerObject>> {
    const rows = this.#reader.all(
      `SELECT object_id, key, updated, state, entities FROM ledger_object
       WHERE bucket_id = (SELECT id FROM bucket WHERE name = ?) AND object_id IN (SELECT value FROM json_each(?))`,
      bucket,
      JSON.stringify(ids),
    );
    return new Map(
      rows.map((row) => {
        const pairs = JSON.parse(String(row["entities"])) as [string, string][]; // written by record-page.ts alone
        const object: LedgerObject = {
          id: String(row["object_id"]),
          key: row["key"] === null ? undefined : String(row["key"]),
          updated: row["updated"] === null ? undefined : String(row["updated"]),
          state: row["state"] === null ? null : String(row["state"]),
          entities: pairs.map(([blueprint, identifier]) => ({ blueprint, identifier })),
        };
        return [object.id, object];
      }),
    );
  }

  async listSeen(bucket: string, runId: string): Promise<readonly string[]> {
    return this.#reader
      .all(
        `SELECT object_ids FROM seen_page WHERE run_id = ? AND bucket_id = (SELECT id FROM bucket WHERE name = ?)`,
        runId,
        bucket,
      )
      .flatMap((row) => JSON.parse(String(row["object_ids"])) as string[]);
  }

  async countObjects(bucket: string): Promise<number> {
    const row = this.#reader.get(
      "SELECT count(*) AS count FROM ledger_object WHERE bucket_id = (SELECT id FROM bucket WHERE name = ?)",
      bucket,
    );
    return Number(row?.["count"] ?? 0);
  }

  async recordPage(page: LedgerPage): Promise<void> {
    // Entries come from raw objects, whose bodies are functions; only what is stored may travel to the writer.
    const entries = page.entries.map(({ ref: { id, key, updated }, state, entities }) => ({
      ref: { id, ...(key !== undefined && { key }), ...(updated !== undefined && { updated }) },
      state,
      entities: entities.map(({ blueprint, identifier }) => ({ blueprint, identifier })),
    }));
    await this.#writer.call("recordPage", { ...page, entries });
  }

  dropUnseen(bucket: string, runId: string, attempt: number): Promise<number> {
    return this.#writer.call("dropUnseen", { bucket, runId, attempt });
  }

  async listBuckets(dataSource: string): Promise<readonly string[]> {
    return this.#reader
      .all("SELECT name FROM bucket WHERE name GLOB ? ORDER BY id", dataSourcePattern(dataSource))
      .map((row) => String(row["name"]));
  }

  dropBucket(bucket: string): Promise<number> {
    return this.#writer.call("dropBucket", { bucket });
  }

  async listUnclaimed(dataSource: string): Promise<readonly EntityKey[]> {
    return this.#reader
      .all(
        `SELECT DISTINCT blueprint, identifier FROM unclaimed
         WHERE bucket_id IN (SELECT id FROM bucket WHERE name GLOB ?) AND NOT EXISTS (
           SELECT 1 FROM claim WHERE claim.blueprint = unclaimed.blueprint AND claim.identifier = unclaimed.identifier)`,
        dataSourcePattern(dataSource),
      )
      .map((row) => ({ blueprint: String(row["blueprint"]), identifier: String(row["identifier"]) }));
  }

  async settleUnclaimed(dataSource: string, keys: readonly EntityKey[]): Promise<void> {
    await this.#writer.call("settleUnclaimed", { dataSource, keys });
  }

  async forgetStates(keys: readonly EntityKey[]): Promise<void> {
    if (keys.length > 0) await this.#writer.call("forgetStates", { keys });
  }

  async forgetSeen(runId: string): Promise<void> {
    await this.#writer.call("forgetSeen", { runId });
  }
}
