import { CatalogError } from "./catalog-error.ts";
import { toDateRange } from "./date-preset.ts";

export const INTERVALS = ["hour", "day", "isoWeek", "month", "quarter"] as const;
export type Interval = (typeof INTERVALS)[number];

export interface TimeRange {
  readonly preset: string;
  /** Of the time zone database; UTC unless said. */
  readonly timeZone?: string | undefined;
}

/** Consecutive intervals: each begins at a start, and ends where the next one begins, the last one at the end. */
export interface TimeIntervals {
  readonly starts: readonly number[];
  readonly fromMs: number;
  readonly toMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 1970 began on a Thursday. */
const MONDAY_MS = -3 * DAY_MS;
/** Presets of whole days, which begin where the time zone says. */
const WHOLE_DAYS: Readonly<Record<string, number>> = { today: 0, yesterday: -1 };
const OF_QUARTERS: readonly string[] = ["last2Years", "last3Years"];

/** The intervals that a range of time is made of, in its time zone. Throws CatalogError `invalid_request`. */
export function toTimeIntervals(
  { preset, timeZone = "UTC" }: TimeRange,
  interval: Interval,
  nowMs: number,
): TimeIntervals {
  if (OF_QUARTERS.includes(preset) && interval !== "quarter") {
    throw new CatalogError("invalid_request", `"timeInterval" must be quarter for the preset ${preset}`);
  }
  const zone = new Zone(timeZone);
  const [fromMs, toMs] = toRange(preset, zone, nowMs);
  const starts: number[] = [];
  if (interval === "hour") {
    // Counted in time itself, as the clocks repeat an hour in autumn.
    const first = fromMs - modulo(zone.toLocal(fromMs), HOUR_MS);
    for (let at = first; at <= toMs; at += HOUR_MS) starts.push(at);
  } else {
    for (let local = toStart(zone.toLocal(fromMs), interval, 0); ; local = toStart(local, interval, 1)) {
      const at = zone.toInstant(local);
      if (at > toMs) break;
      starts.push(at);
    }
  }
  return { starts, fromMs, toMs };
}

/** The position of the interval that holds a time; undefined outside of the range. */
export function findInterval({ starts, fromMs, toMs }: TimeIntervals, atMs: number): number | undefined {
  if (!(atMs >= fromMs && atMs <= toMs)) return undefined;
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? Infinity) <= atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

function toRange(preset: string, zone: Zone, nowMs: number): readonly [number, number] {
  const days = Object.hasOwn(WHOLE_DAYS, preset) ? WHOLE_DAYS[preset] : undefined;
  if (days !== undefined) {
    const day = toStart(zone.toLocal(nowMs), "day", days);
    return [zone.toInstant(day), Math.min(nowMs, zone.toInstant(day + DAY_MS) - 1)];
  }
  const range = toDateRange(preset, nowMs);
  if (range === undefined || range[1] > nowMs) {
    throw new CatalogError("invalid_request", `"timeRange/preset" is not known: "${preset}"`);
  }
  return range;
}

/** Where the interval of a local time begins, or the one so many further on. Local times are as if they were UTC. */
function toStart(localMs: number, interval: Exclude<Interval, "hour">, further: number): number {
  const date = new Date(localMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (interval) {
    case "day":
      return localMs - modulo(localMs, DAY_MS) + further * DAY_MS;
    case "isoWeek":
      return localMs - modulo(localMs - MONDAY_MS, 7 * DAY_MS) + further * 7 * DAY_MS;
    case "month":
      return Date.UTC(year, month + further, 1);
    case "quarter":
      return Date.UTC(year, month - (month % 3) + 3 * further, 1);
  }
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** A time zone as the difference between its clocks and UTC. */
class Zone {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    const digits = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    try {
      this.#format = new Intl.DateTimeFormat("en-US", { ...digits, timeZone, second: "2-digit", hourCycle: "h23" });
    } catch {
      throw new CatalogError("invalid_request", `"timeRange/timeZone" is not known: "${timeZone}"`);
    }
  }

  toLocal(atMs: number): number {
    const parts = new Map(this.#format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, day, hour, minute, second] = (
      ["year", "month", "day", "hour", "minute", "second"] as const
    ).map((type) => parts.get(type) ?? 0);
    return Date.UTC(year, month - 1, day, hour, minute, second) + modulo(atMs, 1000);
  }

  /** Of a time that the clocks skip, the moment at which they do. */
  toInstant(localMs: number): number {
    const guess = localMs - (this.toLocal(localMs) - localMs);
    return localMs - (this.toLocal(guess) - guess);
  }
}
