import type { Span } from "../model/blueprint.ts";
import type { Entity } from "../model/entity.ts";
import { isJsonObject, own, type JsonObject } from "../model/json.ts";
import type { EntitySearch, SearchField, SearchSort } from "../model/search.ts";
import type { Group } from "../store/entity-store.ts";
import { toValue } from "./aggregate.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";
import { CatalogError } from "./catalog-error.ts";
import { parseField, parseSearch } from "./parse-search.ts";
import { toEntities, type ReadOptions } from "./read-form.ts";
import type { CatalogServices } from "./write-entities.ts";

export interface SearchOptions extends ReadOptions {
  /** Undefined searches all. */
  readonly blueprint?: string;
  readonly limit?: number;
  readonly from?: string;
  /** Within a blueprint; else by identifier. Entities without a value come first, or last when descending. */
  readonly sort?: { readonly property?: string; readonly relation?: string; readonly isDescending: boolean };
}

export interface FoundEntities {
  readonly entities: readonly Entity[];
  readonly next?: string;
}

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1000;
const MAX_GROUPS = 1000;

export async function searchEntities(
  query: unknown,
  options: SearchOptions,
  services: CatalogServices,
): Promise<FoundEntities> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new CatalogError("invalid_request", `"limit" must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  const { search, blueprint } = toSearch(query, options.blueprint, services);
  const sort = options.sort && toSort(options.sort, blueprint, services);
  const page = await services.entities.search({
    ...search,
    limit,
    ...(sort !== undefined && { sort }),
    ...(options.from !== undefined && { from: options.from }),
  });
  return {
    entities: await toEntities(page.rows, services, options),
    ...(page.next !== undefined && { next: page.next }),
  };
}

export function countMatches(query: unknown, blueprint: string, services: CatalogServices): Promise<number> {
  return services.entities.count(toSearch(query, blueprint, services).search);
}

export interface AggregateOptions {
  readonly func: "count" | "average" | "sum" | "min" | "max" | "median";
  readonly property?: string | undefined;
  readonly averageOf?: Span | undefined;
  readonly measureTimeBy?: string | undefined;
}

/** One number of all that a search finds; see `toValue`. */
export async function aggregateMatches(
  query: unknown,
  { func, property, averageOf = "total", measureTimeBy }: AggregateOptions,
  services: CatalogServices,
): Promise<number | null> {
  const { search, blueprint } = toSearch(query, undefined, services);
  const toField = (name: string, path: string): SearchField =>
    parseNamed({ property: name }, path, blueprint, services);
  const spec = {
    ...(property !== undefined && { value: toField(property, "property") }),
    ...(func === "average" && { time: toField(measureTimeBy ?? "$createdAt", "measureTimeBy") }),
    withMedian: func === "median",
  };
  const measure = await services.entities.measure(search, spec);
  const nowMs = services.clock.now();
  if (func === "count") return measure.count;
  if (property === undefined) {
    if (func !== "average") throw new CatalogError("invalid_request", `"body" must have required property 'property'`);
    return toValue({ calculationBy: "entities", func, averageOf }, measure, nowMs);
  }
  if (func === "average") return toValue({ calculationBy: "property", func, property, averageOf }, measure, nowMs);
  return toValue({ calculationBy: "property", func, property }, measure, nowMs);
}

/** A property or a relation. */
export interface GroupKey {
  readonly property?: string | undefined;
  readonly relation?: string | undefined;
}

/** How many of the entities that a search finds have each combination of values, the most frequent first. */
export async function countGroups(
  query: unknown,
  by: readonly GroupKey[],
  services: CatalogServices,
  within?: string,
): Promise<readonly Group[]> {
  const { search, blueprint } = toSearch(query, within, services);
  const fields = by.map((key) => parseNamed(key, "groupBy", blueprint, services));
  const groups = await services.entities.countGroups(search, fields, MAX_GROUPS);
  const isBoolean = by.map(
    ({ property = "" }) => own(blueprint?.blueprint.schema.properties ?? {}, property)?.["type"] === "boolean",
  );
  return groups.map(({ values, count }) => {
    return {
      values: values.map((value, index) => (isBoolean[index] && value !== null ? Boolean(value) : value)),
      count,
    };
  });
}

function toSearch(
  query: unknown,
  identifier: string | undefined,
  { registry, clock }: CatalogServices,
): { readonly search: Pick<EntitySearch, "blueprintId" | "rule">; readonly blueprint: LoadedBlueprint | undefined } {
  const parse = (blueprint: LoadedBlueprint | undefined) => ({
    search: {
      ...(blueprint !== undefined && { blueprintId: blueprint.id }),
      rule: parseSearch(query, { registry, blueprint, nowMs: clock.now() }),
    },
    blueprint,
  });
  if (identifier !== undefined) return parse(registry.get(identifier));
  const only = findOnlyBlueprint(query);
  const blueprint = only === undefined ? undefined : registry.find(only);
  if (blueprint === undefined) return parse(undefined);
  try {
    return parse(blueprint);
  } catch (error) {
    // It names what that blueprint does not have: no mistake where all are searched.
    if (error instanceof CatalogError) return parse(undefined);
    throw error;
  }
}

/** The blueprint that a search over all asks for; indexes are by blueprint. */
function findOnlyBlueprint(query: unknown): string | undefined {
  if (!isJsonObject(query) || query["combinator"] !== "and" || !Array.isArray(query["rules"])) return undefined;
  const rules: readonly unknown[] = query["rules"];
  const rule = rules.find(
    (each): each is JsonObject => isJsonObject(each) && each["property"] === "$blueprint" && each["operator"] === "=",
  );
  return typeof rule?.["value"] === "string" ? rule["value"] : undefined;
}

function toSort(
  { isDescending, ...by }: NonNullable<SearchOptions["sort"]>,
  blueprint: LoadedBlueprint | undefined,
  services: CatalogServices,
): SearchSort {
  if (blueprint === undefined) throw new CatalogError("invalid_request", `"sort" is only for one blueprint`);
  return { field: parseNamed(by, "sort", blueprint, services), isDescending };
}

function parseNamed(
  by: { readonly property?: string | undefined; readonly relation?: string | undefined },
  path: string,
  blueprint: LoadedBlueprint | undefined,
  { registry, clock }: CatalogServices,
): SearchField {
  const rule = by.relation === undefined ? { property: by.property ?? null } : { relation: by.relation };
  return parseField(rule, path, { registry, blueprint, nowMs: clock.now() });
}
