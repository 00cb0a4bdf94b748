import type { AggregationProperty, CalculationSpec, Span } from "../model/blueprint.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { SearchCondition } from "../model/search.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Measure, RelatedSearch, Step } from "../store/entity-measure.ts";
import type { EntityStore } from "../store/entity-store.ts";
import type { AggregationCache } from "./aggregation-cache.ts";
import type { BlueprintRegistry, LoadedBlueprint } from "./blueprint-registry.ts";
import type { EntityState } from "./calculate.ts";
import { CatalogError } from "./catalog-error.ts";
import { EVERYTHING } from "./list-rows.ts";
import { toSteps, type FindBlueprint } from "./mirror-index.ts";
import { parseSearch } from "./parse-search.ts";
import { toField } from "./search-field.ts";

export interface AggregationServices {
  readonly registry: BlueprintRegistry;
  readonly entities: EntityStore;
  readonly clock: Clock;
  readonly aggregations: AggregationCache;
}

/** Entities in one query at most, so that each ends in time. */
const CHUNK = 200;

/** Aggregation properties of each entity. One that cannot be made of the blueprints as they are has no value. */
export async function aggregate(
  states: readonly Pick<EntityState, "blueprintId" | "identifier">[],
  services: AggregationServices,
): Promise<readonly JsonObject[]> {
  const results: Record<string, Json>[] = states.map(() => ({}));
  for (const [blueprintId, members] of Map.groupBy(states.entries(), ([, state]) => state.blueprintId)) {
    const loaded = services.registry.getById(blueprintId);
    const identifiers = [...new Set(members.map(([, { identifier }]) => identifier))];
    for (const name of Object.keys(loaded.blueprint.aggregationProperties)) {
      const values = await aggregateOne(name, loaded, identifiers, services);
      for (const [index, { identifier }] of members) {
        const result = results[index];
        if (result !== undefined) result[name] = values.get(identifier) ?? null;
      }
    }
  }
  return results;
}

async function aggregateOne(
  name: string,
  loaded: LoadedBlueprint,
  identifiers: readonly string[],
  services: AggregationServices,
): Promise<ReadonlyMap<string, number | null>> {
  const { clock, aggregations: cache, entities } = services;
  const property = loaded.blueprint.aggregationProperties[name];
  if (property === undefined) return new Map();
  const key = `${loaded.id}/${loaded.version}/${name}`;
  const isPrompt = (property.pathFilter ?? []).length > 0;
  const { values, missing } = cache.find(key, identifiers, isPrompt ? "prompt" : "late", clock.now());
  for (let start = 0; start < missing.length; start += CHUNK) {
    const some = missing.slice(start, start + CHUNK);
    const search = toRelatedSearch(property, loaded, some, services);
    const found = search === undefined ? [] : await entities.measureRelated(search);
    const measures = new Map(found.map((each) => [each.identifier, each]));
    for (const identifier of some) {
      const measure = measures.get(identifier);
      const value = search === undefined ? null : toValue(property.calculationSpec, measure, clock.now());
      values.set(identifier, value);
      cache.put(key, identifier, value, clock.now());
    }
  }
  return values;
}

function toRelatedSearch(
  { target, calculationSpec, query, pathFilter }: AggregationProperty,
  { id, blueprint }: LoadedBlueprint,
  identifiers: readonly string[],
  services: AggregationServices,
): RelatedSearch | undefined {
  const { registry } = services;
  const within = registry.find(target);
  if (within === undefined) return undefined;
  const [filter] = pathFilter ?? [];
  const find: FindBlueprint = (name) => registry.find(name);
  const steps = filter && toWalk(filter, { id, blueprint }, within, find);
  if (filter !== undefined && steps === undefined) return undefined;
  const rule = toRule(query, within, services);
  if (rule === undefined) return undefined;
  const spec = toSpec(calculationSpec, within);
  const targetSearch = { blueprintId: within.id, rule };
  return { sourceBlueprintId: id, identifiers, ...(steps && { steps }), target: targetSearch, spec };
}

/** Undefined when the query names what was there when it was saved, and is no more. */
function toRule(
  query: JsonObject | undefined,
  blueprint: LoadedBlueprint,
  { registry, clock }: AggregationServices,
): SearchCondition | undefined {
  if (query === undefined) return EVERYTHING;
  try {
    return parseSearch(query, { registry, blueprint, nowMs: clock.now() });
  } catch (error) {
    if (error instanceof CatalogError) return undefined;
    throw error;
  }
}

type Place = NonNullable<ReturnType<FindBlueprint>>;

/** From the entity to those that are aggregated; undefined when the path does not lead there. */
export function toWalk(
  { path, fromBlueprint }: NonNullable<AggregationProperty["pathFilter"]>[number],
  source: Place,
  target: Place,
  find: FindBlueprint,
): readonly Step[] | undefined {
  const isBackward = fromBlueprint !== undefined && fromBlueprint !== source.blueprint.identifier;
  if (isBackward && fromBlueprint !== target.blueprint.identifier) return undefined;
  const [start, end] = isBackward ? [target, source] : [source, target];
  const steps = toSteps(path, start.blueprint, find);
  if (steps?.at(-1)?.blueprint.identifier !== end.blueprint.identifier) return undefined;
  if (!isBackward) return steps.map(({ relation, blueprintId }) => ({ relation, blueprintId, direction: "forward" }));
  const before = [start.id, ...steps.map((step) => step.blueprintId)];
  const back = steps.map(({ relation }, index) => {
    return { relation, blueprintId: before[index] ?? start.id, direction: "backward" } as const;
  });
  return back.toReversed();
}

function toSpec(spec: CalculationSpec, { blueprint }: LoadedBlueprint): RelatedSearch["spec"] {
  const value = spec.calculationBy === "property" ? toField(spec.property, blueprint) : undefined;
  const time = spec.func === "average" ? toField(spec.measureTimeBy ?? "$createdAt", blueprint) : undefined;
  return { ...(value && { value }), ...(time && { time }), withMedian: spec.func === "median" };
}

const HOUR_MS = 3_600_000;
const SPAN_MS: Readonly<Record<Exclude<Span, "total">, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};

/** What a calculation makes of what was measured; undefined measures nothing. */
export function toValue(spec: CalculationSpec, measure: Measure | undefined, nowMs: number): number | null {
  if (spec.calculationBy === "entities") {
    const count = measure?.count ?? 0;
    return spec.func === "count" ? count : toRate(count, spec.averageOf, measure, nowMs);
  }
  if (measure === undefined) return null;
  switch (spec.func) {
    case "sum":
    case "min":
    case "max":
    case "median":
      return measure[spec.func];
    case "average":
      if (spec.averageOf === "total") return measure.mean;
      return measure.sum === null ? null : toRate(measure.sum, spec.averageOf, measure, nowMs);
  }
}

/** Per span of the time from the earliest of the entities until now, which counts as one span at least. */
function toRate(total: number, span: Span, measure: Measure | undefined, nowMs: number): number {
  if (span === "total") return total;
  const lengthMs = nowMs - (measure?.earliestMs ?? nowMs);
  return total / Math.max(1, lengthMs / SPAN_MS[span]);
}
