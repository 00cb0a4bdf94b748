import type { EntitySearch, SearchCondition } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import { listIndexes, quote, toIndexName, toSortSql, type IndexRequest } from "./property-index.ts";
import { toSearchSql, type SqlFragment } from "./search-sql.ts";
import { hasTextIndex, toTextMatch } from "./text-index.ts";

/** How a search is to be run. SQLite has no statistics of values here, and guesses badly: so it is told. */
export interface SearchPlan {
  /** `entity`, with the index to use. */
  readonly from: string;
  /** What narrows it down, in a way that SQLite looks for no other index. */
  readonly scope: SqlFragment;
  /** Indexes that would have helped. */
  readonly wanted: readonly IndexRequest[];
}

/** So few entities are read and sorted sooner than any other way. */
const FEW = 5000;
/** Smaller blueprints need no index. */
const MIN_ENTITIES = 1000;

/** The index that SQLite makes for the unique pair of blueprint and identifier. */
const BY_IDENTIFIER = "sqlite_autoindex_entity_1";

/** What narrows a search down by itself: an index over a field, or a list of ids. */
type Driver = SqlFragment & ({ readonly kind: "index"; readonly name: string } | { readonly kind: "ids" });

export function planSearch(db: Connection, { blueprintId, rule, sort }: Omit<EntitySearch, "limit">): SearchPlan {
  if (blueprintId === undefined) return { from: "entity", scope: { sql: "1", values: [] }, wanted: [] };
  const conditions = toConjunction(rule);
  const known = listIndexes(db, blueprintId);
  const fields = [...conditions.flatMap((each) => (isPoint(each) ? [each.field] : [])), ...(sort ? [sort.field] : [])];
  const wanted = fields.flatMap((field): IndexRequest[] => {
    const name = toIndexName({ blueprintId, field });
    return name === undefined || known.has(name) ? [] : [{ kind: "field", blueprintId, field }];
  });
  const drivers = conditions.flatMap((condition): Driver[] => {
    const name = isPoint(condition) ? toIndexName({ blueprintId, field: condition.field }) : undefined;
    if (isIdList(condition)) return [{ kind: "ids", ...toSearchSql(condition) }];
    return name !== undefined && known.has(name) ? [{ kind: "index", name, ...toSearchSql(condition) }] : [];
  });
  const texts = toTextMatch(conditions);
  if (texts !== undefined && hasTextIndex(db)) drivers.push({ kind: "ids", ...texts });
  else if (texts !== undefined) wanted.push({ kind: "text" });
  const isBig = wanted.length > 0 && hasMany(db, blueprintId);
  const chosen = chooseDriver(db, drivers, { blueprintId, sort }, known);
  return { ...toAccess(chosen, blueprintId, sort, known), wanted: isBig ? wanted : [] };
}

/** Whether indexes find all that can match, in any blueprint. */
export function isKeyed(rule: SearchCondition): boolean {
  if (rule.type === "any") return rule.conditions.length > 0 && rule.conditions.every(isKeyed);
  if (rule.type === "all") {
    const points = rule.conditions.filter(isPoint).map(({ field }) => (field.kind === "meta" ? field.name : undefined));
    const isNamed = points.includes("$identifier") && points.includes("$blueprint");
    return isNamed || rule.conditions.some(isKeyed);
  }
  return isIdList(rule);
}

/** The conditions that all must hold. */
function toConjunction(rule: SearchCondition): readonly SearchCondition[] {
  return rule.type === "all" ? rule.conditions.flatMap(toConjunction) : [rule];
}

/** An equality that an index answers. */
function isPoint(condition: SearchCondition): condition is Extract<SearchCondition, { type: "equal" }> {
  return condition.type === "equal" && !condition.negated && !condition.values.includes(null);
}

/** A condition that is written as a list of ids. */
function isIdList(condition: SearchCondition): boolean {
  if (condition.type === "relatedTo" || condition.type === "related") return true;
  return isPoint(condition) && condition.field.kind === "relation" && condition.field.targetBlueprintId !== undefined;
}

/** The one that leaves the fewest entities; undefined when the order of the answer is the better guide. */
function chooseDriver(
  db: Connection,
  drivers: readonly Driver[],
  { blueprintId, sort }: { readonly blueprintId: number; readonly sort: EntitySearch["sort"] },
  known: ReadonlySet<string>,
): Driver | undefined {
  if (drivers.length === 0) return undefined;
  const counted = drivers.map((driver) => ({ driver, count: countFew(db, driver, blueprintId) }));
  const [best] = counted.toSorted((a, b) => a.count - b.count);
  if (best === undefined || best.count <= FEW) return best?.driver;
  const sortIndex = sort && toIndexName({ blueprintId, field: sort.field });
  if (sort === undefined) return counted.find(({ driver }) => driver.kind === "index")?.driver; // it is in the right order
  return sortIndex !== undefined && known.has(sortIndex) ? undefined : best.driver;
}

function countFew(db: Connection, driver: Driver, blueprintId: number): number {
  const { sql, values } = driver;
  const from = driver.kind === "index" ? `entity INDEXED BY ${quote(driver.name)}` : "entity";
  const scope = driver.kind === "index" ? "entity.blueprint_id" : "+entity.blueprint_id";
  const row = db.get(
    `SELECT count(*) AS count FROM (SELECT 1 FROM ${from} WHERE ${scope} = ${blueprintId} AND ${sql} LIMIT ${FEW + 1})`,
    ...values,
  );
  return Number(row?.["count"]);
}

function toAccess(
  driver: Driver | undefined,
  blueprintId: number,
  sort: EntitySearch["sort"],
  known: ReadonlySet<string>,
): Pick<SearchPlan, "from" | "scope"> {
  const blueprint = `entity.blueprint_id = ${blueprintId}`;
  const scope = { sql: blueprint, values: [] };
  if (driver?.kind === "index") return { from: `entity INDEXED BY ${quote(driver.name)}`, scope };
  // With a plus no index over the blueprint is looked for, and the list of ids leads.
  if (driver?.kind === "ids") {
    return { from: "entity", scope: { sql: `+${blueprint} AND ${driver.sql}`, values: driver.values } };
  }
  const sortIndex = sort && toIndexName({ blueprintId, field: sort.field });
  if (sortIndex !== undefined && known.has(sortIndex)) return { from: `entity INDEXED BY ${quote(sortIndex)}`, scope };
  return { from: `entity INDEXED BY ${BY_IDENTIFIER}`, scope };
}

function hasMany(db: Connection, blueprintId: number): boolean {
  const last = db.get(`SELECT 1 FROM entity WHERE blueprint_id = ${blueprintId} LIMIT 1 OFFSET ${MIN_ENTITIES - 1}`);
  return last !== undefined;
}

/** Where a page begins: conditions one after another, each read in the order of the answer. */
export function toSegments(
  sort: NonNullable<EntitySearch["sort"]>,
  last: readonly [value: string | number | null, identifier: string] | undefined,
): readonly SqlFragment[] {
  const value = toSortSql(sort.field);
  const filled = { sql: `${value} IS NOT NULL`, values: [] };
  const empty = { sql: `${value} IS NULL`, values: [] };
  const all = sort.isDescending ? [filled, empty] : [empty, filled];
  if (last === undefined) return all;
  const [after, identifier] = last;
  const [beyond, orEqual] = sort.isDescending ? ["<", "<="] : [">", ">="];
  const rest =
    after === null
      ? { sql: `${value} IS NULL AND entity.identifier ${beyond} ?`, values: [identifier] }
      : {
          sql: `${value} ${orEqual} ? AND (${value} ${beyond} ? OR entity.identifier ${beyond} ?)`,
          values: [after, after, identifier],
        };
  const isFirst = (after === null) !== sort.isDescending;
  return isFirst ? [rest, ...all.slice(1)] : [rest];
}
