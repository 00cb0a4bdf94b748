import type { Json, JsonObject } from "../model/json.ts";
import type { SearchField } from "../model/search.ts";
import type { AuditStore } from "../store/audit-store.ts";
import { CatalogError } from "./catalog-error.ts";
import { parseField, parseSearch } from "./parse-search.ts";
import { findInterval, toTimeIntervals, type Interval, type TimeIntervals, type TimeRange } from "./time-intervals.ts";
import type { CatalogServices } from "./write-entities.ts";

/** Values for each interval of a range of time. Times are in milliseconds since 1970. */
export interface OverTime {
  readonly minDate: number;
  readonly maxDate: number;
  /** `date` is where the interval begins; a value that does not exist is left out. */
  readonly data: readonly JsonObject[];
}

export type OverTimeOptions = {
  readonly blueprint: string;
  readonly query: unknown;
  /** A time of the entities, which says into which interval each falls. */
  readonly measureTimeBy: string;
  readonly timeRange: TimeRange;
  readonly timeInterval: Interval;
} & (
  | { readonly func: "count" | "average"; readonly breakdownProperty?: string | undefined }
  | {
      readonly func: "average" | "sum" | "min" | "max" | "median" | "last";
      readonly properties: readonly string[];
    }
);

const MAX_ENTITIES = 200_000;
const MAX_SERIES = 100;
const MAX_CHANGES = 2000;
const DAY_MS = 24 * 3_600_000;

/** What a search finds within a blueprint, by the interval that a time of it falls into: how many, or what its numbers make. */
export async function aggregateOverTime(options: OverTimeOptions, services: CatalogServices): Promise<OverTime> {
  const { registry, entities, clock } = services;
  const nowMs = clock.now();
  const intervals = toTimeIntervals(options.timeRange, options.timeInterval, nowMs);
  const blueprint = registry.get(options.blueprint);
  const context = { registry, blueprint, nowMs };
  const toField = (property: string, path: string): SearchField => parseField({ property }, path, context);
  const time = toField(options.measureTimeBy, "measureTimeBy");
  const names = "properties" in options ? options.properties : [options.breakdownProperty ?? []].flat();
  const fields = names.map((name) => toField(name, "properties" in options ? "properties" : "breakdownProperty"));
  const within = {
    type: "range",
    field: time,
    as: "instant",
    from: { value: intervals.fromMs, isIncluded: true },
    to: { value: intervals.toMs, isIncluded: true },
    negated: false,
  } as const;
  const rule = { type: "all", conditions: [parseSearch(options.query, context), within] } as const;
  const rows = await entities.listValues({ blueprintId: blueprint.id, rule }, [time, ...fields], MAX_ENTITIES + 1);
  if (rows.length > MAX_ENTITIES) {
    throw new CatalogError(
      "invalid_request",
      `More than ${MAX_ENTITIES} entities fall into the range: narrow the query`,
    );
  }
  const byInterval = Map.groupBy(rows, ([at]) => findInterval(intervals, toTime(at)) ?? -1);
  const values = intervals.starts.map((start, index) => {
    const members = byInterval.get(index) ?? [];
    const days = ((intervals.starts[index + 1] ?? intervals.toMs + 1) - start) / DAY_MS;
    return "properties" in options
      ? toNumbers(members, options.properties, options.func)
      : toCounts(members, options, days);
  });
  return toResult(intervals, values);
}

/**
 * The values that properties of an entity had at the end of each interval, as the audit log knows them. Of a change that
 * was forgotten nothing is known; what was there before the oldest one known is.
 */
export async function listPropertyHistory(
  options: {
    readonly blueprint: string;
    readonly entity: string;
    readonly properties: readonly string[];
    readonly timeRange: TimeRange;
    readonly timeInterval: Interval;
  },
  services: CatalogServices & { readonly audit: AuditStore },
): Promise<OverTime> {
  const { registry, entities, clock, audit } = services;
  const nowMs = clock.now();
  const intervals = toTimeIntervals(options.timeRange, options.timeInterval, nowMs);
  const { id, blueprint } = registry.get(options.blueprint);
  for (const name of options.properties) {
    if (Object.hasOwn(blueprint.schema.properties, name)) continue;
    const message = `"propertyNames" may only name properties that are written, and "${name}" is none of "${options.blueprint}"`;
    throw new CatalogError("invalid_request", message);
  }
  const [row] = await entities.findRows(id, [options.entity]);
  if (row === undefined) {
    const message = `The entity "${options.entity}" of blueprint "${options.blueprint}" was not found`;
    throw new CatalogError("not_found", message);
  }
  const { blueprint: name, entity } = options;
  const changes = await audit.list({ subjects: ["entity"], blueprint: name, entity, limit: MAX_CHANGES });
  const states = changes.map(({ atMs, after }) => ({ atMs, properties: after?.["properties"] }));
  const oldest = changes.at(-1);
  const before = oldest === undefined ? row.properties : oldest.before?.["properties"];
  const values = intervals.starts.map((_, index) => {
    const end = intervals.starts[index + 1] ?? intervals.toMs + 1;
    const found = states.find(({ atMs }) => atMs < end);
    const isBefore = found === undefined && end > row.createdAtMs;
    const properties = (isBefore ? before : found?.properties) as JsonObject | null | undefined; // of an entity
    return Object.fromEntries(
      options.properties.flatMap((property): [string, Json][] => {
        const value = properties?.[property] ?? null;
        return value === null ? [] : [[property, value]];
      }),
    );
  });
  return toResult(intervals, values);
}

function toResult({ starts, fromMs, toMs }: TimeIntervals, values: readonly JsonObject[]): OverTime {
  const data = starts.map((date, index) => ({ ...values[index], date }));
  return { minDate: fromMs, maxDate: toMs, data };
}

function toTime(value: Json | undefined): number {
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}

/** An average is that of a day of the interval. */
function toCounts(
  members: readonly (readonly Json[])[],
  { func, breakdownProperty }: { readonly func: "count" | "average"; readonly breakdownProperty?: string | undefined },
  days: number,
): JsonObject {
  const toNumber = (count: number): number => (func === "count" ? count : count / days);
  if (breakdownProperty === undefined) return { count: toNumber(members.length) };
  const groups = Map.groupBy(members, ([, value]) => toKey(value));
  if (groups.size > MAX_SERIES) {
    const message = `"breakdownProperty" has more than ${MAX_SERIES} values within an interval: narrow the query`;
    throw new CatalogError("invalid_request", message);
  }
  return Object.fromEntries([...groups].map(([key, group]) => [key, toNumber(group.length)]));
}

function toKey(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function toNumbers(
  members: readonly (readonly Json[])[],
  properties: readonly string[],
  func: "average" | "sum" | "min" | "max" | "median" | "last",
): JsonObject {
  const inOrder = func === "last" ? toOrdered(members) : members;
  return Object.fromEntries(
    properties.flatMap((property, index): [string, Json][] => {
      const numbers = inOrder.map((row) => row[index + 1]).filter((value) => typeof value === "number");
      return numbers.length === 0 ? [] : [[property, REDUCERS[func](numbers)]];
    }),
  );
}

/** In the order of their times, each of which is read once: there may be very many. */
function toOrdered(members: readonly (readonly Json[])[]): readonly (readonly Json[])[] {
  const timed = members.map((row) => ({ row, atMs: toTime(row[0]) }));
  return timed.toSorted((a, b) => a.atMs - b.atMs).map(({ row }) => row);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Of numbers, for the last one in the order of their times; there is one at least. */
const REDUCERS = {
  sum,
  average: (numbers) => sum(numbers) / numbers.length,
  min: (numbers) => numbers.reduce((least, each) => Math.min(least, each)),
  max: (numbers) => numbers.reduce((most, each) => Math.max(most, each)),
  last: (numbers) => numbers.at(-1) ?? 0,
  median: (numbers) => {
    const sorted = numbers.toSorted((a, b) => a - b);
    const [low = 0, high = low] = sorted.slice((sorted.length - 1) >> 1);
    return sorted.length % 2 === 1 ? low : (low + high) / 2;
  },
} satisfies Record<string, (numbers: readonly number[]) => number>;
