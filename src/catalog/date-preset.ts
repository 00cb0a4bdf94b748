import type { Json } from "../model/json.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** First and last day relative to today, in whole UTC days. */
const WHOLE_DAYS: Readonly<Record<string, number>> = { today: 0, tomorrow: 1, yesterday: -1 };

/** The last so many days, up to now. */
const LAST_DAYS: Readonly<Record<string, number>> = {
  lastDay: 1,
  lastWeek: 7,
  last2Weeks: 14,
  lastMonth: 30,
  last3Months: 90,
  last6Months: 180,
  last12Months: 365,
  last2Years: 730,
  last3Years: 1095,
};

/** From and to of a date preset of Port's searches, in milliseconds since 1970; undefined if there is no such preset. */
export function toDateRange(preset: Json, nowMs: number): readonly [number, number] | undefined {
  if (typeof preset !== "string") return undefined;
  if (Object.hasOwn(WHOLE_DAYS, preset)) {
    const start = (Math.floor(nowMs / DAY_MS) + (WHOLE_DAYS[preset] ?? 0)) * DAY_MS;
    return [start, start + DAY_MS - 1];
  }
  return Object.hasOwn(LAST_DAYS, preset) ? [nowMs - (LAST_DAYS[preset] ?? 0) * DAY_MS, nowMs] : undefined;
}
