import type { EntitySearch, SearchSort } from "../../model/search.ts";
import { InputError } from "../../runtime/errors.ts";
import type { Database } from "./database.ts";
import { toSortSql } from "./property-index.ts";
import { ofBlueprint, toScope, toSearchSql } from "./search-sql.ts";
import { raw, sql, type Sql } from "./sql.ts";
import type { StoredEntity } from "./stored-entity.ts";

interface FoundPage {
  readonly rows: readonly StoredEntity[];
  readonly next: string | undefined;
}

/** Reads one row more than asked for, to know whether there is a next page. */
export function readPage(db: Database, search: EntitySearch): Promise<FoundPage> {
  const { blueprintId, sort } = search;
  const last = search.from === undefined ? undefined : readCursor(search.from);
  if (blueprintId === undefined) return readOfAll(db, search, last);
  if (sort === undefined) return readByIdentifier(db, search, blueprintId, last);
  return readSorted(db, { ...search, blueprintId, sort }, last);
}

async function readOfAll(db: Database, { rule, limit, from }: EntitySearch, last: unknown): Promise<FoundPage> {
  if (last !== undefined && !isWhole(last)) throw toCursorError(from);
  const found = await db.search<StoredEntity>(sql`
    SELECT entity.* FROM entity WHERE entity.id > ${last ?? 0} AND (${toSearchSql(rule)})
    ORDER BY entity.id LIMIT ${limit + 1}`);
  return toPage(found, limit, (row) => row.id);
}

async function readByIdentifier(
  db: Database,
  { rule, limit, from }: EntitySearch,
  blueprintId: number,
  last: unknown,
): Promise<FoundPage> {
  if (last !== undefined && typeof last !== "string") throw toCursorError(from);
  const found = await db.search<StoredEntity>(sql`
    SELECT entity.* FROM entity WHERE ${toScope({ blueprintId, rule })} AND entity.identifier > ${last ?? ""}
    ORDER BY entity.identifier LIMIT ${limit + 1}`);
  return toPage(found, limit, (row) => row.identifier);
}

async function readSorted(
  db: Database,
  { rule, limit, from, sort, blueprintId }: EntitySearch & { readonly sort: SearchSort; readonly blueprintId: number },
  last: unknown,
): Promise<FoundPage> {
  if (last !== undefined && (!isSortCursor(last) || !fits(last[0], sort))) throw toCursorError(from);
  const value = toSortSql(sort.field);
  const direction = raw(sort.isDescending ? "DESC" : "ASC");
  const found: (StoredEntity & { readonly sort_value: string | number | null })[] = [];
  for (const segment of toSegments(value, sort, last)) {
    const missing = limit + 1 - found.length;
    if (missing === 0) break;
    const rows = await db.search<StoredEntity & { readonly sort_value: string | number | null }>(sql`
      SELECT entity.*, ${value} AS sort_value FROM entity
      WHERE ${ofBlueprint(blueprintId)} AND ${segment} AND (${toSearchSql(rule)})
      ORDER BY ${value} ${direction}, entity.identifier ${direction} LIMIT ${missing}`);
    found.push(...rows);
  }
  return toPage(found, limit, (row) => [row.sort_value, row.identifier]);
}

/** Where a page begins: conditions one after another, each read in the order of the answer. */
function toSegments(
  value: Sql,
  { isDescending }: SearchSort,
  last: readonly [value: string | number | null, identifier: string] | undefined,
): readonly Sql[] {
  const [filled, empty] = [sql`${value} IS NOT NULL`, sql`${value} IS NULL`];
  const all = isDescending ? [filled, empty] : [empty, filled];
  if (last === undefined) return all;
  const [after, identifier] = last;
  const beyond = raw(isDescending ? "<" : ">");
  if (after === null) {
    const rest = sql`${empty} AND entity.identifier ${beyond} ${identifier}`;
    return isDescending ? [rest] : [rest, filled];
  }
  const rest = sql`(${value}, entity.identifier) ${beyond} (${after}, ${identifier})`;
  return isDescending ? [rest, empty] : [rest];
}

function toPage<Row extends StoredEntity>(
  found: readonly Row[],
  limit: number,
  toLast: (row: Row) => unknown,
): FoundPage {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: last && toCursor(toLast(last)) };
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

/** Whether a value of a cursor can be one of this order: times are numbers in it, and all else is texts. */
function fits(value: string | number | null, { field }: SearchSort): boolean {
  const isTime = field.kind === "meta" && (field.name === "$createdAt" || field.name === "$updatedAt");
  return value === null || (isTime ? isWhole(value) : typeof value === "string");
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
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
