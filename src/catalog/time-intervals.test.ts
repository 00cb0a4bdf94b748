import { describe, expect, test } from "vitest";
import { findInterval, toTimeIntervals, type Interval } from "./time-intervals.ts";

/** A Wednesday. */
const NOW = Date.parse("2024-05-01T10:00:00.000Z");
const at = (text: string): number => Date.parse(text);

function startsOf(preset: string, interval: Interval, timeZone?: string, nowMs = NOW): string[] {
  const { starts } = toTimeIntervals({ preset, timeZone }, interval, nowMs);
  return starts.map((start) => new Date(start).toISOString());
}

describe("a range of time is made of intervals", () => {
  test("of days, weeks that begin on Monday, months and quarters", () => {
    expect(startsOf("lastWeek", "day")).toHaveLength(8);
    expect(startsOf("lastWeek", "isoWeek")).toEqual(["2024-04-22T00:00:00.000Z", "2024-04-29T00:00:00.000Z"]);
    expect(startsOf("last3Months", "month")).toEqual([
      "2024-02-01T00:00:00.000Z",
      "2024-03-01T00:00:00.000Z",
      "2024-04-01T00:00:00.000Z",
      "2024-05-01T00:00:00.000Z",
    ]);
    expect(startsOf("last12Months", "quarter").slice(0, 2)).toEqual([
      "2023-04-01T00:00:00.000Z",
      "2023-07-01T00:00:00.000Z",
    ]);
  });

  test("that begin where the time zone says, also when its clocks change", () => {
    const days = startsOf("lastWeek", "day", "Europe/Berlin", at("2024-04-02T10:00:00Z"));
    expect(days.slice(4, 7)).toEqual([
      "2024-03-29T23:00:00.000Z",
      "2024-03-30T23:00:00.000Z",
      "2024-03-31T22:00:00.000Z",
    ]);
    expect(startsOf("today", "day", "Asia/Kolkata")).toEqual(["2024-04-30T18:30:00.000Z"]);
    expect(startsOf("lastDay", "hour", "Asia/Kolkata")[0]).toBe("2024-04-30T09:30:00.000Z");
    expect(startsOf("yesterday", "hour", "Europe/Berlin", at("2024-10-28T10:00:00Z"))).toHaveLength(25);
  });

  test("of which the first may begin before the range, and none after it", () => {
    const intervals = toTimeIntervals({ preset: "today" }, "hour", NOW);
    expect(intervals).toMatchObject({ fromMs: at("2024-05-01T00:00:00Z"), toMs: NOW });
    expect(intervals.starts).toHaveLength(11);
    const week = toTimeIntervals({ preset: "lastDay" }, "isoWeek", NOW);
    expect(week.starts[0]).toBeLessThan(week.fromMs);
  });
});

test("a time is found in its interval, and outside of the range in none", () => {
  const intervals = toTimeIntervals({ preset: "lastWeek" }, "day", NOW);
  for (const [index, start] of intervals.starts.entries()) {
    const end = (intervals.starts[index + 1] ?? NOW + 1) - 1;
    for (const time of [Math.max(start, intervals.fromMs), end]) expect(findInterval(intervals, time)).toBe(index);
  }
  expect(findInterval(intervals, intervals.fromMs - 1)).toBeUndefined();
  expect(findInterval(intervals, NOW + 1)).toBeUndefined();
  expect(findInterval(intervals, Number.NaN)).toBeUndefined();
});

test.each([
  ["a preset that is none", "tomorrow", "day", "UTC", "preset"],
  ["a preset of every object", "toString", "day", "UTC", "preset"],
  ["a zone that is none", "today", "day", "Europe/Atlantis", "timeZone"],
  ["two years of days", "last2Years", "day", "UTC", "timeInterval"],
] as const)("%s is refused", (_, preset, interval, timeZone, word) => {
  expect(() => toTimeIntervals({ preset, timeZone }, interval, NOW)).toThrow(word);
});
