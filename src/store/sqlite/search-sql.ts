import type { SQLInputValue } from "node:sqlite";
import type { CompareOperator, MetaProperty, SearchCondition, SearchField, SearchScalar } from "../../model/search.ts";
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
    case "compare":
      return toComparison(condition.field, condition.operator, condition.value);
    case "in":
      return toMembership(condition.field, condition.values, condition.negated);
    case "text":
      return toTextMatch(condition);
    case "containsAny":
      return overElements(condition.field, `element.value IN (SELECT value FROM json_each(?))`, [
        JSON.stringify(condition.values),
      ]);
    case "empty": {
      const { sql, values } = toValueSql(condition.field);
      return { sql: `(${sql}) IS ${condition.negated ? "NOT " : ""}NULL`, values };
    }
    case "between": {
      const { sql, values } = toValueSql(condition.field);
      const test = `(${sql}) BETWEEN ? AND ?`;
      const bounds = [toSqlScalar(condition.from), toSqlScalar(condition.to)];
      return negate({ sql: test, values: [...values, ...bounds] }, condition.negated);
    }
    case "relatedTo":
      return toReachability(condition);
    default:
      return unreachable(condition);
  }
}

const META_COLUMNS: Readonly<Record<MetaProperty, string>> = {
  $identifier: "entity.identifier",
  $title: "entity.title",
  $icon: "entity.icon",
  $team: "entity.team",
  $blueprint: "(SELECT identifier FROM blueprint WHERE id = entity.blueprint_id)",
  // Times are stored as numbers and compared as the text that the API shows.
  $createdAt: "strftime('%Y-%m-%dT%H:%M:%fZ', entity.created_at / 1000.0, 'unixepoch')",
  $createdBy: "entity.created_by",
  $updatedAt: "strftime('%Y-%m-%dT%H:%M:%fZ', entity.updated_at / 1000.0, 'unixepoch')",
  $updatedBy: "entity.updated_by",
  $datasource: "entity.data_source",
};

function toValueSql(field: SearchField): SqlFragment {
  switch (field.kind) {
    case "meta":
      return { sql: META_COLUMNS[field.name], values: [] };
    case "relation":
      return { sql: "entity.relations ->> ?", values: [toPath(field.name)] };
    case "property": {
      const path = toPath(field.name);
      if (field.isComputed !== undefined)
        return { sql: `entity.${field.isComputed ? "computed" : "properties"} ->> ?`, values: [path] };
      return { sql: "coalesce(entity.properties ->> ?, entity.computed ->> ?)", values: [path, path] };
    }
    default:
      return unreachable(field);
  }
}

/** A JSON path to one key, whatever is in it. */
function toPath(name: string): string {
  return `$.${JSON.stringify(name)}`;
}

function toComparison(field: SearchField, operator: CompareOperator, value: SearchScalar): SqlFragment {
  const { sql, values } = toValueSql(field);
  if (operator === "=" && isList(field)) return overElements(field, "element.value = ?", [toSqlScalar(value)]);
  if (operator === "=") return { sql: `(${sql}) IS ?`, values: [...values, toSqlScalar(value)] };
  if (operator === "!=") return { sql: `(${sql}) IS NOT ?`, values: [...values, toSqlScalar(value)] };
  return { sql: `(${sql}) ${operator} ?`, values: [...values, toSqlScalar(value)] };
}

function toMembership(field: SearchField, options: readonly SearchScalar[], negated: boolean): SqlFragment {
  if (isList(field))
    return negate(
      overElements(field, "element.value IN (SELECT value FROM json_each(?))", [JSON.stringify(options)]),
      negated,
    );
  const { sql, values } = toValueSql(field);
  // A missing value is in no list, so the negation holds for it.
  const test = `ifnull((${sql}) IN (SELECT value FROM json_each(?)), 0)`;
  return negate({ sql: test, values: [...values, JSON.stringify(options)] }, negated);
}

function toTextMatch(condition: Extract<SearchCondition, { type: "text" }>): SqlFragment {
  const { field, match, value, negated } = condition;
  const { sql, values } = toValueSql(field);
  const length = [...value].length;
  const tests = {
    contains: { sql: `ifnull(instr((${sql}), ?) > 0, 0)`, values: [...values, value] },
    begins: { sql: `ifnull(substr((${sql}), 1, ${length}) = ?, 0)`, values: [...values, value] },
    ends: {
      sql: `ifnull(length(${sql}) >= ${length} AND substr((${sql}), -${Math.max(1, length)}) = ?, 0)`,
      values: [...values, ...values, value],
    },
  };
  if (match !== "contains" || field.kind === "meta") return negate(tests[match], negated);
  // `contains` on a list means: one of its elements is this.
  const isArray = `substr((${sql}), 1, 1) = '['`;
  const elements = overElements(field, "element.value = ?", [value]);
  return negate(
    {
      sql: `CASE WHEN ${isArray} THEN ${elements.sql} ELSE ${tests.contains.sql} END`,
      values: [...values, ...elements.values, ...tests.contains.values],
    },
    negated,
  );
}

/** True if the test holds for an element of the list; false where the value is no list. */
function overElements(field: SearchField, test: string, testValues: readonly SQLInputValue[]): SqlFragment {
  const { sql, values } = toValueSql(field);
  return {
    sql: `EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(${sql}) THEN (${sql}) ELSE '[]' END) AS element WHERE ${test})`,
    values: [...values, ...values, ...testValues],
  };
}

function isList(field: SearchField): boolean {
  return field.kind === "meta" && field.name === "$team";
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
    sql: `entity.id IN (WITH RECURSIVE reached (id) AS (${start} UNION ${steps}) SELECT id FROM reached)
      AND entity.id NOT IN (${start})`,
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
function toSqlScalar(value: SearchScalar): SQLInputValue {
  return typeof value === "boolean" ? Number(value) : value;
}
