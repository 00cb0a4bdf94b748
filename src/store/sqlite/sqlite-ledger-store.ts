import type { EntityKey } from "../../model/entity.ts";
import type { RawObjectRef } from "../../model/raw-object.ts";
import type { BucketFields, Claim, LedgerObject, LedgerPage, LedgerStore } from "../ledger-store.ts";
import type { NewRemovalPlan } from "../plan-store.ts";
import { CLAIMED, HELD } from "./claimed.ts";
import type { Connection, SqlRow } from "./connection.ts";
import { dataSourcePattern } from "./data-source-pattern.ts";
import type { WriteCalls } from "./writer.ts";

const OF_DATA_SOURCE = "bucket_id IN (SELECT id FROM bucket WHERE name GLOB ?)";
const OF_BUCKET = "bucket_id = (SELECT id FROM bucket WHERE name = ?)";

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
       WHERE ${OF_BUCKET} AND object_id IN (SELECT value FROM json_each(?))`,
      bucket,
      JSON.stringify(ids),
    );
    return new Map(rows.map(toObject).map((object) => [object.id, object]));
  }

  async listObjects(bucket: string, after: string, limit: number): Promise<readonly LedgerObject[]> {
    return this.#reader
      .all(
        `SELECT object_id, key, updated, state, entities FROM ledger_object
         WHERE ${OF_BUCKET} AND object_id > ? ORDER BY object_id LIMIT ?`,
        bucket,
        after,
        limit,
      )
      .map(toObject);
  }

  async listUpdates(bucket: string, statePrefix: string, after: string, limit: number) {
    return this.#reader
      .all(
        `SELECT object_id, updated FROM ledger_object WHERE ${OF_BUCKET} AND object_id > ? AND updated IS NOT NULL
           AND substr(state, 1, length(?)) = ? ORDER BY object_id LIMIT ?`,
        bucket,
        after,
        statePrefix,
        statePrefix,
        limit,
      )
      .map((row) => ({ id: String(row["object_id"]), updated: String(row["updated"]) }));
  }

  async setFields(bucket: string, fields: BucketFields): Promise<void> {
    await this.#writer.call("setFields", { bucket, fields });
  }

  async getFields(bucket: string): Promise<BucketFields> {
    const row = this.#reader.get("SELECT fields FROM bucket WHERE name = ?", bucket);
    return row === undefined ? {} : (JSON.parse(String(row["fields"])) as BucketFields); // written by set-fields.ts alone
  }

  async listShrunk(dataSource: string) {
    return this.#reader
      .all(
        `SELECT name, blueprint, identifier FROM unclaimed JOIN bucket ON bucket.id = unclaimed.bucket_id
         WHERE name GLOB ? AND ${CLAIMED} AND NOT EXISTS (
           SELECT 1 FROM claim WHERE claim.blueprint = unclaimed.blueprint
             AND claim.identifier = unclaimed.identifier AND claim.bucket_id = unclaimed.bucket_id)`,
        dataSourcePattern(dataSource),
      )
      .map((row) => ({ entity: toKey(row), bucket: String(row["name"]) }));
  }

  async listClaims(entities: readonly EntityKey[]): Promise<readonly Claim[]> {
    return entities.flatMap((entity) =>
      this.#reader
        .all(
          `SELECT name, object_id FROM claim JOIN bucket ON bucket.id = claim.bucket_id
           WHERE blueprint = ? AND identifier = ?`,
          entity.blueprint,
          entity.identifier,
        )
        .map((row) => ({ entity, bucket: String(row["name"]), objectId: String(row["object_id"]) })),
    );
  }

  countEntities(bucket: string): Promise<number> {
    return this.#writer.call("countClaimed", { bucket, what: "entities" });
  }

  async listSeen(bucket: string, runId: string): Promise<readonly string[]> {
    return this.#reader
      .all(`SELECT object_ids FROM seen_page WHERE run_id = ? AND ${OF_BUCKET}`, runId, bucket)
      .flatMap((row) => JSON.parse(String(row["object_ids"])) as string[]);
  }

  countObjects(bucket: string): Promise<number> {
    return this.#writer.call("countClaimed", { bucket, what: "objects" });
  }

  async recordPage(page: LedgerPage): Promise<void> {
    // Entries come from raw objects, whose bodies are functions; only what is stored may travel to the writer.
    const entries = page.entries.map(({ ref: { id, key, updated }, state, entities, created }) => ({
      ref: { id, ...(key !== undefined && { key }), ...(updated !== undefined && { updated }) },
      state,
      entities: entities.map(({ blueprint, identifier }) => ({ blueprint, identifier })),
      ...(created !== undefined && { created }),
    }));
    await this.#writer.call("recordPage", { ...page, entries });
  }

  listUnseen(bucket: string, runId: string, attempt: number): Promise<readonly RawObjectRef[]> {
    return this.#writer.call("listUnseen", { bucket, runId, attempt });
  }

  async dropObjects(bucket: string, ids: readonly string[], plan?: NewRemovalPlan): Promise<void> {
    await this.#writer.call("dropObjects", { bucket, ids, plan });
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
    // Held for one bucket means held, whatever other buckets let go of.
    return this.#reader
      .all(
        `SELECT blueprint, identifier FROM unclaimed WHERE ${OF_DATA_SOURCE} AND NOT ${CLAIMED}
         GROUP BY blueprint, identifier HAVING max(${HELD}) = 0`,
        dataSourcePattern(dataSource),
      )
      .map(toKey);
  }

  async countUnclaimed(dataSource: string): Promise<ReadonlyMap<string, number>> {
    const rows = this.#reader.all(
      `SELECT name, count(*) AS count FROM unclaimed JOIN bucket ON bucket.id = unclaimed.bucket_id
       WHERE name GLOB ? AND plan_id IS NULL AND NOT ${CLAIMED} GROUP BY name`,
      dataSourcePattern(dataSource),
    );
    return new Map(rows.map((row) => [String(row["name"]), Number(row["count"])]));
  }

  async holdUnclaimed(plan: NewRemovalPlan): Promise<void> {
    await this.#writer.call("holdUnclaimed", { plan });
  }

  async settleUnclaimed(dataSource: string, keys: readonly EntityKey[]): Promise<void> {
    await this.#writer.call("settleUnclaimed", { dataSource, keys });
  }

  async forgetStates(keys: readonly EntityKey[], buckets?: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#writer.call("forgetStates", { keys, buckets });
  }

  async forgetSeen(runId: string): Promise<void> {
    await this.#writer.call("forgetSeen", { runId });
  }

  async listCreated(dataSource: string): Promise<readonly EntityKey[]> {
    return this.#reader
      .all(`SELECT blueprint, identifier FROM creation WHERE ${OF_DATA_SOURCE}`, dataSourcePattern(dataSource))
      .map(toKey);
  }

  async forgetAll(dataSource: string): Promise<void> {
    await this.#writer.call("forgetAll", { dataSource });
  }
}

function toObject(row: SqlRow): LedgerObject {
  const pairs = JSON.parse(String(row["entities"])) as [string, string][]; // written by record-page.ts alone
  return {
    id: String(row["object_id"]),
    key: row["key"] === null ? undefined : String(row["key"]),
    updated: row["updated"] === null ? undefined : String(row["updated"]),
    state: row["state"] === null ? null : String(row["state"]),
    entities: pairs.map(([blueprint, identifier]) => ({ blueprint, identifier })),
  };
}

function toKey(row: SqlRow): EntityKey {
  return { blueprint: String(row["blueprint"]), identifier: String(row["identifier"]) };
}
