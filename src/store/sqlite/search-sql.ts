import type { SQLInputValue } from "node:sqlite";
import type { MetaProperty, SearchCondition, SearchField, SearchScalar } from "../../model/search.ts";
import { unreachable } from "../../runtime/errors.ts";
import { RELATION_ID } from "./relation-id.ts";

export interface SqlFragment {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Not 0: with that SQLite plans nothing, and says that the index it was told to use is of no use. */
const FALSE = "1 = 0";

/** A condition as a WHERE clause over `entity`. Values are always bound, names too (as JSON paths). */
export function toSearchSql(condition: SearchCondition): SqlFragment {
  switch (condition.type) {
    case "all":
      return join(condition.conditions.map(toSearchSql), " AND ", "1");
    case "any":
      return join(condition.conditions.map(toSearchSql), " OR ", FALSE);
    case "equal":
      return negate(toEquality(condition.field, condition.values), condition.negated);
    case "text":
      return negate(toTextMatch(condition), condition.negated);
    case "empty":
      return negate(toEmptiness(condition.field), condition.negated);
    case "range":
      return negate(toRange(condition), condition.negated);
    case "relatedTo":
      return toMembership(toReachable(condition));
    case "related":
      return toMembership(toRelated(condition));
    default:
      return unreachable(condition);
  }
}

/** What must hold of a value, written `%`: of the only one, and of an element where the value is a list. */
interface Test {
  readonly single: string;
  readonly element?: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * The one value of a field, for comparing, measuring, sorting and grouping. Of a list it is its JSON text. Names stand in
 * the text, where indexes over the same expression are found by it.
 */
export function toValueSql(field: SearchField): string {
  switch (field.kind) {
    case "meta":
      return field.name === "$team" ? "entity.team" : META_COLUMNS[field.name];
    case "relation":
      return `(entity.relations ->> ${toPathSql(field.name)})`;
    case "property":
      return `(${toDocument(field)} ->> ${toPathSql(field.name)})`;
    default:
      return unreachable(field);
  }
}

function toDocument({ isCalculated }: { readonly isCalculated: boolean }): string {
  return `entity.${isCalculated ? "computed" : "properties"}`;
}

/** True if the test holds for a value that the field has; false or null if it has none. */
function overValues(field: SearchField, test: Test): SqlFragment {
  switch (field.kind) {
    case "meta":
      if (field.name === "$team") return overElements("entity.team", test);
      return { sql: fill(test.single, META_COLUMNS[field.name]), values: test.values };
    case "relation": {
      const targets = toTargets(field, test);
      return {
        sql: `EXISTS (SELECT 1 FROM edge WHERE edge.source_id = entity.id AND edge.relation_id = ${RELATION_ID}
          AND edge.target_id IN (${targets.sql}))`,
        values: [field.name, ...targets.values],
      };
    }
    case "property": {
      const only = fill(test.single, toValueSql(field));
      if (field.isScalar) return { sql: only, values: test.values };
      const [document, path] = [toDocument(field), toPathSql(field.name)];
      const list = overElements(`${document} -> ${path}`, test);
      return {
        sql: `CASE json_type(${document}, ${path}) WHEN 'array' THEN ${list.sql} WHEN 'object' THEN 0 ELSE ${only} END`,
        values: [...list.values, ...test.values],
      };
    }
    default:
      return unreachable(field);
  }
}

/** What a relation may lead to. */
function toTargets({ targetBlueprintId }: Extract<SearchField, { kind: "relation" }>, test: Test): SqlFragment {
  return {
    sql: `SELECT target.id FROM entity AS target
      WHERE target.blueprint_id IN (${targetBlueprintId ?? "SELECT id FROM blueprint"})
        AND ${fill(test.element ?? test.single, "target.identifier")}`,
    values: test.values,
  };
}

function overElements(document: string, test: Test): SqlFragment {
  return {
    sql: `EXISTS (SELECT 1 FROM json_each(${document}) AS element WHERE ${fill(test.element ?? test.single, "element.value")})`,
    values: test.values,
  };
}

function fill(sql: string, expression: string): string {
  return sql.replaceAll("%", () => expression);
}

/** A JSON path to one key as a text of SQL, whatever is in it. */
export function toPathSql(name: string): string {
  return `'${`$.${JSON.stringify(name)}`.replaceAll("'", "''")}'`;
}

const META_COLUMNS: Readonly<Record<Exclude<MetaProperty, "$team">, string>> = {
  $identifier: "entity.identifier",
  $title: "entity.title",
  $icon: "entity.icon",
  $blueprint: "(SELECT identifier FROM blueprint WHERE id = entity.blueprint_id)",
  // Times are stored as numbers and compared as the text that the API shows.
  $createdAt: "strftime('%Y-%m-%dT%H:%M:%fZ', entity.created_at / 1000.0, 'unixepoch')",
  $createdBy: "entity.created_by",
  $updatedAt: "strftime('%Y-%m-%dT%H:%M:%fZ', entity.updated_at / 1000.0, 'unixepoch')",
  $updatedBy: "entity.updated_by",
  $datasource: "entity.data_source",
};

function toEquality(field: SearchField, values: readonly SearchScalar[]): SqlFragment {
  const some = values.filter((value) => value !== null).map(toSqlScalar);
  const list = JSON.stringify(some);
  const tests: SqlFragment[] = [];
  if (field.kind === "meta" && field.name === "$blueprint") {
    // By number, so that the index over it serves.
    const sql =
      "entity.blueprint_id IN (SELECT id FROM blueprint WHERE identifier IN (SELECT value FROM json_each(?)))";
    tests.push({ sql, values: [list] });
  } else if (some.length > 0) {
    tests.push(overValues(field, toEqualityTest(some)));
  }
  if (values.includes(null)) tests.push(toEmptiness(field));
  return join(tests, " OR ", FALSE);
}

function toEqualityTest(values: readonly (string | number)[]): Test {
  const [first = ""] = values;
  return values.length === 1
    ? { single: "% = ?", values: [toBound(first)] }
    : { single: "% IN (SELECT value FROM json_each(?))", values: [JSON.stringify(values)] };
}

function toTextMatch({ field, match, value }: Extract<SearchCondition, { type: "text" }>): SqlFragment {
  switch (match) {
    case "contains":
      return overValues(field, { single: "instr(%, ?) > 0", element: "% = ?", values: [value] });
    case "begins":
      return overValues(field, { single: "substr(%, 1, length(?)) = ?", values: [value, value] });
    case "ends": {
      const tail = "substr(%, length(%) - length(?) + 1) = ?";
      return overValues(field, { single: `(length(%) >= length(?) AND ${tail})`, values: [value, value, value] });
    }
    default:
      return unreachable(match);
  }
}

function toEmptiness(field: SearchField): SqlFragment {
  if (field.kind === "property") {
    return { sql: `${toValueSql(field)} IS NULL`, values: [] };
  }
  if (field.kind === "relation") {
    const sql = `NOT EXISTS (SELECT 1 FROM edge WHERE edge.source_id = entity.id AND edge.relation_id = ${RELATION_ID})`;
    return { sql, values: [field.name] };
  }
  const { sql, values } = overValues(field, { single: "% IS NOT NULL", values: [] });
  return { sql: `NOT (${sql})`, values };
}

function toRange({ field, as, from, to }: Extract<SearchCondition, { type: "range" }>): SqlFragment {
  const column = field.kind === "meta" && as === "instant" ? TIME_COLUMNS[field.name] : undefined;
  const value = column ?? (as === "number" ? "%" : "instant(%)");
  const isRight = as === "number" ? "typeof(%) IN ('integer', 'real')" : `${value} IS NOT NULL`;
  const bounds = [
    ...(from ? [{ sql: `${value} ${from.isIncluded ? ">=" : ">"} ?`, value: from.value }] : []),
    ...(to ? [{ sql: `${value} ${to.isIncluded ? "<=" : "<"} ?`, value: to.value }] : []),
  ];
  const sql = [isRight, ...bounds.map((bound) => bound.sql)].join(" AND ");
  return overValues(field, { single: `(${sql})`, values: bounds.map((bound) => bound.value) });
}

const TIME_COLUMNS: Readonly<Partial<Record<MetaProperty, string>>> = {
  $createdAt: "entity.created_at",
  $updatedAt: "entity.updated_at",
};

/**
 * The ids of all that can fulfil a condition, found without looking at every entity; undefined when there is no such
 * way. It may hold more than what fulfils it, and one of them twice.
 */
export function toIdList(condition: SearchCondition): SqlFragment | undefined {
  switch (condition.type) {
    case "any": {
      const lists = condition.conditions.map(toIdList);
      const all = lists.filter((list) => list !== undefined);
      if (all.length === 0 || all.length < lists.length) return undefined;
      const sql = all.map((list) => `SELECT id FROM (${list.sql})`).join(" UNION ");
      return { sql, values: all.flatMap((list) => list.values) };
    }
    case "all":
      return toNamed(condition.conditions) ?? condition.conditions.map(toIdList).find((list) => list !== undefined);
    case "relatedTo":
      return toReachable(condition);
    case "related":
      return toRelated(condition);
    case "equal":
      return toReferrers(condition);
    default:
      return undefined;
  }
}

type Equality = Extract<SearchCondition, { type: "equal" }>;

/** Whether it asks for a value that is there. */
export function isPoint(condition: SearchCondition): condition is Equality {
  return condition.type === "equal" && !condition.negated && !condition.values.includes(null);
}

/** Entities by blueprint and identifier. */
function toNamed(conditions: readonly SearchCondition[]): SqlFragment | undefined {
  const find = (name: MetaProperty): Equality | undefined =>
    conditions.filter(isPoint).find(({ field }) => field.kind === "meta" && field.name === name);
  const named = [find("$blueprint"), find("$identifier")].filter((each) => each !== undefined).map(toSearchSql);
  if (named.length < 2) return undefined;
  const { sql, values } = join(named, " AND ", "1");
  return { sql: `SELECT id FROM entity WHERE ${sql}`, values };
}

/** Entities whose relation leads to one of those that are named. */
function toReferrers(condition: Equality): SqlFragment | undefined {
  const { field, values: wanted } = condition;
  if (!isPoint(condition) || field.kind !== "relation") return undefined;
  const targets = toTargets(field, toEqualityTest(wanted.filter((value) => value !== null).map(toSqlScalar)));
  return {
    sql: `SELECT edge.source_id AS id FROM (${targets.sql}) AS target
      CROSS JOIN edge ON edge.target_id = target.id AND edge.relation_id = ${RELATION_ID}`,
    values: [...targets.values, field.name],
  };
}

/** Entities that can be reached from the named ones over any number of relations; not themselves. */
function toReachable({
  blueprintId,
  identifiers,
  direction,
  over,
}: Extract<SearchCondition, { type: "relatedTo" }>): SqlFragment {
  // Which relations an edge may be of depends on the blueprint it comes from.
  const allowed =
    over === undefined
      ? ""
      : `JOIN relation ON relation.id = edge.relation_id
         JOIN entity AS source ON source.id = edge.source_id AND EXISTS (SELECT 1 FROM json_each(?) AS pair
           WHERE pair.value ->> 0 = source.blueprint_id AND pair.value ->> 1 = relation.name)`;
  const pairs = over === undefined ? [] : [JSON.stringify(over.map((each) => [each.blueprintId, each.relation]))];
  const upstream = `SELECT edge.target_id FROM reached JOIN edge ON edge.source_id = reached.id ${allowed}`;
  const downstream = `SELECT edge.source_id FROM reached JOIN edge ON edge.target_id = reached.id ${allowed}`;
  const steps = { upstream, downstream, both: `${upstream} UNION ${downstream}` }[direction];
  const start = "SELECT id FROM entity WHERE blueprint_id = ? AND identifier IN (SELECT value FROM json_each(?))";
  const values = [blueprintId, JSON.stringify(identifiers)];
  return {
    sql: `WITH RECURSIVE reached (id) AS (${start} UNION ${steps}) SELECT id FROM reached WHERE id NOT IN (${start})`,
    values: [...values, ...pairs, ...(direction === "both" ? pairs : []), ...values],
  };
}

/** From the entities at the end, which are few, back over the steps. */
function toRelated({ steps, condition }: Extract<SearchCondition, { type: "related" }>): SqlFragment {
  const end = toSearchSql(condition);
  // With all blueprints named, an identifier is looked up in the index over both.
  const tables = [
    `walk0 (id) AS (SELECT entity.id FROM entity WHERE entity.blueprint_id IN (SELECT id FROM blueprint) AND (${end.sql}))`,
  ];
  const values: SQLInputValue[] = [...end.values];
  for (const [index, { relation, direction, maxHops }] of steps.toReversed().entries()) {
    const [here, next] = direction === "forward" ? ["target_id", "source_id"] : ["source_id", "target_id"];
    const walk = (from: string): string =>
      `SELECT edge.${next}, ${from}.depth + 1 FROM ${from}
       CROSS JOIN edge ON edge.${here} = ${from}.id AND edge.relation_id = ${RELATION_ID}`;
    const name = `hop${index + 1}`;
    tables.push(
      `${name} (id, depth) AS (SELECT id, 0 FROM walk${index} UNION ${walk(name)} WHERE ${name}.depth < ${maxHops})`,
      `walk${index + 1} (id) AS (SELECT DISTINCT id FROM ${name} WHERE depth > 0)`,
    );
    values.push(relation);
  }
  return { sql: `WITH RECURSIVE ${tables.join(", ")} SELECT id FROM walk${steps.length}`, values };
}

function toMembership({ sql, values }: SqlFragment): SqlFragment {
  return { sql: `entity.id IN (${sql})`, values };
}

function negate({ sql, values }: SqlFragment, negated: boolean): SqlFragment {
  return negated ? { sql: `NOT ifnull((${sql}), 0)`, values } : { sql, values };
}

export function join(parts: readonly SqlFragment[], separator: string, empty: string): SqlFragment {
  if (parts.length === 0) return { sql: empty, values: [] };
  return { sql: `(${parts.map((part) => part.sql).join(separator)})`, values: parts.flatMap((part) => part.values) };
}

/** SQLite reads JSON's true and false as 1 and 0. */
function toSqlScalar(value: string | number | boolean): string | number {
  return typeof value === "boolean" ? Number(value) : value;
}

/**
 * A whole number beyond 2^53 stands in a document with all its digits, which SQLite reads as they are up to 2^63: bound as
 * a number it would be another.
 */
export function toBound(value: string | number | null): SQLInputValue {
  const isLong = Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(Number(value)) < 2 ** 63;
  return isLong ? BigInt(String(value)) : value;
}
