import { ConflictError } from "../../runtime/errors.ts";
import type { BlueprintPut } from "../blueprint-store.ts";
import type { WriteOrigin } from "../entity-store.ts";
import { addChange } from "./add-change.ts";
import type { Connection } from "./connection.ts";
import { dropIndexes } from "./property-index.ts";
import { RELATION_ID, toRelationId } from "./relation-id.ts";

/** See BlueprintStore.put. */
export const putBlueprints =
  (db: Connection) =>
  ({ blueprints, origin }: { readonly blueprints: readonly BlueprintPut[]; readonly origin: WriteOrigin }): void => {
    for (const blueprint of blueprints) putBlueprint(db, blueprint, origin);
  };

function putBlueprint(db: Connection, blueprint: BlueprintPut, origin: WriteOrigin): void {
  const { identifier, document, hasOldEntities, expectedVersion, previousIdentifier, renames } = blueprint;
  if (previousIdentifier !== undefined) renameBlueprint(db, previousIdentifier, identifier, origin);
  const existing = db.get("SELECT id, version FROM blueprint WHERE identifier = ?", identifier);
  if ((existing?.["version"] ?? null) !== expectedVersion) {
    throw new ConflictError(
      expectedVersion === null
        ? `A blueprint "${identifier}" exists already: choose another identifier, or update that one`
        : `The blueprint "${identifier}" was changed by somebody else in the meantime: read it and try again`,
    );
  }
  const isNewName = existing === undefined || previousIdentifier !== undefined;
  addChange(db, { subject: "blueprint", action: isNewName ? "created" : "updated", identifier }, origin);
  const text = JSON.stringify(document);
  if (existing === undefined) {
    db.run(
      `INSERT INTO blueprint
         (identifier, document, version, has_old_entities, created_at, created_by, updated_at, updated_by)
       VALUES (?, ?, 1, 0, ?, ?, ?, ?)`,
      identifier,
      text,
      origin.atMs,
      origin.actor,
      origin.atMs,
      origin.actor,
    );
  } else {
    db.run(
      `UPDATE blueprint SET document = ?, version = version + 1, has_old_entities = max(has_old_entities, ?),
         updated_at = ?, updated_by = ? WHERE identifier = ?`,
      text,
      hasOldEntities ? 1 : 0,
      origin.atMs,
      origin.actor,
      identifier,
    );
    if (renames !== undefined) dropIndexes(db, Number(existing["id"]));
    for (const rename of renames ?? []) renameInEntities(db, Number(existing["id"]), rename);
  }
}

/** To the feed it is another blueprint from then on. */
function renameBlueprint(db: Connection, from: string, to: string, origin: WriteOrigin): void {
  if (db.get("SELECT 1 FROM blueprint WHERE identifier = ?", to) !== undefined) {
    throw new ConflictError(`A blueprint "${to}" exists already: choose another identifier`);
  }
  addChange(db, { subject: "blueprint", action: "deleted", identifier: from }, origin);
  db.run("UPDATE blueprint SET identifier = ? WHERE identifier = ?", to, from);
}

function renameInEntities(
  db: Connection,
  blueprintId: number,
  { kind, from, to }: NonNullable<BlueprintPut["renames"]>[number],
): void {
  const column = kind === "property" ? "properties" : "relations";
  const [before, after] = [toPath(from), toPath(to)];
  db.run(
    `UPDATE entity SET ${column} = json_set(json_remove(${column}, ?), ?, ${column} -> ?)
     WHERE blueprint_id = ? AND json_type(${column}, ?) IS NOT NULL`,
    before,
    after,
    before,
    blueprintId,
    before,
  );
  if (kind === "property") return;
  const ofBlueprint = "source_id IN (SELECT id FROM entity WHERE blueprint_id = ?)";
  db.run(
    `UPDATE edge SET relation_id = ? WHERE relation_id = ${RELATION_ID} AND ${ofBlueprint}`,
    toRelationId(db, to),
    from,
    blueprintId,
  );
  db.run(`UPDATE pending_edge SET relation = ? WHERE relation = ? AND ${ofBlueprint}`, to, from, blueprintId);
}

function toPath(name: string): string {
  return `$.${JSON.stringify(name)}`;
}
