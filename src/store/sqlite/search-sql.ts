import type { SQLInputValue } from "node:sqlite";
import type { EntitySearch, MetaProperty, SearchCondition, SearchField, SearchScalar } from "../../model/search.ts";
import { unreachable } from "../../runtime/errors.ts";
import { RELATION_ID } from "./relation-id.ts";

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
    case "related":
      return toRelated(condition);
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

/** The entities that a search looks at and finds. */
export function toScope({ blueprintId, rule }: Pick<EntitySearch, "blueprintId" | "rule">): SqlFragment {
  const { sql, values } = toSearchSql(rule);
  // The number stands in the text, where it is seen that an index of that blueprint serves.
  return { sql: blueprintId === undefined ? sql : `entity.blueprint_id = ${blueprintId} AND (${sql})`, values };
}

/** True if the test holds for a value that the field has; false or null if it has none. */
function overValues(field: SearchField, test: Test): SqlFragment {
  switch (field.kind) {
    case "meta":
      if (field.name === "$team") return overElements("entity.team", test);
      return { sql: fill(test.single, META_COLUMNS[field.name]), values: test.values };
    case "relation":
      return {
        sql: `entity.id IN (SELECT edge.source_id FROM entity AS target
          CROSS JOIN edge ON edge.target_id = target.id AND edge.relation_id = ${RELATION_ID}
          WHERE target.blueprint_id IN (${field.targetBlueprintId ?? "SELECT id FROM blueprint"})
            AND ${fill(test.element ?? test.single, "target.identifier")})`,
        values: [field.name, ...test.values],
      };
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

/** Entities that can be reached from the named ones over any number of relations; not themselves. */
function toReachability({
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
    sql: `(entity.id IN (WITH RECURSIVE reached (id) AS (${start} UNION ${steps}) SELECT id FROM reached)
      AND entity.id NOT IN (${start}))`,
    values: [...values, ...pairs, ...(direction === "both" ? pairs : []), ...values],
  };
}

/** From the entities at the end, which are few, back over the steps. */
function toRelated({ steps, condition }: Extract<SearchCondition, { type: "related" }>): SqlFragment {
  const end = toSearchSql(condition);
  const tables = [`walk0 (id) AS (SELECT entity.id FROM entity WHERE ${end.sql})`];
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
  return { sql: `entity.id IN (WITH RECURSIVE ${tables.join(", ")} SELECT id FROM walk${steps.length})`, values };
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
