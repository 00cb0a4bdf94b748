import type { SearchField } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import { toValueSql } from "./search-sql.ts";
import { createTextIndex } from "./text-index.ts";

/**
 * An index over one or two fields of the entities of one blueprint, in the order of their values and then of the
 * identifiers. They are made when searches show that they are needed: see SqliteEntityStore.
 */
export interface PropertyIndex {
  readonly blueprintId: number;
  readonly fields: readonly SearchField[];
}

/** What a search asks for: an index over fields, or the one over the texts of all titles. */
export type IndexRequest = (PropertyIndex & { readonly kind: "fields" }) | { readonly kind: "text" };

/** Every one costs a little with each write. */
export const MAX_INDEXES_PER_BLUEPRINT = 16;
/** Of those, over two fields: there are many pairs, and single fields serve more searches. */
const MAX_PAIRS_PER_BLUEPRINT = 6;

/** Between the names of two fields. No name of a property has it. */
const SEPARATOR = " ";

/** Two fields have one name in either order. Undefined when one of them has an index from the start, or one value. */
export function toIndexName({ blueprintId, fields }: PropertyIndex): string | undefined {
  const names = inOrder(fields).map(toFieldName);
  return names.includes(undefined) ? undefined : `field_${blueprintId}_${names.join(SEPARATOR)}`;
}

function inOrder(fields: readonly SearchField[]): readonly SearchField[] {
  return fields.toSorted((a, b) => ((toFieldName(a) ?? "") < (toFieldName(b) ?? "") ? -1 : 1));
}

function toFieldName(field: SearchField): string | undefined {
  switch (field.kind) {
    case "meta":
      return field.name === "$identifier" || field.name === "$blueprint" ? undefined : field.name;
    case "property":
      return `${field.isCalculated ? "computed" : "own"}_${field.name}`;
    case "relation":
      return `relation_${field.name}`;
  }
}

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
    if (name === undefined || isGone || known.has(name) || !hasRoom(known, index)) return;
    // An index names no table in its expressions. With the blueprint in it a count reads no entity.
    const expressions = inOrder(index.fields).map((field) => toSortSql(field).replaceAll("entity.", ""));
    db.exec(
      `CREATE INDEX ${quote(name)} ON entity (blueprint_id, ${expressions.join(", ")}, identifier)
       WHERE blueprint_id = ${index.blueprintId}`,
    );
  };

function hasRoom(known: ReadonlySet<string>, { fields }: PropertyIndex): boolean {
  const pairs = [...known].filter((name) => name.includes(SEPARATOR));
  return known.size < MAX_INDEXES_PER_BLUEPRINT && (fields.length < 2 || pairs.length < MAX_PAIRS_PER_BLUEPRINT);
}

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
