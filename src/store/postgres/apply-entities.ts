import type { EntityPlan, EntityRef, PlannedRow, WriteOrigin } from "../entity-store.ts";
import { must } from "../../runtime/errors.ts";
import { addChanges, ENTITY_DOCUMENT, type NewChange } from "./add-changes.ts";
import { toSqlState, type Queries } from "./database.ts";
import { raw, sql } from "./sql.ts";

/** The transaction is rolled back; the caller of EntityStore.apply hears `false`. */
export class StalePlan extends Error {}

interface LockedEntity {
  readonly id: number;
  readonly blueprint_id: number;
  readonly identifier: string;
  readonly version: number;
  /** As it was, in JSON. */
  readonly before: string;
}

/**
 * All of a plan or nothing of it: see EntityStore.apply. Each step is one statement, whatever the number of rows.
 *
 * Who writes at the same time waits for the locks that are taken here, and then sees what was written. Locks are taken
 * in one order, so that nobody waits for whom it keeps waiting: blueprints, entities that exist by their number, new ones
 * by their name, what edges point at, the feed. Only plans that remove or rename can still meet crosswise; PostgreSQL
 * notices, and Database runs one of them again.
 */
export async function applyEntities(
  tx: Queries,
  plan: EntityPlan,
  origin: WriteOrigin,
  instanceId: string,
): Promise<void> {
  const blueprints = await lockBlueprints(tx, plan);
  const existing = await lockExisting(tx, plan);
  await removeRows(
    tx,
    plan.removals.map((removal) => existing.get(removal).id),
  );
  await renameRows(tx, plan.rows, existing);
  const created = await insertRows(tx, plan.rows, origin);
  await updateRows(tx, plan.rows, existing, origin);
  const ids = plan.rows.map((row) => (row.expectedVersion === null ? created : existing).get(toBefore(row)).id);
  await writeEdges(tx, plan.rows, ids);
  await writePending(tx, plan.rows, ids);
  await assertUnreferenced(tx, plan, ids, existing);
  const toChange = (action: NewChange["action"], { blueprintId, identifier }: EntityRef): NewChange => ({
    subject: "entity",
    action,
    blueprint: blueprints.get(blueprintId) ?? "",
    identifier,
    before: action === "created" ? null : existing.get({ blueprintId, identifier }).before,
  });
  const changes = plan.rows.flatMap((row) => {
    if (row.previousIdentifier !== undefined) return [toChange("deleted", toBefore(row)), toChange("created", row)];
    return [toChange(row.expectedVersion === null ? "created" : "updated", row)];
  });
  const removed = plan.removals.map((removal) => toChange("deleted", removal));
  await addChanges(tx, [...changes, ...removed], origin, instanceId);
}

/** Rows by what names them. */
class Found<Row extends { readonly blueprint_id: number; readonly identifier: string }> {
  readonly #rows: ReadonlyMap<string, Row>;

  constructor(rows: readonly Row[]) {
    this.#rows = new Map(
      rows.map((row) => [toText({ blueprintId: row.blueprint_id, identifier: row.identifier }), row]),
    );
  }

  /** Throws StalePlan. */
  get(ref: EntityRef): Row {
    const row = this.#rows.get(toText(ref));
    if (row === undefined) throw new StalePlan();
    return row;
  }
}

function toText({ blueprintId, identifier }: EntityRef): string {
  return `${blueprintId}/${identifier}`;
}

/** What named the entity until now. */
function toBefore({ blueprintId, identifier, previousIdentifier }: PlannedRow): EntityRef {
  return { blueprintId, identifier: previousIdentifier ?? identifier };
}

/** Nobody changes or removes them until the commit. Returns their identifiers. */
async function lockBlueprints(
  tx: Queries,
  { blueprints, rows, removals }: EntityPlan,
): Promise<ReadonlyMap<number, string>> {
  const ids = new Set([...blueprints.map(({ id }) => id), ...[...rows, ...removals].map((row) => row.blueprintId)]);
  const found = await tx.all<{ id: number; identifier: string; version: number }>(
    sql`SELECT id, identifier, version FROM blueprint WHERE id = ANY (${[...ids]}::integer[]) ORDER BY id FOR SHARE`,
  );
  const versions = new Map(found.map(({ id, version }) => [id, version]));
  if (versions.size < ids.size || blueprints.some(({ id, version }) => versions.get(id) !== version)) {
    throw new StalePlan();
  }
  return new Map(found.map(({ id, identifier }) => [id, identifier]));
}

async function lockExisting(tx: Queries, { rows, removals }: EntityPlan): Promise<Found<LockedEntity>> {
  const updates = rows.flatMap((row) =>
    row.expectedVersion === null ? [] : [{ ...toBefore(row), expectedVersion: row.expectedVersion }],
  );
  const wanted = [...updates, ...removals];
  if (wanted.length === 0) return new Found<LockedEntity>([]);
  // An entity that goes, or goes by another name, must not become the target of an edge meanwhile.
  const isKeyKept = removals.length === 0 && rows.every((row) => row.previousIdentifier === undefined);
  const found = new Found(
    await tx.all<LockedEntity>(sql`
      SELECT id, blueprint_id, identifier, version, ${ENTITY_DOCUMENT}::text AS before
      FROM entity JOIN ${toNames(wanted)} USING (blueprint_id, identifier)
      ORDER BY id ${raw(isKeyKept ? "FOR NO KEY UPDATE" : "FOR UPDATE")} OF entity`),
  );
  for (const each of wanted) {
    if (found.get(each).version !== each.expectedVersion) throw new StalePlan();
  }
  return found;
}

function toNames(refs: readonly EntityRef[]) {
  return sql`unnest(${refs.map((ref) => ref.blueprintId)}::integer[], ${refs.map((ref) => ref.identifier)}::text[])
    AS name (blueprint_id, identifier)`;
}

async function removeRows(tx: Queries, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.run(sql`DELETE FROM edge WHERE source_id = ANY (${ids}::bigint[])`);
  await tx.run(sql`DELETE FROM pending_edge WHERE source_id = ANY (${ids}::bigint[])`);
  await tx.run(sql`DELETE FROM entity WHERE id = ANY (${ids}::bigint[])`);
}

async function renameRows(tx: Queries, rows: readonly PlannedRow[], existing: Found<LockedEntity>): Promise<void> {
  const renamed = rows.filter((row) => row.previousIdentifier !== undefined);
  if (renamed.length === 0) return;
  const ids = renamed.map((row) => existing.get(toBefore(row)).id);
  try {
    await tx.run(sql`
      UPDATE entity SET identifier = new.identifier
      FROM unnest(${ids}::bigint[], ${renamed.map((row) => row.identifier)}::text[]) AS new (id, identifier)
      WHERE entity.id = new.id`);
  } catch (error) {
    if (toSqlState(error) === "23505") throw new StalePlan(); // unique_violation: the name is taken
    throw error;
  }
}

const CONTENT = raw(
  "title text, icon text, team jsonb, properties jsonb, computed jsonb, relations jsonb, is_stub boolean",
);

/** U+0000, and halves of pairs: as JSON.stringify escapes them, not behind a backslash that is escaped itself. */
const NOT_HELD = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][\da-f]{2})/g;

/** Texts of jsonb hold no U+0000 and no half of a pair; the replacement character stands for them. */
function toJsonb(documents: readonly string[]): string {
  const text = `[${documents.join(",")}]`;
  return text.includes("\\u") ? text.replaceAll(NOT_HELD, "$1\\ufffd") : text;
}

/** What a plan has as JSON stays as it is. */
function toContent(row: PlannedRow): string {
  const { title, icon, team, properties, computed, relations, isStub } = row;
  return (
    `"title":${JSON.stringify(title)},"icon":${JSON.stringify(icon)},"team":${team},"properties":${properties},` +
    `"computed":${computed},"relations":${relations},"is_stub":${isStub}`
  );
}

async function insertRows(tx: Queries, all: readonly PlannedRow[], origin: WriteOrigin) {
  const rows = all.filter((row) => row.expectedVersion === null);
  const { dataSource, actor, atMs } = origin;
  const documents = rows.map(
    (row) => `{"blueprint_id":${row.blueprintId},"identifier":${JSON.stringify(row.identifier)},${toContent(row)}}`,
  );
  const created =
    rows.length === 0
      ? []
      : await tx.all<Pick<LockedEntity, "id" | "blueprint_id" | "identifier">>(sql`
          INSERT INTO entity (id, blueprint_id, identifier, title, icon, team, properties, computed, relations, is_stub,
            version, data_source, created_at, created_by, updated_at, updated_by)
          SELECT new.*, 1, ${dataSource}::text, ${atMs}::bigint, ${actor}::text, ${atMs}::bigint, ${actor}::text
          FROM (
            SELECT nextval('entity_id'), given.* FROM jsonb_to_recordset(${toJsonb(documents)}::jsonb)
              AS given (blueprint_id integer, identifier text, ${CONTENT})
          ) AS new
          ORDER BY new.blueprint_id, new.identifier COLLATE "C"
          ON CONFLICT DO NOTHING RETURNING id, blueprint_id, identifier`);
  if (created.length < rows.length) throw new StalePlan();
  return new Found(created);
}

async function updateRows(
  tx: Queries,
  all: readonly PlannedRow[],
  existing: Found<LockedEntity>,
  { dataSource, actor, atMs }: WriteOrigin,
): Promise<void> {
  const rows = all.filter((row) => row.expectedVersion !== null);
  if (rows.length === 0) return;
  const documents = rows.map(
    (row) => `{"id":${existing.get(toBefore(row)).id},"keeps_author":${row.keepsAuthor},${toContent(row)}}`,
  );
  await tx.run(sql`
    UPDATE entity SET title = new.title, icon = new.icon, team = new.team, properties = new.properties,
      computed = new.computed, relations = new.relations, is_stub = new.is_stub, version = version + 1,
      data_source = CASE WHEN keeps_author THEN data_source ELSE ${dataSource} END,
      updated_at = CASE WHEN keeps_author THEN updated_at ELSE ${atMs} END,
      updated_by = CASE WHEN keeps_author THEN updated_by ELSE ${actor} END
    FROM jsonb_to_recordset(${toJsonb(documents)}::jsonb) AS new (id bigint, keeps_author boolean, ${CONTENT})
    WHERE entity.id = new.id`);
}

/** Runs after all rows of the plan are there, so that they may point at each other. */
async function writeEdges(tx: Queries, rows: readonly PlannedRow[], ids: readonly number[]): Promise<void> {
  const targets = new Map<string, EntityRef>();
  for (const { targetBlueprintId: blueprintId, target: identifier } of rows.flatMap((row) => row.edges ?? [])) {
    targets.set(toText({ blueprintId, identifier }), { blueprintId, identifier });
  }
  const found = new Found(targets.size === 0 ? [] : await lockTargets(tx, [...targets.values()]));
  const edges = rows.flatMap((row, index) =>
    (row.edges ?? []).map(({ relation, targetBlueprintId: blueprintId, target: identifier }) => ({
      source: must(ids[index], "every row has an id"),
      relation,
      target: found.get({ blueprintId, identifier }).id,
    })),
  );
  await deleteOf(tx, "edge", (row) => row.edges !== undefined, rows, ids);
  if (edges.length === 0) return;
  await tx.run(sql`
    INSERT INTO edge SELECT * FROM unnest(${edges.map(({ source }) => source)}::bigint[],
      ${edges.map(({ relation }) => relation)}::text[], ${edges.map(({ target }) => target)}::bigint[])`);
}

/** None of them goes, or goes by another name, until the commit. */
function lockTargets(tx: Queries, targets: readonly EntityRef[]) {
  return tx.all<Pick<LockedEntity, "id" | "blueprint_id" | "identifier">>(sql`
    SELECT id, blueprint_id, identifier FROM entity JOIN ${toNames(targets)} USING (blueprint_id, identifier)
    ORDER BY id FOR KEY SHARE OF entity`);
}

async function writePending(tx: Queries, rows: readonly PlannedRow[], ids: readonly number[]): Promise<void> {
  await deleteOf(tx, "pending_edge", (row) => row.pending !== undefined, rows, ids);
  const pending = rows.flatMap((row, index) =>
    (row.pending ?? []).map((edge) => ({ ...edge, source: must(ids[index], "every row has an id") })),
  );
  if (pending.length === 0) return;
  await tx.run(sql`
    INSERT INTO pending_edge SELECT * FROM unnest(${pending.map(({ source }) => source)}::bigint[],
      ${pending.map(({ relation }) => relation)}::text[],
      ${pending.map(({ targetBlueprintId }) => targetBlueprintId)}::integer[],
      ${pending.map(({ target }) => target)}::text[], ${pending.map(({ position }) => position)}::integer[])`);
}

/** Deletes what rows that exist had, where it is set anew. */
async function deleteOf(
  tx: Queries,
  table: "edge" | "pending_edge",
  isSet: (row: PlannedRow) => boolean,
  rows: readonly PlannedRow[],
  ids: readonly number[],
): Promise<void> {
  const old = ids.filter((_, index) => {
    const row = rows[index];
    return row !== undefined && row.expectedVersion !== null && isSet(row);
  });
  if (old.length > 0) await tx.run(sql`DELETE FROM ${raw(table)} WHERE source_id = ANY (${old}::bigint[])`);
}

/** Nothing points at what went; and at what got another name, only rows of the plan that know it by that. */
async function assertUnreferenced(
  tx: Queries,
  { rows, removals }: EntityPlan,
  ids: readonly number[],
  existing: Found<LockedEntity>,
): Promise<void> {
  const removed = removals.map((removal) => existing.get(removal).id);
  const renamed = ids.filter((_, index) => rows[index]?.previousIdentifier !== undefined);
  if (removed.length + renamed.length === 0) return;
  const rewritten = ids.filter((_, index) => rows[index]?.edges !== undefined);
  const edge = await tx.get(sql`
    SELECT 1 FROM edge WHERE target_id = ANY (${removed}::bigint[])
      OR target_id = ANY (${renamed}::bigint[]) AND source_id <> ALL (${rewritten}::bigint[]) LIMIT 1`);
  if (edge !== undefined) throw new StalePlan();
}
