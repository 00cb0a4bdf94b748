import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { META_PROPERTIES, type SearchCondition, type SearchField, type SearchStep } from "../model/search.ts";
import type { FindBlueprint } from "./mirror-index.ts";
import { toField } from "./search-field.ts";
import { OPERATOR_NAMES, OPERATORS, toError } from "./search-operators.ts";

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
  const { operator, property, value } = rule;
  if (typeof operator !== "string") throw toError(path, "must have required property 'operator'");
  if ("scorecard" in rule) throw toError(`${path}/scorecard`, "is not supported: there are no scorecards");
  if (operator === "relatedTo") return parseRelatedTo(rule, path, context);
  if (isJsonObject(property) && "path" in property) return parsePath(property, rule, path, context);
  const parse = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (parse === undefined) {
    throw toError(`${path}/operator`, `"${operator}" is not an operator here: use one of ${OPERATOR_NAMES.join(", ")}`);
  }
  if (isContext(property) || isContext(value)) return isContext(property) ? toNothing(operator) : toEmptyList(operator);
  const toCondition = (field: SearchField): SearchCondition =>
    parse({ field, value, path: `${path}/value`, operator, nowMs: context.nowMs });
  if (isJsonObject(rule["propertySchema"]))
    return parseBySchema(rule["propertySchema"], operator, toCondition, context);
  const { relation, targetProperty } = rule;
  if (typeof relation === "string" && typeof targetProperty === "string") {
    return parseTargetProperty(relation, targetProperty, rule, path, context);
  }
  return toCondition(parseField(rule, path, context));
}

/** What callers stand for. A client of the API is no user and is in no team. */
function isContext(value: Json | undefined): boolean {
  return isJsonObject(value) && (value["context"] === "user" || value["context"] === "userTeams");
}

const NOTHING: SearchCondition = { type: "any", conditions: [] };
const EVERYTHING: SearchCondition = { type: "all", conditions: [] };

function isNegative(operator: string): boolean {
  return operator === "!=" || /^(not|doesNot|isNot)/.test(operator);
}

/** A comparison with a list of values that has none. */
function toEmptyList(operator: string): SearchCondition {
  return isNegative(operator) ? EVERYTHING : NOTHING;
}

/** A comparison of a value that is not there. */
function toNothing(operator: string): SearchCondition {
  return (isNegative(operator) && operator !== "isNotEmpty") || operator === "isEmpty" ? EVERYTHING : NOTHING;
}

/** Any property of that schema; for a negative operator all of them. */
function parseBySchema(
  schema: JsonObject,
  operator: string,
  toCondition: (field: SearchField) => SearchCondition,
  { registry, blueprint }: SearchContext,
): SearchCondition {
  const within = blueprint === undefined ? registry.list() : [blueprint];
  const conditions = within.flatMap((each): SearchCondition[] => {
    const { identifier, schema: own } = each.blueprint;
    const fitting = Object.entries(own.properties).filter(([, definition]) => fitsSchema(definition, schema));
    const found = fitting.flatMap(([name]) => toField(name, each.blueprint) ?? []).map(toCondition);
    const of: SearchCondition = {
      type: "equal",
      field: { kind: "meta", name: "$blueprint" },
      values: [identifier],
      negated: isNegative(operator),
    };
    if (found.length === 0) return [];
    return [
      isNegative(operator)
        ? { type: "any", conditions: [of, { type: "all", conditions: found }] }
        : { type: "all", conditions: [of, { type: "any", conditions: found }] },
    ];
  });
  return { type: isNegative(operator) ? "all" : "any", conditions };
}

function fitsSchema(definition: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const has = definition[key];
    return isJsonObject(value) ? isJsonObject(has) && fitsSchema(has, value) : has === value;
  });
}

/** A condition on what a relation leads to. */
function parseTargetProperty(
  relation: string,
  property: string,
  { operator = null, value = null }: JsonObject,
  path: string,
  context: SearchContext,
): SearchCondition {
  const field = parseField({ relation }, path, context);
  const id = field.kind === "relation" ? field.targetBlueprintId : undefined;
  const blueprint = context.registry.list().find((each) => each.id === id);
  const condition = parseRule({ operator, value, property }, path, { ...context, blueprint });
  return { type: "related", steps: [{ relation, direction: "forward", maxHops: 1 }], condition };
}

const MAX_HOPS = 15;

/** `{ path, fromBlueprint? }`: entities that the path connects with one of the identifiers. */
function parsePath(
  property: JsonObject,
  { operator, value }: JsonObject,
  path: string,
  context: SearchContext,
): SearchCondition {
  const { path: hops, fromBlueprint } = property;
  if (operator !== "matchAny") throw toError(`${path}/operator`, 'must be "matchAny", as the property is a path');
  if (!Array.isArray(hops) || hops.length === 0) throw toError(`${path}/property/path`, "must be a list of relations");
  if (isContext(value)) return NOTHING;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const values = list.filter((each) => typeof each === "string");
  if (values.length !== list.length) throw toError(`${path}/value`, "must be an identifier or a list of them");
  const direction = fromBlueprint === undefined ? "forward" : "backward";
  const steps = hops.map(
    (hop: Json, index) => ({ ...parseHop(hop, `${path}/property/path/${index}`, context), direction }) as const,
  );
  if (steps.filter((step) => step.maxHops > 1).length > 1) {
    throw toError(`${path}/property/path`, "may have maxHops once");
  }
  const named: SearchCondition = {
    type: "equal",
    field: { kind: "meta", name: "$identifier" },
    values,
    negated: false,
  };
  if (fromBlueprint === undefined) return { type: "related", steps, condition: named };
  const from = typeof fromBlueprint === "string" ? context.registry.find(fromBlueprint) : undefined;
  if (from === undefined)
    throw toError(`${path}/property/fromBlueprint`, `${JSON.stringify(fromBlueprint)} is not a blueprint`);
  const of: SearchCondition = {
    type: "equal",
    field: { kind: "meta", name: "$blueprint" },
    values: [from.blueprint.identifier],
    negated: false,
  };
  // From the searched entity it is walked backwards.
  return { type: "related", steps: steps.toReversed(), condition: { type: "all", conditions: [of, named] } };
}

function parseHop(hop: Json, path: string, { registry }: SearchContext): Omit<SearchStep, "direction"> {
  const { relation, maxHops = 1 } = isJsonObject(hop) ? hop : { relation: hop };
  const isKnown = (name: string): boolean =>
    registry.list().some((each) => Object.hasOwn(each.blueprint.relations, name));
  if (typeof relation !== "string" || !isKnown(relation)) {
    throw toError(path, `${JSON.stringify(relation)} is not a relation`);
  }
  if (typeof maxHops !== "number" || !Number.isInteger(maxHops) || maxHops < 1 || maxHops > MAX_HOPS) {
    throw toError(`${path}/maxHops`, `must be a whole number from 1 to ${MAX_HOPS}`);
  }
  return { relation, maxHops };
}

/** The property or relation that a rule names. */
export function parseField(rule: JsonObject, path: string, { registry, blueprint }: SearchContext): SearchField {
  const { property, relation } = rule;
  const within = blueprint === undefined ? registry.list() : [blueprint];
  if (typeof relation === "string") {
    const targets = within.flatMap((each) => {
      return Object.hasOwn(each.blueprint.relations, relation) ? (each.blueprint.relations[relation] ?? []) : [];
    });
    const [first] = targets;
    if (first === undefined)
      throw toError(`${path}/relation`, `"${relation}" is not a relation of ${toName(blueprint)}`);
    const target = targets.length === 1 ? registry.find(first.target) : undefined;
    return { kind: "relation", name: relation, ...(target && { targetBlueprintId: target.id }) };
  }
  if (typeof property !== "string") throw toError(path, "must have a property or a relation, by name");
  if (within.some((each) => Object.hasOwn(each.blueprint.aggregationProperties, property))) {
    throw toError(
      `${path}/property`,
      `"${property}" is an aggregation property: it is computed when read, and not searched`,
    );
  }
  const fields = within.flatMap((each) => toField(property, each.blueprint) ?? []);
  const field = fields.find((each) => each.kind !== "property" || !each.isCalculated) ?? fields[0];
  if (field !== undefined) {
    const isScalar = blueprint !== undefined && field.kind === "property" && field.isScalar;
    return field.kind === "property" ? { ...field, isScalar } : field;
  }
  throw toError(
    `${path}/property`,
    property.startsWith("$")
      ? `"${property}" is not one of ${META_PROPERTIES.join(", ")}`
      : `"${property}" is not a property of ${toName(blueprint)}`,
  );
}

function toName(blueprint: Named | undefined): string {
  return blueprint === undefined ? "any blueprint" : `the blueprint "${blueprint.blueprint.identifier}"`;
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
  const { required } = rule;
  if (required !== undefined && typeof required !== "boolean")
    throw toError(`${path}/required`, "must be true or false");
  const over =
    required === undefined
      ? undefined
      : registry
          .list()
          .flatMap((each) =>
            Object.entries(each.blueprint.relations).flatMap(([relation, definition]) =>
              definition.required === required ? [{ blueprintId: each.id, relation }] : [],
            ),
          );
  return {
    type: "relatedTo",
    blueprintId: loaded.id,
    identifiers,
    direction: direction ?? "both",
    ...(over && { over }),
  };
}
