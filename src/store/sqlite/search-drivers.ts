import type { SearchCondition } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import { quote, toIndexName, toSortSql } from "./property-index.ts";
import { isPoint, join, toIdList, toSearchSql, toValueSql, type SqlFragment } from "./search-sql.ts";
import { hasTextIndex, toTextMatch } from "./text-index.ts";

/** Where entities are read from, and which of them, in a way that SQLite looks for no other index. */
export interface Access {
  /** `entity`, with the index to use. */
  readonly from: string;
  readonly scope: SqlFragment;
}

/** What narrows a search down by itself: an index over fields, or a list of ids. */
export interface Driver extends Access {
  readonly kind: "index" | "ids";
  /** Of the entities that it leaves; infinite when there are too many to count. */
  readonly count: number;
  /** Conditions that it answers. */
  readonly answers: readonly SearchCondition[];
}

/** What is counted at most. Ids are worth more: they need not be looked for again. */
const MAX_COUNT = 5000;
const MAX_IDS = 20_000;
/** Of how many equalities the indexes are looked at. */
const MAX_POINTS = 8;

export function listDrivers(
  db: Connection,
  blueprintId: number,
  conditions: readonly SearchCondition[],
  known: ReadonlySet<string>,
): readonly Driver[] {
  const points = conditions.filter(isIndexable).slice(0, MAX_POINTS);
  const indexes = toCombinations(points).flatMap((chosen): Driver[] => {
    const name = toIndexName({ blueprintId, fields: chosen.map(({ field }) => field) });
    return name !== undefined && known.has(name) ? [toIndexDriver(db, blueprintId, name, chosen)] : [];
  });
  const lists = conditions.flatMap((condition): Driver[] => {
    const list = toNamed(blueprintId, condition) ?? toIdList(condition);
    return list === undefined ? [] : [toIdsDriver(db, blueprintId, list, [condition])];
  });
  const texts = toTextMatch(conditions);
  if (texts === undefined || !hasTextIndex(db)) return [...indexes, ...lists];
  return [...indexes, ...lists, toIdsDriver(db, blueprintId, texts, [])]; // it finds capital letters for small ones
}

/** The ids of entities whose identifiers are given. */
function toNamed(blueprintId: number, condition: SearchCondition): SqlFragment | undefined {
  if (!isPoint(condition) || condition.field.kind !== "meta" || condition.field.name !== "$identifier")
    return undefined;
  const { sql, values } = join([inBlueprint(blueprintId), toSearchSql(condition)], " AND ", "1");
  return { sql: `SELECT id FROM entity WHERE ${sql}`, values };
}

/** An equality that an index over its field answers. */
export function isIndexable(condition: SearchCondition): condition is Extract<SearchCondition, { type: "equal" }> {
  if (!isPoint(condition) || condition.field.kind === "relation") return false;
  const { field } = condition;
  if (field.kind === "property") return field.isScalar;
  return field.name !== "$team" && toSortSql(field) === toValueSql(field);
}

/** Each alone, and each pair. */
function toCombinations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return items.flatMap((item, index) => [[item], ...items.slice(index + 1).map((other) => [item, other])]);
}

function toIndexDriver(db: Connection, blueprintId: number, name: string, answers: readonly SearchCondition[]): Driver {
  const from = `entity INDEXED BY ${quote(name)}`;
  const scope = join([inBlueprint(blueprintId), ...answers.map(toSearchSql)], " AND ", "1");
  const row = db.get(
    `SELECT count(*) AS count FROM (SELECT 1 FROM ${from} WHERE ${scope.sql} LIMIT ${MAX_COUNT + 1})`,
    ...scope.values,
  );
  return { kind: "index", from, scope, count: toCount(Number(row?.["count"]), MAX_COUNT), answers };
}

function toIdsDriver(
  db: Connection,
  blueprintId: number,
  list: SqlFragment,
  answers: readonly SearchCondition[],
): Driver {
  const some = db
    .all(`SELECT id FROM (${list.sql}) LIMIT ${MAX_IDS + 1}`, ...list.values)
    .map((row) => Number(row["id"]));
  const ids = some.length > MAX_IDS ? list : { sql: "SELECT value FROM json_each(?)", values: [JSON.stringify(some)] };
  // With a plus no index over the blueprint is looked for, and the list of ids leads.
  const sql = `+entity.blueprint_id = ${blueprintId} AND entity.id IN (${ids.sql})`;
  const count = toCount(some.length, MAX_IDS);
  return { kind: "ids", from: "entity", scope: { sql, values: ids.values }, count, answers };
}

function toCount(count: number, most: number): number {
  return count > most ? Number.POSITIVE_INFINITY : count;
}

/** The number stands in the text, where it is seen that an index of that blueprint serves. */
export function inBlueprint(blueprintId: number): SqlFragment {
  return { sql: `entity.blueprint_id = ${blueprintId}`, values: [] };
}
