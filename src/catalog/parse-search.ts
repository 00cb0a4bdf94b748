import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { META_PROPERTIES, type SearchCondition, type SearchField, type SearchScalar } from "../model/search.ts";
import { CatalogError } from "./catalog-error.ts";
import { toDateRange } from "./date-preset.ts";
import type { FindBlueprint } from "./mirror-index.ts";

type Named = NonNullable<ReturnType<FindBlueprint>>;

export interface SearchContext {
  readonly registry: { find: FindBlueprint; list(): readonly Named[] };
  /** The blueprint that is searched; undefined searches all. */
  readonly blueprint: Named | undefined;
  readonly nowMs: number;
}

/** Groups may hold groups this deep; the database refuses expressions much deeper. */
const MAX_DEPTH = 20;
const MAX_RULES = 500;

/**
 * Reads Port's `{ combinator, rules }`. Throws CatalogError `invalid_request` that says which rule, by its path, and what
 * is wrong with it.
 */
export function parseSearch(query: unknown, context: SearchContext): SearchCondition {
  let rules = 0;
  const parseGroup = (group: JsonObject, path: string, depth: number): SearchCondition => {
    const { combinator, rules: members } = group;
    if (combinator === undefined) throw toError(path, `must have required property 'combinator'`);
    if (combinator !== "and" && combinator !== "or") throw toError(`${path}/combinator`, 'must be "and" or "or"');
    if (!Array.isArray(members)) throw toError(path, "must have required property 'rules', a list");
    if (depth > MAX_DEPTH) throw toError(path, `is nested deeper than ${MAX_DEPTH} groups`);
    const list: readonly Json[] = members;
    if (list.length === 0) return { type: "all", conditions: [] };
    const conditions = list.map((rule, index) => parseOne(rule, `${path}/rules/${index}`, depth + 1));
    return { type: combinator === "and" ? "all" : "any", conditions };
  };
  const parseOne = (rule: Json, path: string, depth: number): SearchCondition => {
    if (!isJsonObject(rule)) throw toError(path, "must be an object");
    if (++rules > MAX_RULES) throw toError(path, `is one rule too many: a search has at most ${MAX_RULES}`);
    return "rules" in rule || "combinator" in rule ? parseGroup(rule, path, depth) : parseRule(rule, path, context);
  };
  if (!isJsonObject(query)) throw toError("query", "must be an object with combinator and rules");
  return parseGroup(query, "query", 0);
}

function parseRule(rule: JsonObject, path: string, context: SearchContext): SearchCondition {
  const { operator } = rule;
  if (typeof operator !== "string") throw toError(path, "must have required property 'operator'");
  if (operator === "relatedTo") return parseRelatedTo(rule, path, context);
  const parse = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (parse === undefined) {
    throw toError(`${path}/operator`, `"${operator}" is not an operator here: use one of ${OPERATOR_NAMES.join(", ")}`);
  }
  return parse({
    field: parseField(rule, path, context),
    value: rule["value"],
    path: `${path}/value`,
    operator,
    context,
  });
}

function parseField(rule: JsonObject, path: string, { registry, blueprint }: SearchContext): SearchField {
  const { property, relation } = rule;
  const within = blueprint === undefined ? registry.list() : [blueprint];
  if (typeof relation === "string") {
    if (!within.some((each) => Object.hasOwn(each.blueprint.relations, relation))) {
      throw toError(`${path}/relation`, `"${relation}" is not a relation of ${toName(blueprint)}`);
    }
    return { kind: "relation", name: relation };
  }
  if (typeof property !== "string") {
    throw toError(path, "must have a property or a relation, by name (paths and contexts are not supported yet)");
  }
  if (property.startsWith("$")) {
    const name = META_PROPERTIES.find((each) => each === property);
    if (name === undefined) {
      throw toError(`${path}/property`, `"${property}" is not one of ${META_PROPERTIES.join(", ")}`);
    }
    return { kind: "meta", name };
  }
  if (within.some((each) => Object.hasOwn(each.blueprint.aggregationProperties, property))) {
    throw toError(
      `${path}/property`,
      `"${property}" is an aggregation property: it is computed when read, and not searched`,
    );
  }
  const isOwn = within.some((each) => Object.hasOwn(each.blueprint.schema.properties, property));
  const isMaterialized = within.some(
    ({ blueprint: { calculationProperties, mirrorProperties } }) =>
      Object.hasOwn(calculationProperties, property) || Object.hasOwn(mirrorProperties, property),
  );
  if (!isOwn && !isMaterialized) {
    throw toError(`${path}/property`, `"${property}" is not a property of ${toName(blueprint)}`);
  }
  return { kind: "property", name: property, isCalculated: !isOwn };
}

function toName(blueprint: Named | undefined): string {
  return blueprint === undefined ? "any blueprint" : `the blueprint "${blueprint.blueprint.identifier}"`;
}

interface Rule {
  readonly field: SearchField;
  readonly value: Json | undefined;
  /** Of the value. */
  readonly path: string;
  readonly operator: string;
  readonly context: SearchContext;
}

const OPERATORS: Readonly<Record<string, (rule: Rule) => SearchCondition>> = {
  "=": (rule) => (isJsonObject(rule.value) ? toBetween(rule, false) : toEqual(rule, [toScalar(rule)], false)),
  "!=": (rule) => toEqual(rule, [toScalar(rule)], true),
  in: (rule) => toEqual(rule, toScalars(rule), false),
  notIn: (rule) => toEqual(rule, toScalars(rule), true),
  containsAny: (rule) => toEqual(rule, toScalars(rule), false),
  contains: (rule) => toText(rule, "contains", false),
  doesNotContains: (rule) => toText(rule, "contains", true),
  beginsWith: (rule) => toText(rule, "begins", false),
  doesNotBeginsWith: (rule) => toText(rule, "begins", true),
  endsWith: (rule) => toText(rule, "ends", false),
  doesNotEndsWith: (rule) => toText(rule, "ends", true),
  isEmpty: ({ field }) => ({ type: "empty", field, negated: false }),
  isNotEmpty: ({ field }) => ({ type: "empty", field, negated: true }),
  ">": (rule) => toOrder(rule, "from", false),
  ">=": (rule) => toOrder(rule, "from", true),
  "<": (rule) => toOrder(rule, "to", false),
  "<=": (rule) => toOrder(rule, "to", true),
  between: (rule) => toBetween(rule, false),
  notBetween: (rule) => toBetween(rule, true),
  isExpired: ({ field, context }) => toExpired(field, context, false),
  isNotExpired: ({ field, context }) => toExpired(field, context, true),
  matchAny: (rule) => toEqual(rule, typeof rule.value === "string" ? [rule.value] : toScalars(rule), false),
};
const OPERATOR_NAMES = [...Object.keys(OPERATORS), "relatedTo"];

function toEqual({ field }: Rule, values: readonly SearchScalar[], negated: boolean): SearchCondition {
  return { type: "equal", field, values, negated };
}

function toScalar({ value, path }: Rule): SearchScalar {
  if (value === undefined || (typeof value === "object" && value !== null)) {
    throw toError(path, "must be a text, a number, a boolean or null");
  }
  return value;
}

function toScalars(rule: Rule): readonly SearchScalar[] {
  const { value, path } = rule;
  if (!Array.isArray(value)) throw toError(path, `must be a list, as the operator is "${rule.operator}"`);
  const list: readonly Json[] = value;
  return list.map((each, index) => toScalar({ ...rule, value: each, path: `${path}/${index}` }));
}

function toText(rule: Rule, match: "contains" | "begins" | "ends", negated: boolean): SearchCondition {
  const { field, value, path, operator } = rule;
  // An element of a list can be a number or a boolean.
  if (match === "contains" && (typeof value === "number" || typeof value === "boolean")) {
    return toEqual(rule, [value], negated);
  }
  if (typeof value !== "string") throw toError(path, `must be a text, as the operator is "${operator}"`);
  return { type: "text", field, match, value, negated };
}

function toOrder({ field, value, path, operator }: Rule, side: "from" | "to", isIncluded: boolean): SearchCondition {
  if (typeof value === "number") {
    return { type: "range", field, as: "number", [side]: { value, isIncluded }, negated: false };
  }
  const instant = toInstant(value);
  if (instant === undefined) {
    throw toError(path, `must be a number or an ISO 8601 time, as the operator is "${operator}"`);
  }
  return { type: "range", field, as: "instant", [side]: { value: instant, isIncluded }, negated: false };
}

/** `{ from, to }` in times or numbers, or `{ preset }`. */
function toBetween({ field, value, path, operator, context }: Rule, negated: boolean): SearchCondition {
  const isIncluded = true;
  if (!isJsonObject(value)) throw toError(path, `must be { from, to } or { preset }, as the operator is "${operator}"`);
  const { from, to, preset } = value;
  if (preset !== undefined) {
    const range = toDateRange(preset, context.nowMs);
    if (range === undefined) throw toError(`${path}/preset`, `${JSON.stringify(preset)} is not a preset`);
    const [start, end] = range.map((bound) => ({ value: bound, isIncluded }));
    return { type: "range", field, as: "instant", ...(start && { from: start }), ...(end && { to: end }), negated };
  }
  if (typeof from === "number" && typeof to === "number") {
    return {
      type: "range",
      field,
      as: "number",
      from: { value: from, isIncluded },
      to: { value: to, isIncluded },
      negated,
    };
  }
  const [start, end] = [toInstant(from), toInstant(to)];
  if (start === undefined || end === undefined) {
    throw toError(path, "must have from and to, both ISO 8601 times or both numbers");
  }
  return {
    type: "range",
    field,
    as: "instant",
    from: { value: start, isIncluded },
    to: { value: end, isIncluded },
    negated,
  };
}

function toExpired(field: SearchField, { nowMs }: SearchContext, negated: boolean): SearchCondition {
  return { type: "range", field, as: "instant", to: { value: nowMs, isIncluded: false }, negated };
}

function toInstant(value: Json | undefined): number | undefined {
  const time = typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function parseRelatedTo(rule: JsonObject, path: string, { registry }: SearchContext): SearchCondition {
  const { blueprint, value, direction } = rule;
  const loaded = typeof blueprint === "string" ? registry.find(blueprint) : undefined;
  if (loaded === undefined) throw toError(`${path}/blueprint`, `${JSON.stringify(blueprint)} is not a blueprint`);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const identifiers = list.filter((each) => typeof each === "string");
  if (identifiers.length !== list.length) throw toError(`${path}/value`, "must be an identifier or a list of them");
  if (direction !== undefined && direction !== "upstream" && direction !== "downstream") {
    throw toError(`${path}/direction`, 'must be "upstream" or "downstream"');
  }
  if (rule["required"] !== undefined) throw toError(`${path}/required`, "is not supported yet: leave it out");
  return { type: "relatedTo", blueprintId: loaded.id, identifiers, direction: direction ?? "both" };
}

function toError(path: string, message: string): CatalogError {
  return new CatalogError("invalid_request", `"${path}" ${message}`, { path });
}
