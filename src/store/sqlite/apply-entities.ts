import type { Edge, PlannedRemoval, PlannedRow, WriteOrigin } from "../entity-store.ts";
import { addChange } from "./add-change.ts";
import type { Connection } from "./connection.ts";

/** Thrown inside, so that the savepoint is rolled back; the caller hears `false`. */
class StalePlan extends Error {}

/** All of a plan or nothing of it: see EntityStore.apply. */
export const applyEntities =
  (db: Connection) =>
  ({
    rows,
    removals,
    origin,
  }: {
    readonly rows: readonly PlannedRow[];
    readonly removals: readonly PlannedRemoval[];
    readonly origin: WriteOrigin;
  }): boolean => {
    db.exec("SAVEPOINT plan");
    try {
      const ids = rows.map((row) => writeRow(db, row, origin));
      for (const removal of removals) removeRow(db, removal, origin);
      for (const [index, row] of rows.entries()) writeEdges(db, ids[index] ?? 0, row);
      for (const removal of removals) assertUnreferenced(db, removal);
      db.exec("RELEASE plan");
      return true;
    } catch (error) {
      db.exec("ROLLBACK TO plan; RELEASE plan");
      if (error instanceof StalePlan) return false;
      throw error;
    }
  };

const SELECT_VERSION = "SELECT id, version FROM entity WHERE blueprint_id = ? AND identifier = ?";

function writeRow(db: Connection, row: PlannedRow, origin: WriteOrigin): number {
  const values = [
    row.title,
    row.icon,
    JSON.stringify(row.team),
    JSON.stringify(row.properties),
    JSON.stringify(row.computed),
    JSON.stringify(row.relations),
    row.isStub ? 1 : 0,
    origin.dataSource,
    origin.atMs,
    origin.actor,
  ];
  const existing = db.get(SELECT_VERSION, row.blueprintId, row.identifier);
  if ((existing?.["version"] ?? null) !== row.expectedVersion) throw new StalePlan();
  if (existing === undefined) {
    const id = db.insert(
      `INSERT INTO entity (title, icon, team, properties, computed, relations, is_stub, data_source, updated_at, updated_by,
         created_at, created_by, version, blueprint_id, identifier)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
      ...values,
      origin.atMs,
      origin.actor,
      row.blueprintId,
      row.identifier,
    );
    addChange(
      db,
      { subject: "entity", action: "created", blueprintId: row.blueprintId, identifier: row.identifier },
      origin,
    );
    return id;
  }
  const id = Number(existing["id"]);
  db.run(
    `UPDATE entity SET title = ?, icon = ?, team = ?, properties = ?, computed = ?, relations = ?, is_stub = ?,
       data_source = ?, updated_at = ?, updated_by = ?, version = version + 1 WHERE id = ?`,
    ...values,
    id,
  );
  addChange(
    db,
    { subject: "entity", action: "updated", blueprintId: row.blueprintId, identifier: row.identifier },
    origin,
  );
  return id;
}

/** Runs after all rows of the plan are there, so that they may point at each other. */
function writeEdges(db: Connection, id: number, row: PlannedRow): void {
  for (const relation of row.setRelations) {
    db.run("DELETE FROM pending_edge WHERE source_id = ? AND relation = ?", id, relation);
  }
  for (const edge of row.pending) {
    db.run(
      "INSERT OR IGNORE INTO pending_edge VALUES (?, ?, ?, ?)",
      id,
      edge.relation,
      edge.targetBlueprintId,
      edge.target,
    );
  }
  if (row.edges === undefined) return;
  if (row.expectedVersion !== null) db.run("DELETE FROM edge WHERE source_id = ?", id);
  for (const edge of row.edges) {
    assertTarget(db, edge);
    db.run("INSERT OR IGNORE INTO edge VALUES (?, ?, ?, ?)", id, edge.relation, edge.targetBlueprintId, edge.target);
  }
}

function assertTarget(db: Connection, edge: Edge): void {
  if (db.get(SELECT_VERSION, edge.targetBlueprintId, edge.target) === undefined) throw new StalePlan();
}

function removeRow(
  db: Connection,
  { blueprintId, identifier, expectedVersion }: PlannedRemoval,
  origin: WriteOrigin,
): void {
  const existing = db.get(SELECT_VERSION, blueprintId, identifier);
  if (existing === undefined || existing["version"] !== expectedVersion) throw new StalePlan();
  const id = Number(existing["id"]);
  db.run("DELETE FROM edge WHERE source_id = ?", id);
  db.run("DELETE FROM pending_edge WHERE source_id = ?", id);
  db.run("DELETE FROM entity WHERE id = ?", id);
  addChange(db, { subject: "entity", action: "deleted", blueprintId, identifier }, origin);
}

function assertUnreferenced(db: Connection, { blueprintId, identifier }: PlannedRemoval): void {
  const edge = db.get(
    "SELECT 1 FROM edge WHERE target_blueprint_id = ? AND target = ? LIMIT 1",
    blueprintId,
    identifier,
  );
  if (edge !== undefined) throw new StalePlan();
}
