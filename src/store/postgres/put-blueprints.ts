import { ConflictError } from "../../runtime/errors.ts";
import type { BlueprintPut } from "../blueprint-store.ts";
import type { WriteOrigin } from "../entity-store.ts";
import { addChanges, type NewChange } from "./add-changes.ts";
import type { Queries } from "./database.ts";
import { raw, sql } from "./sql.ts";

/** All of them or none: see BlueprintStore.put. */
export async function putBlueprints(
  tx: Queries,
  blueprints: readonly BlueprintPut[],
  origin: WriteOrigin,
  instanceId: string,
): Promise<void> {
  const changes: NewChange[] = [];
  for (const blueprint of blueprints) changes.push(...(await putBlueprint(tx, blueprint, origin)));
  await addChanges(tx, changes, origin, instanceId);
}

async function putBlueprint(tx: Queries, blueprint: BlueprintPut, origin: WriteOrigin): Promise<readonly NewChange[]> {
  const { identifier, document, hasOldEntities, expectedVersion, previousIdentifier, renames = [] } = blueprint;
  const text = JSON.stringify(document);
  const { atMs, actor } = origin;
  if (expectedVersion === null) {
    const created = await tx.run(sql`
      INSERT INTO blueprint (identifier, document, version, has_old_entities, created_at, created_by, updated_at, updated_by)
      VALUES (${identifier}, ${text}, 1, false, ${atMs}, ${actor}, ${atMs}, ${actor}) ON CONFLICT DO NOTHING`);
    if (created === 0) {
      throw new ConflictError(
        `A blueprint "${identifier}" exists already: choose another identifier, or update that one`,
      );
    }
    return [toChange("created", identifier, null)];
  }
  const name = previousIdentifier ?? identifier;
  const existing = await lockBlueprint(tx, name, expectedVersion);
  if (previousIdentifier !== undefined) await assertFree(tx, identifier);
  await tx.run(sql`
    UPDATE blueprint SET identifier = ${identifier}, document = ${text}, version = version + 1,
      has_old_entities = has_old_entities OR ${hasOldEntities}, updated_at = ${atMs}, updated_by = ${actor}
    WHERE id = ${existing.id}`);
  for (const rename of renames) await renameInEntities(tx, existing.id, rename);
  if (previousIdentifier === undefined) return [toChange("updated", identifier, existing.before)];
  // To the feed it is another blueprint from then on.
  return [toChange("deleted", previousIdentifier, existing.before), toChange("created", identifier, null)];
}

/** Entities of the blueprint that are being written are waited for. */
export async function lockBlueprint(
  tx: Queries,
  identifier: string,
  expectedVersion: number,
): Promise<{ readonly id: number; readonly before: string }> {
  const found = await tx.get<{ id: number; version: number; before: string }>(
    sql`SELECT id, version, document::text AS before FROM blueprint WHERE identifier = ${identifier} FOR UPDATE`,
  );
  if (found?.version === expectedVersion) return found;
  throw new ConflictError(
    `The blueprint "${identifier}" was changed by somebody else in the meantime: read it and try again`,
  );
}

async function assertFree(tx: Queries, identifier: string): Promise<void> {
  if ((await tx.get(sql`SELECT 1 FROM blueprint WHERE identifier = ${identifier}`)) === undefined) return;
  throw new ConflictError(`A blueprint "${identifier}" exists already: choose another identifier`);
}

export function toChange(action: NewChange["action"], identifier: string, before: string | null): NewChange {
  return { subject: "blueprint", action, blueprint: "", identifier, before };
}

async function renameInEntities(
  tx: Queries,
  blueprintId: number,
  { kind, from, to }: NonNullable<BlueprintPut["renames"]>[number],
): Promise<void> {
  const column = raw(kind === "property" ? "properties" : "relations");
  await tx.run(sql`
    UPDATE entity SET ${column} = jsonb_set(${column} - ${from}::text, ARRAY[${to}::text], ${column} -> ${from})
    WHERE blueprint_id = ${blueprintId} AND ${column} ? ${from}`);
  if (kind === "property") return;
  for (const table of [raw("edge"), raw("pending_edge")]) {
    await tx.run(sql`
      UPDATE ${table} SET relation = ${to}
      WHERE relation = ${from} AND source_id IN (SELECT id FROM entity WHERE blueprint_id = ${blueprintId})`);
  }
}
