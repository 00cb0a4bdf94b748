import type { EntityKey } from "../../model/entity.ts";
import type { RawObjectRef } from "../../model/raw-object.ts";
import type { BucketFields, Claim, LedgerObject, LedgerPage, LedgerStore } from "../ledger-store.ts";
import type { NewRemovalPlan } from "../plan-store.ts";
import { toBucketId } from "./bucket-id.ts";
import { CLAIMED, HELD } from "./claimed.ts";
import type { Database } from "./database.ts";
import { dropObjects, insertPlan, type Pairs } from "./drop-claims.ts";
import { recordPage } from "./record-page.ts";
import { raw, sql, type Sql } from "./sql.ts";

interface Stored {
  readonly object_id: string;
  readonly key: string | null;
  readonly updated: string | null;
  readonly state: string | null;
  readonly entities: Pairs;
}

const OBJECT = raw("object_id, key, updated, state, entities");

export class PostgresLedgerStore implements LedgerStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async findObjects(bucket: string, ids: readonly string[]): Promise<ReadonlyMap<string, LedgerObject>> {
    const rows = await this.#db.all<Stored>(sql`
      SELECT ${OBJECT} FROM ledger_object WHERE ${ofBucket(bucket)} AND object_id = ANY (${ids}::text[])
      ORDER BY object_id`);
    return new Map(rows.map((row) => [row.object_id, toObject(row)]));
  }

  async listObjects(bucket: string, after: string, limit: number): Promise<readonly LedgerObject[]> {
    const rows = await this.#db.all<Stored>(sql`
      SELECT ${OBJECT} FROM ledger_object WHERE ${ofBucket(bucket)} AND object_id > ${after}
      ORDER BY object_id LIMIT ${limit}`);
    return rows.map(toObject);
  }

  listUpdates(bucket: string, statePrefix: string, after: string, limit: number) {
    return this.#db.all<{ id: string; updated: string }>(sql`
      SELECT object_id AS id, updated FROM ledger_object WHERE ${ofBucket(bucket)} AND object_id > ${after}
        AND updated IS NOT NULL AND starts_with(state, ${statePrefix}) ORDER BY object_id LIMIT ${limit}`);
  }

  async countObjects(bucket: string): Promise<number> {
    return this.#count(sql`SELECT count(*) FROM ledger_object WHERE ${ofBucket(bucket)}`);
  }

  async listClaims(entities: readonly EntityKey[]): Promise<readonly Claim[]> {
    const rows = await this.#db.all<EntityKey & { bucket: string; object_id: string }>(sql`
      SELECT blueprint, identifier, bucket.name AS bucket, object_id
      FROM ${toKeys(entities)} JOIN claim USING (blueprint, identifier) JOIN bucket ON bucket.id = claim.bucket_id
      ORDER BY given.place, bucket_id, object_id`);
    return rows.map(({ blueprint, identifier, bucket, object_id: objectId }) => {
      return { entity: { blueprint, identifier }, bucket, objectId };
    });
  }

  countEntities(bucket: string): Promise<number> {
    return this.#count(sql`
      SELECT count(*) FROM (SELECT DISTINCT blueprint, identifier FROM claim WHERE ${ofBucket(bucket)}) AS entity`);
  }

  async setFields(bucket: string, fields: BucketFields): Promise<void> {
    await this.#db.run(sql`
      INSERT INTO bucket (name, fields) VALUES (${bucket}, ${JSON.stringify(fields)})
      ON CONFLICT (name) DO UPDATE SET fields = excluded.fields`);
  }

  async getFields(bucket: string): Promise<BucketFields> {
    const row = await this.#db.get<{ fields: BucketFields }>(sql`SELECT fields FROM bucket WHERE name = ${bucket}`);
    return row?.fields ?? {};
  }

  async listShrunk(dataSource: string) {
    const rows = await this.#db.all<EntityKey & { bucket: string }>(sql`
      SELECT bucket.name AS bucket, blueprint, identifier FROM unclaimed JOIN bucket ON bucket.id = unclaimed.bucket_id
      WHERE ${isOf(dataSource)} AND ${CLAIMED} AND NOT EXISTS (
        SELECT 1 FROM claim WHERE claim.blueprint = unclaimed.blueprint
          AND claim.identifier = unclaimed.identifier AND claim.bucket_id = unclaimed.bucket_id)
      ORDER BY bucket_id, blueprint, identifier`);
    return rows.map(({ bucket, blueprint, identifier }) => ({ entity: { blueprint, identifier }, bucket }));
  }

  recordPage(page: LedgerPage): Promise<void> {
    return this.#db.transaction((tx) => recordPage(tx, page));
  }

  async listSeen(bucket: string, runId: string): Promise<readonly string[]> {
    const rows = await this.#db.all<{ object_ids: readonly string[] }>(
      sql`SELECT object_ids FROM seen_page WHERE run_id = ${runId} AND ${ofBucket(bucket)} ORDER BY seq`,
    );
    return rows.flatMap((row) => row.object_ids);
  }

  async listUnseen(bucket: string, runId: string, attempt: number): Promise<readonly RawObjectRef[]> {
    const rows = await this.#db.all<Pick<Stored, "object_id" | "key">>(sql`
      WITH seen AS (
        SELECT unnest(object_ids) AS object_id FROM seen_page
        WHERE run_id = ${runId} AND attempt = ${attempt} AND ${ofBucket(bucket)}
      )
      SELECT object_id, key FROM ledger_object WHERE ${ofBucket(bucket)}
        AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.object_id = ledger_object.object_id)
      ORDER BY object_id`);
    return rows.map(({ object_id: id, key }) => ({ id, ...(key !== null && { key }) }));
  }

  async dropObjects(bucket: string, ids: readonly string[], plan?: NewRemovalPlan): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await dropObjects(tx, await toBucketId(tx, bucket), { ids, ...(plan !== undefined && { planId: plan.id }) });
      if (plan !== undefined) await insertPlan(tx, plan);
    });
  }

  async listBuckets(dataSource: string): Promise<readonly string[]> {
    const rows = await this.#db.all<{ name: string }>(
      sql`SELECT name FROM bucket WHERE ${isOf(dataSource)} ORDER BY id`,
    );
    return rows.map((row) => row.name);
  }

  /** The bucket's name stays, because what it claimed may still wait to be settled. */
  dropBucket(bucket: string): Promise<number> {
    return this.#db.transaction(async (tx) => dropObjects(tx, await toBucketId(tx, bucket)));
  }

  listUnclaimed(dataSource: string): Promise<readonly EntityKey[]> {
    // Held for one bucket means held, whatever other buckets let go of.
    return this.#db.all<EntityKey>(sql`
      SELECT blueprint, identifier FROM unclaimed WHERE ${inBucketsOf(dataSource)} AND NOT ${CLAIMED}
      GROUP BY blueprint, identifier HAVING NOT bool_or(${HELD}) ORDER BY blueprint, identifier`);
  }

  async countUnclaimed(dataSource: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#db.all<{ name: string; count: number }>(sql`
      SELECT name, count(*) FROM unclaimed JOIN bucket ON bucket.id = unclaimed.bucket_id
      WHERE ${isOf(dataSource)} AND plan_id IS NULL AND NOT ${CLAIMED} GROUP BY name`);
    return new Map(rows.map(({ name, count }) => [name, count]));
  }

  async holdUnclaimed(plan: NewRemovalPlan): Promise<void> {
    await this.#db.transaction(async (tx) => {
      const bucketId = await toBucketId(tx, plan.bucket);
      await tx.run(sql`
        UPDATE unclaimed SET plan_id = ${plan.id}
        WHERE bucket_id = ${bucketId} AND plan_id IS NULL AND NOT ${CLAIMED}`);
      await insertPlan(tx, plan);
    });
  }

  async settleUnclaimed(dataSource: string, keys: readonly EntityKey[]): Promise<void> {
    await this.#db.transaction(async (tx) => {
      for (const table of [raw("unclaimed"), raw("creation")]) {
        await tx.run(sql`
          DELETE FROM ${table} WHERE ${inBucketsOf(dataSource)}
            AND (blueprint, identifier) IN (SELECT blueprint, identifier FROM ${toKeys(keys)})`);
      }
      await tx.run(sql`DELETE FROM unclaimed WHERE ${inBucketsOf(dataSource)} AND ${CLAIMED}`);
      await tx.run(sql`
        UPDATE removal_plan SET status = CASE status WHEN 'approved' THEN 'done' ELSE 'superseded' END
        WHERE data_source = ${dataSource} AND status IN ('held', 'approved')
          AND NOT EXISTS (SELECT 1 FROM unclaimed WHERE plan_id = removal_plan.id)`);
    });
  }

  async forgetStates(keys: readonly EntityKey[], buckets?: readonly string[]): Promise<void> {
    const named = buckets === undefined ? sql`true` : sql`bucket.name = ANY (${buckets}::text[])`;
    await this.#db.transaction((tx) =>
      tx.run(sql`
        UPDATE ledger_object SET state = NULL
        FROM ${toKeys(keys)} JOIN claim USING (blueprint, identifier) JOIN bucket ON bucket.id = claim.bucket_id
        WHERE ledger_object.bucket_id = claim.bucket_id AND ledger_object.object_id = claim.object_id AND ${named}`),
    );
  }

  async forgetSeen(runId: string): Promise<void> {
    await this.#db.run(sql`DELETE FROM seen_page WHERE run_id = ${runId}`);
  }

  listCreated(dataSource: string): Promise<readonly EntityKey[]> {
    return this.#db.all<EntityKey>(sql`
      SELECT blueprint, identifier FROM creation WHERE ${inBucketsOf(dataSource)} ORDER BY blueprint, identifier`);
  }

  /** Runs and plans stay as the history of the data source. */
  async forgetAll(dataSource: string): Promise<void> {
    await this.#db.transaction(async (tx) => {
      for (const table of ["claim", "unclaimed", "creation", "seen_page", "ledger_object"]) {
        await tx.run(sql`DELETE FROM ${raw(table)} WHERE ${inBucketsOf(dataSource)}`);
      }
      await tx.run(sql`
        UPDATE removal_plan SET status = 'superseded'
        WHERE data_source = ${dataSource} AND status IN ('held', 'approved')`);
    });
  }

  async #count(statement: Sql): Promise<number> {
    return (await this.#db.get<{ count: number }>(statement))?.count ?? 0;
  }
}

function ofBucket(name: string): Sql {
  return sql`bucket_id = (SELECT id FROM bucket WHERE name = ${name})`;
}

/** Of a row of `bucket`: its name is `<data source>#<kind>/<index>`. */
function isOf(dataSource: string): Sql {
  return sql`starts_with(bucket.name, ${`${dataSource}#`})`;
}

function inBucketsOf(dataSource: string): Sql {
  return sql`bucket_id IN (SELECT id FROM bucket WHERE ${isOf(dataSource)})`;
}

function toKeys(entities: readonly EntityKey[]): Sql {
  return sql`unnest(${entities.map(({ blueprint }) => blueprint)}::text[],
    ${entities.map(({ identifier }) => identifier)}::text[]) WITH ORDINALITY AS given (blueprint, identifier, place)`;
}

function toObject({ object_id: id, key, updated, state, entities }: Stored): LedgerObject {
  return {
    id,
    key: key ?? undefined,
    updated: updated ?? undefined,
    state,
    entities: entities.map(([blueprint, identifier]) => ({ blueprint, identifier })),
  };
}
