import type { EntitySearch } from "../../model/search.ts";
import { InputError } from "../../runtime/errors.ts";
import type { Connection, SqlRow } from "./connection.ts";
import { toPageOrder, type PageOrder, type Place, type Segment } from "./page-order.ts";
import { planPage, planWhole, type Way } from "./plan-search.ts";
import type { IndexRequest } from "./property-index.ts";
import { toIdList, toSearchSql } from "./search-sql.ts";

export interface SqlPage {
  readonly rows: readonly SqlRow[];
  readonly next: string | undefined;
  /** Indexes that would have made it faster. */
  readonly wanted: readonly IndexRequest[];
}

/** Reads one entity more than asked for, to know whether there is a next page. All of it shows one state. */
export function readPage(db: Connection, search: EntitySearch): SqlPage {
  db.exec("BEGIN");
  try {
    return readOfState(db, search);
  } finally {
    db.exec("COMMIT");
  }
}

function readOfState(db: Connection, search: EntitySearch): SqlPage {
  const { blueprintId, sort, limit } = search;
  const last = search.from === undefined ? undefined : readCursor(search.from);
  if (blueprintId === undefined) return readOfAll(db, search, last);
  // Without a sort the identifier is all there is to a place.
  const after = sort === undefined && typeof last === "string" ? ([null, last] as const) : last;
  if (after !== undefined && (!isPlace(after) || (sort === undefined) !== (after !== last))) {
    throw toCursorError(search.from);
  }
  const { way, inOrder, wanted } = planPage(db, { ...search, blueprintId });
  const order = toPageOrder(sort, after);
  const found =
    (inOrder && findInOrder(db, { way: inOrder, order, limit: limit + 1, maxRead: inOrder.maxRead })) ??
    findInOrder(db, { way, order, limit: limit + 1 });
  const places = found ?? [];
  const end = places.length > limit ? places[limit - 1] : undefined;
  return {
    rows: readRows(
      db,
      places.slice(0, limit).map(({ id }) => id),
    ),
    next: end && toCursor(sort === undefined ? end.place[1] : end.place),
    wanted,
  };
}

interface Found {
  readonly id: number;
  readonly place: Place;
}

/** The ids of a page; undefined when too much would have to be read for it. Rows are read when it is known which. */
function findInOrder(
  db: Connection,
  { way, order, limit, maxRead }: { way: Way; order: PageOrder; limit: number; maxRead?: number },
): readonly Found[] | undefined {
  const found: Found[] = [];
  for (const segment of order.segments) {
    const missing = limit - found.length;
    if (missing === 0) break;
    const end = maxRead === undefined ? undefined : findEnd(db, way, order, segment, maxRead);
    const conditions = [way.scope, segment.where, ...(end ? [segment.toUntil(end)] : []), way.check];
    const rows = db.allRounded(
      `SELECT entity.id, entity.identifier, ${order.value} AS value FROM ${way.from}
       WHERE ${conditions.map(({ sql }) => `(${sql})`).join(" AND ")} ORDER BY ${order.by} LIMIT ?`,
      ...conditions.flatMap(({ values }) => values),
      missing,
    );
    found.push(...rows.map((row) => ({ id: Number(row["id"]), place: toPlace(row) })));
    if (end !== undefined && rows.length < missing) return undefined;
  }
  return found;
}

/** The place of the last entity that may be read; undefined when there are not so many. */
function findEnd(
  db: Connection,
  { from, scope }: Way,
  { value, by }: PageOrder,
  { where }: Segment,
  maxRead: number,
): Place | undefined {
  const [row] = db.allRounded(
    `SELECT entity.identifier, ${value} AS value FROM ${from} WHERE (${scope.sql}) AND (${where.sql})
     ORDER BY ${by} LIMIT 1 OFFSET ?`,
    ...scope.values,
    ...where.values,
    maxRead,
  );
  return row && toPlace(row);
}

function toPlace(row: SqlRow): Place {
  return [row["value"] as Place[0], String(row["identifier"])]; // ->> gives scalars, and so do columns
}

function readRows(db: Connection, ids: readonly number[]): readonly SqlRow[] {
  const rows = db.all(
    "SELECT entity.* FROM json_each(?) AS wanted CROSS JOIN entity ON entity.id = wanted.value",
    JSON.stringify(ids),
  );
  const byId = new Map(rows.map((row) => [Number(row["id"]), row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [row];
  });
}

function readOfAll(db: Connection, { rule, limit, from }: EntitySearch, last: unknown): SqlPage {
  if (last !== undefined && typeof last !== "number") throw toCursorError(from);
  const check = toSearchSql(rule);
  const list = toIdList(rule);
  // With a plus the order is no reason to read the entities one after another until enough of them match.
  const id = list === undefined ? "entity.id" : "+entity.id";
  const lead = list === undefined ? "" : `entity.id IN (${list.sql}) AND`;
  const found = db.all(
    `SELECT entity.* FROM entity WHERE ${lead} ${id} > ? AND (${check.sql}) ORDER BY ${id} LIMIT ?`,
    ...(list?.values ?? []),
    last ?? 0,
    ...check.values,
    limit + 1,
  );
  const rows = found.slice(0, limit);
  const end = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: end && toCursor(end["id"]), wanted: [] };
}

export interface Counted {
  readonly count: number;
  readonly wanted: readonly IndexRequest[];
}

export function countRows(db: Connection, search: Pick<EntitySearch, "blueprintId" | "rule">): Counted {
  const { way, wanted } = planWhole(db, search);
  const row = db.get(
    `SELECT count(*) AS count FROM ${way.from} WHERE (${way.scope.sql}) AND (${way.check.sql})`,
    ...way.scope.values,
    ...way.check.values,
  );
  return { count: Number(row?.["count"]), wanted };
}

/** Where a page ended, as text that only this file reads. */
function toCursor(last: unknown): string {
  return Buffer.from(JSON.stringify(last)).toString("base64url");
}

function isPlace(last: unknown): last is Place {
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
