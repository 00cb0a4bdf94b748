import type { EntitySearch, SearchSort } from "../../model/search.ts";
import { InputError } from "../../runtime/errors.ts";
import type { Connection, SqlRow } from "./connection.ts";
import { isKeyed, planSearch, toSegments } from "./plan-search.ts";
import { toSortSql, type IndexRequest } from "./property-index.ts";
import { toSearchSql } from "./search-sql.ts";

export interface SqlPage {
  readonly rows: readonly SqlRow[];
  readonly next: string | undefined;
  /** Indexes that would have made it faster. */
  readonly wanted: readonly IndexRequest[];
}

/** Reads one row more than asked for, to know whether there is a next page. */
export function readPage(db: Connection, search: EntitySearch): SqlPage {
  const { blueprintId, sort } = search;
  const last = search.from === undefined ? undefined : readCursor(search.from);
  if (blueprintId === undefined) return readOfAll(db, search, last);
  return sort === undefined ? readByIdentifier(db, search, last) : readSorted(db, { ...search, sort }, last);
}

function readOfAll(db: Connection, { rule, limit, from }: EntitySearch, last: unknown): SqlPage {
  if (last !== undefined && typeof last !== "number") throw toCursorError(from);
  const { sql, values } = toSearchSql(rule);
  // With a plus the order is no reason to read the entities one after another until enough of them match.
  const id = isKeyed(rule) ? "+entity.id" : "entity.id";
  const found = db.all(
    `SELECT entity.* FROM entity WHERE ${id} > ? AND (${sql}) ORDER BY ${id} LIMIT ?`,
    last ?? 0,
    ...values,
    limit + 1,
  );
  return { ...toPage(found, limit, (row) => row["id"]), wanted: [] };
}

function readByIdentifier(db: Connection, search: EntitySearch, last: unknown): SqlPage {
  if (last !== undefined && typeof last !== "string") throw toCursorError(search.from);
  const { from, scope, wanted } = planSearch(db, search);
  const { sql, values } = toSearchSql(search.rule);
  const found = db.all(
    `SELECT entity.* FROM ${from} WHERE ${scope.sql} AND entity.identifier > ? AND (${sql}) ORDER BY entity.identifier LIMIT ?`,
    ...scope.values,
    last ?? "",
    ...values,
    search.limit + 1,
  );
  return { ...toPage(found, search.limit, (row) => row["identifier"]), wanted };
}

function readSorted(db: Connection, search: EntitySearch & { readonly sort: SearchSort }, last: unknown): SqlPage {
  if (last !== undefined && !isSortCursor(last)) throw toCursorError(search.from);
  const { sort, limit, rule } = search;
  const { from, scope, wanted } = planSearch(db, search);
  const { sql, values } = toSearchSql(rule);
  const direction = sort.isDescending ? "DESC" : "ASC";
  const found: SqlRow[] = [];
  for (const segment of toSegments(sort, last)) {
    const missing = limit + 1 - found.length;
    if (missing === 0) break;
    const rows = db.all(
      `SELECT entity.*, ${toSortSql(sort.field)} AS sort_value FROM ${from} WHERE ${scope.sql} AND (${segment.sql}) AND (${sql})
       ORDER BY ${toSortSql(sort.field)} ${direction}, entity.identifier ${direction} LIMIT ?`,
      ...scope.values,
      ...segment.values,
      ...values,
      missing,
    );
    found.push(...rows);
  }
  return { ...toPage(found, limit, (row) => [row["sort_value"], row["identifier"]]), wanted };
}

function toPage(found: readonly SqlRow[], limit: number, toLast: (row: SqlRow) => unknown): Omit<SqlPage, "wanted"> {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: last && toCursor(toLast(last)) };
}

export function countRows(db: Connection, search: Pick<EntitySearch, "blueprintId" | "rule">): number {
  const { from, scope } = planSearch(db, search);
  const { sql, values } = toSearchSql(search.rule);
  const row = db.get(
    `SELECT count(*) AS count FROM ${from} WHERE ${scope.sql} AND (${sql})`,
    ...scope.values,
    ...values,
  );
  return Number(row?.["count"]);
}

/** Where a page ended, as text that only this file reads. */
function toCursor(last: unknown): string {
  return Buffer.from(JSON.stringify(last)).toString("base64url");
}

function isSortCursor(last: unknown): last is [string | number | null, string] {
  if (!Array.isArray(last) || last.length !== 2) return false;
  const [value, identifier]: readonly unknown[] = last;
  return (value === null || typeof value === "string" || typeof value === "number") && typeof identifier === "string";
}

function readCursor(from: string): unknown {
  try {
    return JSON.parse(Buffer.from(from, "base64url").toString());
  } catch {
    throw toCursorError(from);
  }
}

function toCursorError(from: string | undefined): InputError {
  return new InputError(`"${from ?? ""}" is not a cursor of this search: use the "next" of its last answer`);
}
