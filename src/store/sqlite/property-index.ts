import type { SearchField } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import { toValueSql } from "./search-sql.ts";
import { createTextIndex } from "./text-index.ts";

/**
 * An index over one field of the entities of one blueprint, in the order of its values and then of the identifiers. They
 * are made when searches show that they are needed: see SqliteEntityStore.
 */
export interface PropertyIndex {
  readonly blueprintId: number;
  readonly field: SearchField;
}

/** What a search asks for: an index over a field, or the one over the texts of all titles. */
export type IndexRequest = (PropertyIndex & { readonly kind: "field" }) | { readonly kind: "text" };

/** Every one costs a little with each write. */
export const MAX_INDEXES_PER_BLUEPRINT = 12;

/** Undefined when no index over the field would serve: its values may be lists. */
export function toIndexName({ blueprintId, field }: PropertyIndex): string | undefined {
  switch (field.kind) {
    case "meta":
      return SORTABLE_META.has(field.name) ? `field_${blueprintId}_${field.name}` : undefined;
    case "property":
      if (!field.isScalar) return undefined;
      return `field_${blueprintId}_${field.isCalculated ? "computed" : "own"}_${field.name}`;
    case "relation":
      return undefined; // the table of edges has one
  }
}

const SORTABLE_META = new Set(["$title", "$createdAt", "$updatedAt"]);

/** What the index holds, and what searches sort by. Times are stored as numbers. */
export function toSortSql(field: SearchField): string {
  if (field.kind === "meta" && field.name === "$createdAt") return "entity.created_at";
  if (field.kind === "meta" && field.name === "$updatedAt") return "entity.updated_at";
  return toValueSql(field);
}

export const createIndex =
  (db: Connection) =>
  (index: IndexRequest): void => {
    if (index.kind === "text") {
      createTextIndex(db);
      return;
    }
    const name = toIndexName(index);
    const isGone = db.get("SELECT 1 FROM blueprint WHERE id = ?", index.blueprintId) === undefined;
    const known = listIndexes(db, index.blueprintId);
    if (name === undefined || isGone || known.has(name) || known.size >= MAX_INDEXES_PER_BLUEPRINT) return;
    // An index names no table in its expressions. With the blueprint in it a count reads no entity.
    const expression = toSortSql(index.field).replaceAll("entity.", "");
    db.exec(
      `CREATE INDEX ${quote(name)} ON entity (blueprint_id, ${expression}, identifier) WHERE blueprint_id = ${index.blueprintId}`,
    );
  };

/** Drops the indexes of a blueprint that is changed or deleted; searches ask for them again. */
export function dropIndexes(db: Connection, blueprintId: number): void {
  for (const name of listIndexes(db, blueprintId)) db.exec(`DROP INDEX ${quote(name)}`);
}

export function listIndexes(db: Connection, blueprintId: number): ReadonlySet<string> {
  const rows = db.all(
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'entity' AND substr(name, 1, length(?)) = ?",
    `field_${blueprintId}_`,
    `field_${blueprintId}_`,
  );
  return new Set(rows.map((row) => String(row["name"])));
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
