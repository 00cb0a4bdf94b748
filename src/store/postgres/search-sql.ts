import type { EntitySearch, MetaProperty, SearchCondition, SearchField, SearchScalar } from "../../model/search.ts";
import { unreachable } from "../../runtime/errors.ts";
import { join, literal, raw, sql, type Sql } from "./sql.ts";
import { AFTER_NUMBERS, toKey } from "./value-key.ts";

/** A condition as a WHERE clause over `entity`. Values are always bound. */
export function toSearchSql(condition: SearchCondition): Sql {
  switch (condition.type) {
    case "all":
      return combine(condition.conditions.map(toSearchSql), " AND ", "true");
    case "any":
      return combine(condition.conditions.map(toSearchSql), " OR ", "false");
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

/** The entities that a search looks at and finds. */
export function toScope({ blueprintId, rule }: Pick<EntitySearch, "blueprintId" | "rule">): Sql {
  return blueprintId === undefined ? toSearchSql(rule) : sql`${ofBlueprint(blueprintId)} AND (${toSearchSql(rule)})`;
}

/** The number stands in the text, where it is seen that an index of that blueprint serves. */
export function ofBlueprint(blueprintId: number): Sql {
  return raw(`entity.blueprint_id = ${blueprintId}`);
}

/** A value as it is tested: JSON, or a text. */
type Operand = { readonly type: "json" | "text"; readonly sql: Sql };
/** What must hold of the value of a field: of the only one, and of an element where the value is a list. */
type Test = (operand: Operand, isElement: boolean) => Sql;

/** Where a property, a relation or the team stands as JSON. Names stand in the text, where indexes are found by it. */
export function toJsonSql(field: SearchField): Sql {
  switch (field.kind) {
    case "meta":
      return field.name === "$team" ? raw("entity.team") : sql`to_jsonb(${toMetaSql(field.name)})`;
    case "relation":
      return sql`(entity.relations -> ${literal(field.name)})`;
    case "property":
      return sql`(entity.${raw(field.isCalculated ? "computed" : "properties")} -> ${literal(field.name)})`;
    default:
      return unreachable(field);
  }
}

/** The key of the one value of a field, for sorting and grouping; null where there is none. */
export function toKeySql(field: SearchField): Sql {
  return sql`(quayside.value_key(${toJsonSql(field)}) COLLATE "C")`;
}

export function toTextSql({ type, sql: value }: Operand): Sql {
  return type === "text" ? value : sql`(quayside.value_text(${value}) COLLATE "C")`;
}

/** The one value of a field, for measuring. */
export function toOperand(field: SearchField): Operand {
  if (field.kind === "meta" && field.name !== "$team") return { type: "text", sql: toMetaSql(field.name) };
  return { type: "json", sql: toJsonSql(field) };
}

/** True if the test holds for a value that the field has; false or null if it has none. */
function overValues(field: SearchField, test: Test): Sql {
  switch (field.kind) {
    case "meta":
      return field.name === "$team" ? overElements(raw("entity.team"), test) : test(toOperand(field), false);
    case "relation": {
      const target =
        field.targetBlueprintId === undefined ? raw("true") : sql`target.blueprint_id = ${field.targetBlueprintId}`;
      return sql`entity.id IN (SELECT edge.source_id FROM edge JOIN entity AS target ON target.id = edge.target_id
        WHERE ${target} AND edge.relation = ${field.name}
          AND ${test({ type: "text", sql: raw("target.identifier") }, true)})`;
    }
    case "property": {
      const value = toJsonSql(field);
      const only = test({ type: "json", sql: value }, false);
      if (field.isScalar) return only;
      return sql`CASE jsonb_typeof(${value}) WHEN 'array' THEN ${overElements(value, test)}
        WHEN 'object' THEN false ELSE ${only} END`;
    }
    default:
      return unreachable(field);
  }
}

function overElements(list: Sql, test: Test): Sql {
  const element = { type: "json", sql: raw("element.value") } as const;
  return sql`EXISTS (SELECT 1 FROM jsonb_array_elements(${list}) AS element (value) WHERE ${test(element, true)})`;
}

/** A text, whatever the property is. Times are stored as numbers and compared as the text that the API shows. */
export function toMetaSql(name: Exclude<MetaProperty, "$team">): Sql {
  const column = META_COLUMNS[name];
  if (name !== "$createdAt" && name !== "$updatedAt") return raw(column);
  return raw(`(to_char(to_timestamp(${column} / 1000.0), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') COLLATE "C")`);
}

const META_COLUMNS: Readonly<Record<Exclude<MetaProperty, "$team">, string>> = {
  $identifier: "entity.identifier",
  $title: "entity.title",
  $icon: "entity.icon",
  $blueprint: "(SELECT identifier FROM blueprint WHERE id = entity.blueprint_id)",
  $createdAt: "entity.created_at",
  $createdBy: "entity.created_by",
  $updatedAt: "entity.updated_at",
  $updatedBy: "entity.updated_by",
  $datasource: "entity.data_source",
};

function toEquality(field: SearchField, values: readonly SearchScalar[]): Sql {
  const some = values.filter((value) => value !== null);
  const tests: Sql[] = [];
  if (field.kind === "meta" && field.name === "$blueprint") {
    // By number, so that the index over it serves.
    tests.push(
      sql`entity.blueprint_id IN (SELECT id FROM blueprint WHERE identifier = ANY (${some.map(toText)}::text[]))`,
    );
  } else if (some.length > 0) {
    tests.push(overValues(field, (operand) => isOneOf(operand, some)));
  }
  if (values.includes(null)) tests.push(toEmptiness(field));
  return combine(tests, " OR ", "false");
}

/** A text is compared with texts alone; in JSON a number is not the text of its digits. */
function isOneOf({ type, sql: value }: Operand, wanted: readonly Exclude<SearchScalar, null>[]): Sql {
  const compared = type === "text" ? value : toOperandKey(value);
  const texts = wanted.map(type === "text" ? toText : toKey);
  const [only] = texts;
  return only !== undefined && texts.length === 1
    ? sql`${compared} = ${only}`
    : sql`${compared} = ANY (${texts}::text[])`;
}

/** True and false are 1 and 0, as they are in keys. */
function toText(value: Exclude<SearchScalar, null>): string {
  return String(typeof value === "boolean" ? Number(value) : value);
}

function toOperandKey(json: Sql): Sql {
  return sql`(quayside.value_key(${json}) COLLATE "C")`;
}

function toTextMatch({ field, match, value }: Extract<SearchCondition, { type: "text" }>): Sql {
  const text = value.replaceAll(/[\\%_]/g, "\\$&");
  switch (match) {
    case "contains":
      return overValues(field, (operand, isElement) =>
        isElement ? isOneOf(operand, [value]) : sql`${toTextSql(operand)} LIKE ${`%${text}%`}`,
      );
    case "begins":
      return overValues(field, (operand) => sql`${toTextSql(operand)} LIKE ${`${text}%`}`);
    case "ends":
      return overValues(field, (operand) => sql`${toTextSql(operand)} LIKE ${`%${text}`}`);
    default:
      return unreachable(match);
  }
}

function toEmptiness(field: SearchField): Sql {
  if (field.kind === "property") return sql`${toKeySql(field)} IS NULL`;
  if (field.kind === "relation") {
    return sql`NOT EXISTS (SELECT 1 FROM edge WHERE edge.source_id = entity.id AND edge.relation = ${field.name})`;
  }
  return sql`NOT (${overValues(field, (operand) => sql`${toTextSql(operand)} IS NOT NULL`)})`;
}

function toRange({ field, as, from, to }: Extract<SearchCondition, { type: "range" }>): Sql {
  const within = (value: Sql, toBound: (value: number) => string | number): Sql[] => [
    ...(from ? [sql`${value} ${raw(from.isIncluded ? ">=" : ">")} ${toBound(from.value)}`] : []),
    ...(to ? [sql`${value} ${raw(to.isIncluded ? "<=" : "<")} ${toBound(to.value)}`] : []),
  ];
  if (as === "instant") {
    const toInstant = (operand: Operand): Sql => toInstantSql(field, operand);
    return overValues(field, (operand) =>
      combine([sql`${toInstant(operand)} IS NOT NULL`, ...within(toInstant(operand), (ms) => ms)], " AND ", "true"),
    );
  }
  return overValues(field, ({ type, sql: value }) => {
    if (type === "text") return raw("false");
    const key = toOperandKey(value);
    return combine([sql`${key} < ${AFTER_NUMBERS}`, ...within(key, toKey)], " AND ", "true");
  });
}

/** Milliseconds since 1970, or null for what is no time. */
export function toInstantSql(field: SearchField, operand: Operand): Sql {
  const isTime = field.kind === "meta" && (field.name === "$createdAt" || field.name === "$updatedAt");
  return isTime ? sql`${raw(META_COLUMNS[field.name])}` : sql`quayside.instant(${toTextSql(operand)})`;
}

/** Entities that can be reached from the named ones over any number of relations; not themselves. */
function toReachability({
  blueprintId,
  identifiers,
  direction,
  over,
}: Extract<SearchCondition, { type: "relatedTo" }>): Sql {
  // Which relations an edge may be of depends on the blueprint it comes from.
  const allowed =
    over === undefined
      ? raw("")
      : sql`JOIN entity AS source ON source.id = edge.source_id AND (source.blueprint_id, edge.relation) IN (
          SELECT * FROM unnest(${over.map((each) => each.blueprintId)}::integer[],
            ${over.map((each) => each.relation)}::text[]))`;
  const upstream = sql`SELECT edge.target_id AS id FROM edge ${allowed} WHERE edge.source_id = reached.id`;
  const downstream = sql`SELECT edge.source_id AS id FROM edge ${allowed} WHERE edge.target_id = reached.id`;
  const steps = { upstream, downstream, both: sql`${upstream} UNION ALL ${downstream}` }[direction];
  const start = sql`SELECT id FROM entity WHERE blueprint_id = ${blueprintId} AND identifier = ANY (${identifiers}::text[])`;
  return sql`(entity.id IN (
      WITH RECURSIVE reached (id) AS (${start} UNION SELECT next.id FROM reached CROSS JOIN LATERAL (${steps}) AS next)
      SELECT id FROM reached
    ) AND entity.id NOT IN (${start}))`;
}

/** From the entities at the end, which are few, back over the steps. */
function toRelated({ steps, condition }: Extract<SearchCondition, { type: "related" }>): Sql {
  const tables = [sql`walk0 (id) AS (SELECT entity.id FROM entity WHERE ${toSearchSql(condition)})`];
  for (const [index, { relation, direction, maxHops }] of steps.toReversed().entries()) {
    const [here, there] = direction === "forward" ? ["target_id", "source_id"] : ["source_id", "target_id"];
    const [before, hop, after] = [raw(`walk${index}`), raw(`hop${index + 1}`), raw(`walk${index + 1}`)];
    tables.push(
      sql`${hop} (id, depth) AS (
        SELECT id, 0 FROM ${before}
        UNION SELECT edge.${raw(there)}, hop.depth + 1 FROM ${hop} AS hop JOIN edge ON edge.${raw(here)} = hop.id
          AND edge.relation = ${relation} WHERE hop.depth < ${maxHops})`,
      sql`${after} (id) AS (SELECT DISTINCT id FROM ${hop} WHERE depth > 0)`,
    );
  }
  return sql`entity.id IN (WITH RECURSIVE ${join(tables, ", ")} SELECT id FROM ${raw(`walk${steps.length}`)})`;
}

/** A negated condition also holds where there is no value. */
function negate(condition: Sql, negated: boolean): Sql {
  return negated ? sql`NOT coalesce((${condition}), false)` : condition;
}

function combine(parts: readonly Sql[], separator: string, empty: string): Sql {
  return parts.length === 0 ? raw(empty) : sql`(${join(parts, separator)})`;
}
