import type { AggregationProperty, Blueprint } from "../model/blueprint.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { CatalogError } from "./catalog-error.ts";
import { toSteps, type FindBlueprint } from "./mirror-index.ts";

/** A part of a blueprint that gets another name. */
export interface Rename {
  readonly kind: "property" | "relation" | "mirror";
  readonly blueprint: string;
  readonly from: string;
  readonly to: string;
}

/** Throws CatalogError when there is no such part, or its new name is taken. */
export function assertRename({ kind, from, to }: Rename, blueprint: Blueprint): void {
  const parts = {
    property: blueprint.schema.properties,
    relation: blueprint.relations,
    mirror: blueprint.mirrorProperties,
  }[kind];
  const where = `of blueprint "${blueprint.identifier}"`;
  if (!Object.hasOwn(parts, from)) throw new CatalogError("not_found", `The ${kind} "${from}" ${where} was not found`);
  if (Object.hasOwn(parts, to)) throw new CatalogError("identifier_taken", `A ${kind} "${to}" ${where} exists already`);
}

/** Any blueprint after the rename: its own part, and the paths that lead over the part. jq programs stay as they are. */
export function applyRename(blueprint: Blueprint, rename: Rename, find: FindBlueprint): Blueprint {
  const renamed = blueprint.identifier === rename.blueprint ? renameOwn(blueprint, rename) : blueprint;
  const mirrors = Object.entries(renamed.mirrorProperties).map(([name, mirror]) => {
    const parts = mirror.path.split(".");
    const path = followPath(parts.slice(0, -1), parts.at(-1), blueprint, rename, find).join(".");
    return [name, { ...mirror, path }];
  });
  const aggregations = Object.entries(renamed.aggregationProperties).map(([name, aggregation]) => [
    name,
    followAggregation(aggregation, blueprint, rename, find),
  ]);
  return {
    ...renamed,
    mirrorProperties: Object.fromEntries(mirrors),
    aggregationProperties: Object.fromEntries(aggregations),
  };
}

function followAggregation(
  aggregation: AggregationProperty,
  blueprint: Blueprint,
  rename: Rename,
  find: FindBlueprint,
): AggregationProperty {
  const { calculationSpec, query, pathFilter } = aggregation;
  const paths = pathFilter?.map((filter) => {
    const start = filter.fromBlueprint === undefined ? blueprint : find(filter.fromBlueprint)?.blueprint;
    return start === undefined ? filter : { ...filter, path: followPath(filter.path, undefined, start, rename, find) };
  });
  const isConcerned = aggregation.target === rename.blueprint && rename.kind !== "relation";
  const follow = (property: string): string => (isConcerned && property === rename.from ? rename.to : property);
  const { property, measureTimeBy } = { property: undefined, measureTimeBy: undefined, ...calculationSpec };
  const spec = {
    ...calculationSpec,
    ...(property !== undefined && { property: follow(property) }),
    ...(measureTimeBy !== undefined && { measureTimeBy: follow(measureTimeBy) }),
  };
  return {
    ...aggregation,
    calculationSpec: spec,
    ...(query && { query: followQuery(query, follow) }),
    ...(paths && { pathFilter: paths }),
  };
}

/** The rules of a search with the properties that they name under their new names. */
function followQuery(query: JsonObject, follow: (property: string) => string): JsonObject {
  const { property, rules } = query;
  return {
    ...query,
    ...(typeof property === "string" && { property: follow(property) }),
    ...(Array.isArray(rules) && {
      rules: rules.map((rule: Json) => (isJsonObject(rule) ? followQuery(rule, follow) : rule)),
    }),
  };
}

function renameOwn(blueprint: Blueprint, { kind, from, to }: Rename): Blueprint {
  switch (kind) {
    case "property": {
      const { properties, required } = blueprint.schema;
      const schema = {
        properties: renameKey(properties, from, to),
        required: required.map((name) => (name === from ? to : name)),
      };
      return { ...blueprint, schema: { ...blueprint.schema, ...schema } };
    }
    case "relation":
      return { ...blueprint, relations: renameKey(blueprint.relations, from, to) };
    case "mirror":
      return { ...blueprint, mirrorProperties: renameKey(blueprint.mirrorProperties, from, to) };
  }
}

/** In its place: the order of the keys is what people see. */
function renameKey<Value>(map: Readonly<Record<string, Value>>, from: string, to: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key === from ? to : key, value]));
}

/** The relations, and the property at their end, under their names after the rename. */
function followPath(
  relations: readonly string[],
  property: string | undefined,
  blueprint: Blueprint,
  { kind, blueprint: of, from, to }: Rename,
  find: FindBlueprint,
): readonly string[] {
  const steps = toSteps(relations, blueprint, find);
  if (steps === undefined) return property === undefined ? relations : [...relations, property];
  let here = blueprint.identifier;
  const renamed = relations.map((relation) => {
    const isIt = kind === "relation" && here === of && relation === from;
    here = find(here)?.blueprint.relations[relation]?.target ?? "";
    return isIt ? to : relation;
  });
  if (property === undefined) return renamed;
  return [...renamed, kind !== "relation" && here === of && property === from ? to : property];
}

/** Any blueprint after another got a new identifier. */
export function withTarget(blueprint: Blueprint, from: string, to: string): Blueprint {
  const relations = Object.entries(blueprint.relations).map(([name, relation]) => [
    name,
    relation.target === from ? { ...relation, target: to } : relation,
  ]);
  const aggregations = Object.entries(blueprint.aggregationProperties).map(([name, aggregation]) => {
    const pathFilter = aggregation.pathFilter?.map((filter) =>
      filter.fromBlueprint === from ? { ...filter, fromBlueprint: to } : filter,
    );
    const target = aggregation.target === from ? to : aggregation.target;
    return [name, { ...aggregation, target, ...(pathFilter && { pathFilter }) }];
  });
  return {
    ...blueprint,
    relations: Object.fromEntries(relations),
    aggregationProperties: Object.fromEntries(aggregations),
  };
}
