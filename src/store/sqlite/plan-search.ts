import type { EntitySearch, SearchCondition, SearchField } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import { listIndexes, quote, toIndexName, toSortSql, type IndexRequest } from "./property-index.ts";
import { inBlueprint, isIndexable, listDrivers, type Access, type Driver } from "./search-drivers.ts";
import { join, toSearchSql, type SqlFragment } from "./search-sql.ts";
import { hasTextIndex, toTextMatch } from "./text-index.ts";

/** One way to do a search: where to read, and what to check of each entity that is read. */
export interface Way extends Access {
  readonly check: SqlFragment;
}

/** How a search is to be run. SQLite has no statistics of values here, and guesses badly: so it is told. */
export interface SearchPlan {
  readonly way: Way;
  /**
   * First try this one, which reads in the order of the answer until the page is full, but no more than `maxRead`
   * entities: how many of them match shows when they are read.
   */
  readonly inOrder?: Way & { readonly maxRead: number };
  /** Indexes that would have helped. */
  readonly wanted: readonly IndexRequest[];
}

/** What is read in the order of the answer at most, where there is another way. */
const MAX_IN_ORDER = 2000;
/** Smaller blueprints need no index. */
const MIN_ENTITIES = 1000;
/** A pair of fields is worth an index when no single one leaves fewer. */
const MIN_PAIRED = 500;

/** The index that SQLite makes for the unique pair of blueprint and identifier. */
const BY_IDENTIFIER = `entity INDEXED BY ${quote("sqlite_autoindex_entity_1")}`;

/** The indexes that a search wants which did not get as far as to say so. */
export function listWanted(
  db: Connection,
  {
    search,
    groups = [],
  }: { readonly search: WholeSearch & Partial<EntitySearch>; readonly groups?: readonly SearchField[] },
): readonly IndexRequest[] {
  const { blueprintId, limit } = search;
  if (blueprintId === undefined || limit === undefined) return planWhole(db, search, groups).wanted;
  return planPage(db, { ...search, blueprintId, limit }).wanted;
}

type WholeSearch = Pick<EntitySearch, "blueprintId" | "rule">;
type PageSearch = EntitySearch & { readonly blueprintId: number };

/** For one page, in an order. */
export function planPage(db: Connection, search: PageSearch): SearchPlan {
  const { blueprintId, rule, sort } = search;
  const conditions = toConjunction(rule);
  const known = listIndexes(db, blueprintId);
  const drivers = listDrivers(db, blueprintId, conditions, known).toSorted((a, b) => a.count - b.count);
  const [best] = drivers;
  const wanted = toWanted(db, blueprintId, conditions, { drivers, known, others: sort ? [[sort.field]] : [] });
  const whole = toWay({ from: BY_IDENTIFIER, scope: inBlueprint(blueprintId) }, conditions);
  const order = findOrder(search, drivers, known);
  const inOrder = order && toWay(order, conditions);
  if (best === undefined) return { way: inOrder ?? whole, wanted };
  const way = toWay(best, conditions);
  if (inOrder === undefined || !isPromising(db, best.count, search.limit)) return { way, wanted };
  return { way, inOrder: { ...inOrder, maxRead: MAX_IN_ORDER }, wanted };
}

/** Whether reading in order may come upon a page of so many matches soon. */
function isPromising(db: Connection, matches: number, limit: number): boolean {
  const all = Number(db.get("SELECT max(id) AS last FROM entity")?.["last"] ?? 0);
  return matches * MAX_IN_ORDER > limit * all && matches > MAX_IN_ORDER / 2;
}

/** For all that a search finds, in any order; `groups` are the fields whose values alone are read. */
export function planWhole(
  db: Connection,
  { blueprintId, rule }: WholeSearch,
  groups: readonly SearchField[] = [],
): SearchPlan {
  const conditions = toConjunction(rule);
  if (blueprintId === undefined) {
    return { way: toWay({ from: "entity", scope: { sql: "1", values: [] } }, conditions), wanted: [] };
  }
  const known = listIndexes(db, blueprintId);
  const drivers = listDrivers(db, blueprintId, conditions, known).toSorted((a, b) => a.count - b.count);
  const grouped = conditions.length === 0 && groups.length > 0 && groups.length <= 2 ? [groups] : [];
  const wanted = toWanted(db, blueprintId, conditions, { drivers, known, others: grouped });
  const name = toIndexName({ blueprintId, fields: groups });
  const from = name !== undefined && known.has(name) ? `entity INDEXED BY ${quote(name)}` : "entity";
  const [best] = drivers;
  return { way: toWay(best ?? { from, scope: inBlueprint(blueprintId) }, conditions), wanted };
}

/** The conditions that all must hold. */
function toConjunction(rule: SearchCondition): readonly SearchCondition[] {
  return rule.type === "all" ? rule.conditions.flatMap(toConjunction) : [rule];
}

function toWay(access: Access & Partial<Pick<Driver, "answers">>, conditions: readonly SearchCondition[]): Way {
  const { from, scope, answers = [] } = access;
  const rest = conditions.filter((condition) => !answers.includes(condition));
  return { from, scope, check: join(rest.map(toSearchSql), " AND ", "1") };
}

/** What reads in the order of the answer: the index of the order, or any that has the identifiers behind one value. */
function findOrder(
  { blueprintId, sort }: PageSearch,
  drivers: readonly Driver[],
  known: ReadonlySet<string>,
): Access | undefined {
  const scope = inBlueprint(blueprintId);
  if (sort === undefined) return drivers.find(isOrdered) ?? { from: BY_IDENTIFIER, scope };
  const name = toIndexName({ blueprintId, fields: [sort.field] });
  return name !== undefined && known.has(name) ? { from: `entity INDEXED BY ${quote(name)}`, scope } : undefined;
}

function isOrdered({ kind, answers }: Driver): boolean {
  return kind === "index" && answers.every((answer) => answer.type === "equal" && answer.values.length === 1);
}

function toWanted(
  db: Connection,
  blueprintId: number,
  conditions: readonly SearchCondition[],
  found: {
    readonly drivers: readonly Driver[];
    readonly known: ReadonlySet<string>;
    readonly others: readonly (readonly SearchField[])[];
  },
): readonly IndexRequest[] {
  const { drivers, known, others } = found;
  const points = conditions.filter(isIndexable).map(({ field }) => [field]);
  const missing = [...points, ...others, ...toPairs(drivers)].flatMap((fields): IndexRequest[] => {
    const name = toIndexName({ blueprintId, fields });
    return name === undefined || known.has(name) ? [] : [{ kind: "fields", blueprintId, fields }];
  });
  if (toTextMatch(conditions) !== undefined && !hasTextIndex(db)) missing.push({ kind: "text" });
  return missing.length > 0 && hasMany(db, blueprintId) ? missing : [];
}

/** The two fields that leave the fewest, if no driver leaves few. */
function toPairs(drivers: readonly Driver[]): readonly (readonly SearchField[])[] {
  if ((drivers[0]?.count ?? 0) < MIN_PAIRED) return [];
  const singles = drivers.filter(({ answers, kind }) => kind === "index" && answers.length === 1);
  const fields = singles.flatMap(({ answers }) => answers.filter(isIndexable).map(({ field }) => field));
  const [first] = fields;
  const second = fields.find((field) => first !== undefined && toSortSql(field) !== toSortSql(first));
  return first === undefined || second === undefined ? [] : [[first, second]];
}

function hasMany(db: Connection, blueprintId: number): boolean {
  const last = db.get(`SELECT 1 FROM entity WHERE blueprint_id = ${blueprintId} LIMIT 1 OFFSET ${MIN_ENTITIES - 1}`);
  return last !== undefined;
}
