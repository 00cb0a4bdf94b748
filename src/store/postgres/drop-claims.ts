import type { NewRemovalPlan } from "../plan-store.ts";
import { CLAIMED } from "./claimed.ts";
import type { Queries } from "./database.ts";
import { sql } from "./sql.ts";

/** Entities of one object as stored: each pair once. */
export type Pairs = readonly (readonly [blueprint: string, identifier: string])[];

export interface ClaimedBy {
  readonly objectId: string;
  readonly entity: Pairs[number];
}

/** Takes claims back; what was claimed waits in `unclaimed` until somebody asks whether anyone else does. */
export async function dropClaims(
  tx: Queries,
  bucketId: number,
  claims: readonly ClaimedBy[],
  planId: string | null = null,
): Promise<void> {
  if (claims.length === 0) return;
  const keys = sql`unnest(${claims.map(({ entity }) => entity[0])}::text[],
    ${claims.map(({ entity }) => entity[1])}::text[], ${claims.map(({ objectId }) => objectId)}::text[])
    AS old (blueprint, identifier, object_id)`;
  await tx.run(sql`
    DELETE FROM claim USING ${keys} WHERE claim.bucket_id = ${bucketId} AND claim.blueprint = old.blueprint
      AND claim.identifier = old.identifier AND claim.object_id = old.object_id`);
  await tx.run(sql`
    INSERT INTO unclaimed SELECT ${bucketId}, blueprint, identifier, ${planId}::text FROM ${keys} ON CONFLICT DO NOTHING`);
}

/** Drops objects of a bucket, named or all; returns how many there were. */
export async function dropObjects(
  tx: Queries,
  bucketId: number,
  { ids, planId }: { readonly ids?: readonly string[]; readonly planId?: string } = {},
): Promise<number> {
  const named = ids === undefined ? sql`true` : sql`object_id = ANY (${ids}::text[])`;
  const objects = await tx.all<{ object_id: string; entities: Pairs }>(
    sql`DELETE FROM ledger_object WHERE bucket_id = ${bucketId} AND ${named} RETURNING object_id, entities`,
  );
  const claims = objects.flatMap((row) => row.entities.map((entity) => ({ objectId: row.object_id, entity })));
  await dropClaims(tx, bucketId, claims, planId);
  return objects.length;
}

/** Writes a plan down, with the number of what it holds; what is claimed by others it lets go of. */
export async function insertPlan(tx: Queries, plan: NewRemovalPlan): Promise<void> {
  await tx.run(sql`UPDATE unclaimed SET plan_id = NULL WHERE plan_id = ${plan.id} AND ${CLAIMED}`);
  const held = await tx.get<{ count: number }>(sql`SELECT count(*) FROM unclaimed WHERE plan_id = ${plan.id}`);
  const entities = held?.count ?? 0;
  if (entities === 0) return;
  await tx.run(sql`
    INSERT INTO removal_plan (id, data_source, status, document)
    VALUES (${plan.id}, ${plan.dataSource}, 'held', ${JSON.stringify({ ...plan, entities })})`);
}
