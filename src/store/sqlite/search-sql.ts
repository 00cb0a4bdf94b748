import type { SQLInputValue } from "node:sqlite";
import type { EntitySearch, MetaProperty, SearchCondition, SearchField, SearchScalar } from "../../model/search.ts";
import { unreachable } from "../../runtime/errors.ts";

export interface SqlFragment {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** A condition as a WHERE clause over `entity`. Values are always bound, names too (as JSON paths). */
export function toSearchSql(condition: SearchCondition): SqlFragment {
  switch (condition.type) {
    case "all":
      return join(condition.conditions.map(toSearchSql), " AND ", "1");
    case "any":
      return join(condition.conditions.map(toSearchSql), " OR ", "0");
    case "equal":
      return negate(toEquality(condition.field, condition.values), condition.negated);
    case "text":
      return negate(toTextMatch(condition), condition.negated);
    case "empty":
      return negate(toEmptiness(condition.field), condition.negated);
    case "range":
      return negate(toRange(condition), condition.negated);
    case "relatedTo":
      return toReachability(condition);
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

/** The one value of a field, for measuring and grouping. Of a list it is its JSON text. */
export function toValueSql(field: SearchField): SqlFragment {
  switch (field.kind) {
    case "meta":
      return { sql: field.name === "$team" ? "entity.team" : META_COLUMNS[field.name], values: [] };
    case "relation":
      return { sql: "(entity.relations ->> ?)", values: [toPath(field.name)] };
    case "property":
      return { sql: `(entity.${field.isCalculated ? "computed" : "properties"} ->> ?)`, values: [toPath(field.name)] };
    default:
      return unreachable(field);
  }
}

/** The entities that a search looks at and finds. */
export function toScope({ blueprintId, rule }: Pick<EntitySearch, "blueprintId" | "rule">): SqlFragment {
  const { sql, values } = toSearchSql(rule);
  if (blueprintId === undefined) return { sql, values };
  return { sql: `entity.blueprint_id = ? AND (${sql})`, values: [blueprintId, ...values] };
}

/** True if the test holds for a value that the field has; false or null if it has none. */
function overValues(field: SearchField, test: Test): SqlFragment {
  switch (field.kind) {
    case "meta":
      if (field.name === "$team") return overElements({ sql: "entity.team", values: [] }, test);
      return { sql: fill(test.single, META_COLUMNS[field.name]), values: test.values };
    case "relation":
      return {
        sql: `EXISTS (SELECT 1 FROM edge WHERE source_id = entity.id AND relation = ? AND ${fill(test.element ?? test.single, "edge.target")})`,
        values: [field.name, ...test.values],
      };
    case "property": {
      const document = `entity.${field.isCalculated ? "computed" : "properties"}`;
      const path = toPath(field.name);
      const list = overElements({ sql: `${document} -> ?`, values: [path] }, test);
      return {
        sql: `CASE json_type(${document}, ?) WHEN 'array' THEN ${list.sql} WHEN 'object' THEN 0
          ELSE (SELECT ${fill(test.single, "only.value")} FROM (SELECT ${document} ->> ? AS value) AS only) END`,
        values: [path, ...list.values, ...test.values, path],
      };
    }
    default:
      return unreachable(field);
  }
}

function overElements(document: SqlFragment, test: Test): SqlFragment {
  return {
    sql: `EXISTS (SELECT 1 FROM json_each(${document.sql}) AS element WHERE ${fill(test.element ?? test.single, "element.value")})`,
    values: [...document.values, ...test.values],
  };
}

function fill(sql: string, expression: string): string {
  return sql.replaceAll("%", () => expression);
}

/** A JSON path to one key, whatever is in it. */
function toPath(name: string): string {
  return `$.${JSON.stringify(name)}`;
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
    const [test, value] =
      some.length === 1 ? ["% = ?", some[0] ?? ""] : [`% IN (SELECT value FROM json_each(?))`, list];
    tests.push(overValues(field, { single: test, values: [value] }));
  }
  if (values.includes(null)) tests.push(toEmptiness(field));
  return join(tests, " OR ", "0");
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
    const document = `entity.${field.isCalculated ? "computed" : "properties"}`;
    return { sql: `(${document} ->> ?) IS NULL`, values: [toPath(field.name)] };
  }
  const { sql, values } = overValues(field, { single: "% IS NOT NULL", values: [] });
  return { sql: `NOT (${sql})`, values };
}

function toRange({ field, as, from, to }: Extract<SearchCondition, { type: "range" }>): SqlFragment {
  const value = as === "number" ? "%" : "instant(%)";
  const isRight = as === "number" ? "typeof(%) IN ('integer', 'real')" : `${value} IS NOT NULL`;
  const bounds = [
    ...(from ? [{ sql: `${value} ${from.isIncluded ? ">=" : ">"} ?`, value: from.value }] : []),
    ...(to ? [{ sql: `${value} ${to.isIncluded ? "<=" : "<"} ?`, value: to.value }] : []),
  ];
  const sql = [isRight, ...bounds.map((bound) => bound.sql)].join(" AND ");
  return overValues(field, { single: `(${sql})`, values: bounds.map((bound) => bound.value) });
}

/** Entities that can be reached from the named ones over any number of relations; not themselves. */
function toReachability({
  blueprintId,
  identifiers,
  direction,
}: Extract<SearchCondition, { type: "relatedTo" }>): SqlFragment {
  const upstream = `SELECT target.id FROM reached JOIN edge ON edge.source_id = reached.id
      JOIN entity AS target ON target.blueprint_id = edge.target_blueprint_id AND target.identifier = edge.target`;
  const downstream = `SELECT edge.source_id FROM reached JOIN entity AS here ON here.id = reached.id
      JOIN edge ON edge.target_blueprint_id = here.blueprint_id AND edge.target = here.identifier`;
  const steps = { upstream, downstream, both: `${upstream} UNION ${downstream}` }[direction];
  const start = "SELECT id FROM entity WHERE blueprint_id = ? AND identifier IN (SELECT value FROM json_each(?))";
  const values = [blueprintId, JSON.stringify(identifiers)];
  return {
    sql: `(entity.id IN (WITH RECURSIVE reached (id) AS (${start} UNION ${steps}) SELECT id FROM reached)
      AND entity.id NOT IN (${start}))`,
    values: [...values, ...values],
  };
}

function negate({ sql, values }: SqlFragment, negated: boolean): SqlFragment {
  return negated ? { sql: `NOT ifnull((${sql}), 0)`, values } : { sql, values };
}

function join(parts: readonly SqlFragment[], separator: string, empty: string): SqlFragment {
  if (parts.length === 0) return { sql: empty, values: [] };
  return { sql: `(${parts.map((part) => part.sql).join(separator)})`, values: parts.flatMap((part) => part.values) };
}

/** SQLite reads JSON's true and false as 1 and 0. */
function toSqlScalar(value: string | number | boolean): string | number {
  return typeof value === "boolean" ? Number(value) : value;
}
