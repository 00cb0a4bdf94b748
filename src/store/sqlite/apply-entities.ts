import type { EntityPlan, PlannedRemoval, PlannedRow, WriteOrigin } from "../entity-store.ts";
import { addChange } from "./add-change.ts";
import type { Connection } from "./connection.ts";
import { toRelationId } from "./relation-id.ts";

/** Thrown inside, so that the savepoint is rolled back; the caller hears `false`. */
class StalePlan extends Error {}

/** All of a plan or nothing of it: see EntityStore.apply. */
export const applyEntities =
  (db: Connection) =>
  ({ blueprints, rows, removals, origin }: EntityPlan & { readonly origin: WriteOrigin }): boolean => {
    db.exec("SAVEPOINT plan");
    try {
      for (const { id, version } of blueprints) assertBlueprint(db, id, version);
      const ids = rows.map((row) => writeRow(db, row, origin));
      const removed = removals.map((removal) => removeRow(db, removal, origin));
      const ends = new EdgeEnds(db);
      for (const [index, row] of rows.entries()) writeEdges(db, ids[index] ?? 0, row, ends);
      for (const id of removed) assertReferrers(db, id, new Set());
      for (const [index, { previousIdentifier }] of rows.entries()) {
        if (previousIdentifier !== undefined) assertReferrers(db, ids[index] ?? 0, new Set(ids));
      }
      db.exec("RELEASE plan");
      return true;
    } catch (error) {
      db.exec("ROLLBACK TO plan; RELEASE plan");
      if (error instanceof StalePlan) return false;
      throw error;
    }
  };

function assertBlueprint(db: Connection, id: number, version: number): void {
  if (db.get("SELECT version FROM blueprint WHERE id = ?", id)?.["version"] !== version) throw new StalePlan();
}

const SELECT_VERSION = "SELECT id, version FROM entity WHERE blueprint_id = ? AND identifier = ?";

function writeRow(db: Connection, row: PlannedRow, origin: WriteOrigin): number {
  const { blueprintId, identifier, expectedVersion } = row;
  if (row.previousIdentifier !== undefined) rename(db, row.previousIdentifier, row, origin);
  const isNewName = expectedVersion === null || row.previousIdentifier !== undefined;
  addChange(db, { subject: "entity", action: isNewName ? "created" : "updated", blueprintId, identifier }, origin);
  return expectedVersion === null ? insertRow(db, row, origin) : updateRow(db, row, expectedVersion, origin);
}

function insertRow(db: Connection, row: PlannedRow, { dataSource, actor, atMs }: WriteOrigin): number {
  const id = db.insertNew(
    `INSERT INTO entity (title, icon, team, properties, computed, relations, is_stub, data_source, updated_at, updated_by,
       created_at, created_by, version, blueprint_id, identifier)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING`,
    ...toContent(row),
    dataSource,
    atMs,
    actor,
    atMs,
    actor,
    row.blueprintId,
    row.identifier,
  );
  if (id === undefined) throw new StalePlan();
  return id;
}

function updateRow(db: Connection, row: PlannedRow, expectedVersion: number, origin: WriteOrigin): number {
  const existing = db.get(SELECT_VERSION, row.blueprintId, row.identifier);
  if (existing?.["version"] !== expectedVersion) throw new StalePlan();
  const id = Number(existing["id"]);
  db.run(
    `UPDATE entity SET title = ?, icon = ?, team = ?, properties = ?, computed = ?, relations = ?, is_stub = ?,
       version = version + 1 WHERE id = ?`,
    ...toContent(row),
    id,
  );
  if (!row.keepsAuthor) {
    const { dataSource, atMs, actor } = origin;
    db.run(
      "UPDATE entity SET data_source = ?, updated_at = ?, updated_by = ? WHERE id = ?",
      dataSource,
      atMs,
      actor,
      id,
    );
  }
  return id;
}

function toContent({ title, icon, team, properties, computed, relations, isStub }: PlannedRow) {
  return [title, icon, team, properties, computed, relations, isStub ? 1 : 0] as const;
}

/** To the feed it is another entity from then on. */
function rename(db: Connection, from: string, { blueprintId, identifier }: PlannedRow, origin: WriteOrigin): void {
  if (db.get(SELECT_VERSION, blueprintId, identifier) !== undefined) throw new StalePlan();
  addChange(db, { subject: "entity", action: "deleted", blueprintId, identifier: from }, origin);
  db.run("UPDATE entity SET identifier = ? WHERE blueprint_id = ? AND identifier = ?", identifier, blueprintId, from);
}

/** Runs after all rows of the plan are there, so that they may point at each other. */
function writeEdges(db: Connection, id: number, row: PlannedRow, ends: EdgeEnds): void {
  const isNew = row.expectedVersion === null;
  if (row.pending !== undefined) {
    if (!isNew) db.run("DELETE FROM pending_edge WHERE source_id = ?", id);
    for (const { relation, targetBlueprintId, target, position } of row.pending) {
      db.run("INSERT INTO pending_edge VALUES (?, ?, ?, ?, ?)", id, relation, targetBlueprintId, target, position);
    }
  }
  if (row.edges === undefined) return;
  if (!isNew) db.run("DELETE FROM edge WHERE source_id = ?", id);
  for (const { relation, targetBlueprintId, target } of row.edges) {
    db.run(
      "INSERT INTO edge VALUES (?, ?, ?)",
      id,
      ends.getRelation(relation),
      ends.getTarget(targetBlueprintId, target),
    );
  }
}

/** The numbers of relations and targets, each asked for once: the issues of a page share their projects and people. */
class EdgeEnds {
  readonly #db: Connection;
  readonly #relations = new Map<string, number>();
  readonly #targets = new Map<number, Map<string, number>>();

  constructor(db: Connection) {
    this.#db = db;
  }

  getRelation(name: string): number {
    let id = this.#relations.get(name);
    if (id === undefined) this.#relations.set(name, (id = toRelationId(this.#db, name)));
    return id;
  }

  getTarget(blueprintId: number, identifier: string): number {
    let targets = this.#targets.get(blueprintId);
    if (targets === undefined) this.#targets.set(blueprintId, (targets = new Map()));
    let id = targets.get(identifier);
    if (id === undefined) targets.set(identifier, (id = getEntityId(this.#db, blueprintId, identifier)));
    return id;
  }
}

function getEntityId(db: Connection, blueprintId: number, identifier: string): number {
  const entity = db.get(SELECT_VERSION, blueprintId, identifier);
  if (entity === undefined) throw new StalePlan();
  return Number(entity["id"]);
}

function removeRow(
  db: Connection,
  { blueprintId, identifier, expectedVersion }: PlannedRemoval,
  origin: WriteOrigin,
): number {
  const existing = db.get(SELECT_VERSION, blueprintId, identifier);
  if (existing === undefined || existing["version"] !== expectedVersion) throw new StalePlan();
  const id = Number(existing["id"]);
  addChange(db, { subject: "entity", action: "deleted", blueprintId, identifier }, origin);
  db.run("DELETE FROM edge WHERE source_id = ?", id);
  db.run("DELETE FROM pending_edge WHERE source_id = ?", id);
  db.run("DELETE FROM entity WHERE id = ?", id);
  return id;
}

/** Nobody else may point at this entity: the plan was made without those that came in between. */
function assertReferrers(db: Connection, id: number, allowed: ReadonlySet<number>): void {
  const edges = db.all("SELECT source_id FROM edge WHERE target_id = ?", id);
  if (!edges.every((edge) => allowed.has(Number(edge["source_id"])))) throw new StalePlan();
}
