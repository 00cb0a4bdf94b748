import type { EntityKey } from "../../model/entity.ts";
import type { LedgerEntry, LedgerPage } from "../ledger-store.ts";
import { toBucketId } from "./bucket-id.ts";
import type { Queries } from "./database.ts";
import { dropClaims, type ClaimedBy, type Pairs } from "./drop-claims.ts";
import { sql } from "./sql.ts";

/** A page of the ledger: rows, claims, what lost its last claim, and the ids seen. */
export async function recordPage(tx: Queries, page: LedgerPage): Promise<void> {
  const bucketId = await toBucketId(tx, page.bucket);
  if (page.entries.length > 0) await writeEntries(tx, bucketId, page.entries);
  const ids = [...page.entries.map((entry) => entry.ref.id), ...page.seen];
  await tx.run(sql`
    INSERT INTO seen_page (run_id, attempt, bucket_id, object_ids)
    VALUES (${page.runId}, ${page.attempt}, ${bucketId}, ${ids})`);
}

async function writeEntries(tx: Queries, bucketId: number, entries: readonly LedgerEntry[]): Promise<void> {
  const ids = entries.map((entry) => entry.ref.id);
  const stored = await tx.all<{ object_id: string; entities: Pairs }>(sql`
    SELECT object_id, entities FROM ledger_object WHERE bucket_id = ${bucketId} AND object_id = ANY (${ids}::text[])
    ORDER BY object_id FOR UPDATE`);
  const claimed = new Map(stored.map((row) => [row.object_id, row.entities]));
  const [dropped, made]: [ClaimedBy[], ClaimedBy[]] = [[], []];
  const last = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const { id } = entry.ref;
    const [before, after] = [claimed.get(id) ?? [], toPairs(entry.entities)];
    dropped.push(...without(before, after).map((entity) => ({ objectId: id, entity })));
    made.push(...without(after, before).map((entity) => ({ objectId: id, entity })));
    claimed.set(id, after);
    last.set(id, entry);
  }
  await noteCreations(tx, bucketId, entries);
  await writeObjects(tx, bucketId, [...last.values()]);
  await dropClaims(tx, bucketId, dropped);
  // Of an object that the page has twice, what its last entry says.
  const kept = made.filter(({ objectId, entity }) => without([entity], claimed.get(objectId) ?? []).length === 0);
  await tx.run(sql`
    INSERT INTO claim SELECT blueprint, identifier, ${bucketId}, object_id
    FROM unnest(${kept.map(({ entity }) => entity[0])}::text[], ${kept.map(({ entity }) => entity[1])}::text[],
      ${kept.map(({ objectId }) => objectId)}::text[]) AS new (blueprint, identifier, object_id)
    ON CONFLICT DO NOTHING`);
}

async function writeObjects(tx: Queries, bucketId: number, entries: readonly LedgerEntry[]): Promise<void> {
  await tx.run(sql`
    INSERT INTO ledger_object (bucket_id, object_id, key, updated, state, entities)
    SELECT ${bucketId}::integer, * FROM unnest(${entries.map(({ ref }) => ref.id)}::text[],
      ${entries.map(({ ref }) => ref.key ?? null)}::text[], ${entries.map(({ ref }) => ref.updated ?? null)}::text[],
      ${entries.map(({ state }) => state)}::text[],
      ${entries.map(({ entities }) => JSON.stringify(toPairs(entities)))}::json[])
    ON CONFLICT (bucket_id, object_id) DO UPDATE SET key = excluded.key, updated = excluded.updated,
      state = excluded.state, entities = excluded.entities`);
}

/** What others claim and yet had to be created was removed by somebody: they have to write their part again. */
async function noteCreations(tx: Queries, bucketId: number, entries: readonly LedgerEntry[]): Promise<void> {
  const created = entries.flatMap(({ ref, created = [] }) => created.map((entity) => ({ ...entity, id: ref.id })));
  if (created.length === 0) return;
  const keys = sql`unnest(${created.map(({ blueprint }) => blueprint)}::text[],
    ${created.map(({ identifier }) => identifier)}::text[], ${created.map(({ id }) => id)}::text[])
    AS new (blueprint, identifier, object_id)`;
  await tx.run(sql`
    INSERT INTO creation SELECT blueprint, identifier, ${bucketId} FROM ${keys} ON CONFLICT DO NOTHING`);
  await tx.run(sql`
    UPDATE ledger_object SET state = NULL FROM claim JOIN ${keys} USING (blueprint, identifier)
    WHERE ledger_object.bucket_id = claim.bucket_id AND ledger_object.object_id = claim.object_id
      AND (claim.bucket_id, claim.object_id) <> (${bucketId}, new.object_id)`);
}

function toPairs(entities: readonly EntityKey[]): Pairs {
  const unique = new Map(
    entities.map(({ blueprint, identifier }) => [`${blueprint}\n${identifier}`, [blueprint, identifier] as const]),
  );
  return [...unique.values()];
}

function without(pairs: Pairs, others: Pairs): Pairs {
  return pairs.filter(
    ([blueprint, identifier]) => !others.some((other) => other[0] === blueprint && other[1] === identifier),
  );
}
