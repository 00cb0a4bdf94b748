import { expect, test } from "vitest";
import type { JqlContext } from "./jql-value.ts";
import { MomentReader, isSameDay, isAfter, isBefore, isSameInstant } from "./moment.ts";

const nowMs = Date.parse("2026-03-11T12:34:56.789Z");

function reader(timeZone: string | undefined, changes: Partial<JqlContext> = {}): MomentReader {
  return new MomentReader({ nowMs, timeZone, firstDayOfWeek: 1, ...changes });
}

function show(moment: { earliest: number; latest: number } | undefined): string | undefined {
  if (moment === undefined) return undefined;
  const [earliest, latest] = [moment.earliest, moment.latest].map((ms) => new Date(ms).toISOString());
  return earliest === latest ? earliest : `${earliest} to ${latest}`;
}

test.each([
  ["2026-03-11", "2026-03-10T23:00:00.000Z"],
  ["2026/3/1 9:05", "2026-03-01T08:05:00.000Z"],
  ["-1w", "2026-03-04T12:34:56.789Z"],
  ["-1w 2d", "2026-03-02T12:34:56.789Z"],
  ["+90", "2026-03-11T14:04:56.789Z"],
  ["4h", "2026-03-11T16:34:56.789Z"],
])("the literal %s is %s in Berlin", (text, expected) => {
  expect(show(reader("Europe/Berlin").readLiteral(text, false))).toBe(expected);
});

test.each(["2026-02-30", "2026-3/1", "2026-03-11T10:00", "2026-03-11 24:00", "30", "-1M", "-1w2d", "soon", ""])(
  "%j is no date",
  (text) => {
    expect(reader("UTC").readLiteral(text, false)).toBeUndefined();
  },
);

test("an unquoted number is epoch milliseconds, in any zone", () => {
  expect(show(reader(undefined).readLiteral("1767225600000", true))).toBe("2026-01-01T00:00:00.000Z");
  expect(reader("UTC").readLiteral("-30", true)).toBeUndefined();
});

test.each([
  ["startofday", [], "2026-03-10T23:00:00.000Z"],
  ["endofday", ["-1"], "2026-03-10T22:59:59.999Z"],
  ["startofweek", [], "2026-03-08T23:00:00.000Z"],
  ["startofmonth", ["+14d"], "2026-03-14T23:00:00.000Z"],
  ["endofmonth", ["-1"], "2026-02-28T22:59:59.999Z"],
  ["startofmonth", ["1"], "2026-03-31T22:00:00.000Z"],
  ["endofyear", [], "2026-12-31T22:59:59.999Z"],
  ["startofday", ["-3h"], "2026-03-10T20:00:00.000Z"],
  ["startofyear", ["1M"], "2026-01-31T23:00:00.000Z"],
])("%s(%s) in Berlin", (name, args, expected) => {
  expect(show(reader("Europe/Berlin").readFunction(name, args))).toBe(expected);
});

test("a step larger than the period may be taken before or after going to the boundary", () => {
  const eve = reader("UTC", { nowMs: Date.parse("2026-03-31T12:00:00Z") });
  expect(show(eve.readFunction("startofweek", ["-1M"]))).toBe("2026-02-23T00:00:00.000Z to 2026-02-28T00:00:00.000Z");
});

test("functions with arguments that mean nothing are no dates", () => {
  expect(reader("UTC").readFunction("startofday", ["x"])).toBeUndefined();
  expect(reader("UTC").readFunction("startofday", ["1", "2"])).toBeUndefined();
  expect(reader("UTC").readFunction("now", ["-1d"])).toBeUndefined();
  expect(reader("UTC").readFunction("startofhour", [])).toBeUndefined();
});

test.each([
  [
    "a skipped hour is somewhere around the gap",
    "Europe/Berlin",
    "2026-03-29 02:30",
    "2026-03-29T00:30:00.000Z to 2026-03-29T01:30:00.000Z",
  ],
  [
    "an hour that comes twice is either",
    "Europe/Berlin",
    "2026-10-25 02:30",
    "2026-10-25T00:30:00.000Z to 2026-10-25T01:30:00.000Z",
  ],
  [
    "half-hour changes",
    "Australia/Lord_Howe",
    "2026-04-05 01:45",
    "2026-04-04T14:45:00.000Z to 2026-04-04T15:15:00.000Z",
  ],
  [
    "a day that Samoa left out",
    "Pacific/Apia",
    "2011-12-30 12:00",
    "2011-12-29T22:00:00.000Z to 2011-12-30T22:00:00.000Z",
  ],
])("%s", (_what, zone, text, expected) => {
  expect(show(reader(zone).readLiteral(text, false))).toBe(expected);
});

test("a day without a midnight begins when the clocks jump", () => {
  const cairo = reader("Africa/Cairo", { nowMs: Date.parse("2026-04-24T12:00:00Z") });
  expect(show(cairo.readFunction("startofday", []))).toBe("2026-04-23T22:00:00.000Z");
});

test("a day with two midnights begins at the first", () => {
  const havana = reader("America/Havana", { nowMs: Date.parse("2026-11-01T12:00:00Z") });
  expect(show(havana.readFunction("startofday", []))).toBe("2026-11-01T04:00:00.000Z");
});

test("without a zone a date is a range, from the line's eastern to its western side", () => {
  expect(show(reader(undefined).readLiteral("2026-03-11", false))).toBe(
    "2026-03-10T10:00:00.000Z to 2026-03-11T12:00:00.000Z",
  );
  expect(show(reader(undefined).readFunction("now", []))).toBe("2026-03-11T12:34:56.789Z");
});

test("a date literal is sure about what lies outside its minute", () => {
  const moment = reader("UTC").readLiteral("2026-03-11 10:00", false);
  if (moment === undefined) throw new Error("it is a date");
  const at = (time: string): number => Date.parse(`2026-03-11T${time}Z`);
  expect(
    ["09:59:59.999", "10:00:00.000", "10:00:59.999", "10:01:00.000"].map((time) => [
      isBefore(at(time), moment),
      isAfter(at(time), moment),
      isSameInstant(at(time), moment),
    ]),
  ).toEqual([
    ["yes", "no", "no"],
    ["no", "no", "unknown"],
    ["no", "unknown", "unknown"],
    ["no", "yes", "no"],
  ]);
});

test("days are compared with the reader's own day", () => {
  const day = Date.parse("2026-03-11") / 86_400_000;
  const late = Date.parse("2026-03-11T23:30:00Z");
  const now = (zone: string | undefined): string | undefined => {
    const moment = reader(zone, { nowMs: late }).readFunction("now", []);
    return moment && isSameDay(day, moment);
  };
  expect([now("UTC"), now("Asia/Tokyo"), now(undefined)]).toEqual(["yes", "no", "unknown"]);
});
