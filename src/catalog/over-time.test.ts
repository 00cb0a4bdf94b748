import { afterEach, beforeEach, expect, test } from "vitest";
import type { OverTimeOptions } from "./over-time.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";
import { issue, ISSUE, ME, MERGE, person, PERSON, refusal } from "./test-entities.fixture.ts";

const DAY_MS = 24 * 3_600_000;
const EVERYTHING = { combinator: "and", rules: [] };
/** Days of the range `last week` of the test clock, which stands at 2024-05-06. */
const DAYS = [
  "2024-04-29",
  "2024-04-30",
  "2024-05-01",
  "2024-05-02",
  "2024-05-03",
  "2024-05-04",
  "2024-05-05",
  "2024-05-06",
];

let opened: TestCatalog;
beforeEach(async () => {
  opened = await openTestCatalog({ threads: false });
  await opened.catalog.createBlueprint(PERSON, ME);
  const { properties } = ISSUE["schema"] as { properties: object };
  await opened.catalog.createBlueprint(
    { ...ISSUE, schema: { properties: { ...properties, points: { type: "number" }, done: { type: "boolean" } } } },
    ME,
  );
});
afterEach(() => opened.close());

const BASE = {
  blueprint: "issue",
  query: EVERYTHING,
  measureTimeBy: "created",
  timeRange: { preset: "lastWeek" },
  timeInterval: "day",
} as const;

/** What each day has, without the days that have nothing but zeros. */
async function byDay(rest: Partial<OverTimeOptions> & Pick<OverTimeOptions, "func">): Promise<Record<string, object>> {
  const { data } = await opened.catalog.aggregateOverTime({ ...BASE, ...rest } as OverTimeOptions); // of both sorts
  const days = data.map(({ date, ...values }): [string, object] => [
    new Date(Number(date)).toISOString().slice(0, 10),
    values,
  ]);
  expect(days.map(([day]) => day)).toEqual(DAYS);
  return Object.fromEntries(days.filter(([, values]) => Object.values(values).some((value) => value !== 0)));
}

async function fill(): Promise<void> {
  const rows = [
    ["A-1", "2024-05-01T08:00:00.000+0000", 3, "open", true],
    ["A-2", "2024-05-01T09:00:00Z", 5, "done", false],
    ["A-3", "2024-05-01T07:00:00Z", 1, "done", true],
    ["A-4", "2024-05-05T00:00:00Z", null, "open", null],
    ["A-5", "2023-01-01T00:00:00Z", 100, "open", true],
    ["A-6", null, 100, "open", true],
  ] as const;
  const documents = rows.map(([name, created, points, status, done]) =>
    issue(name, { properties: { created, points, status, done } }),
  );
  const results = await opened.catalog.writeEntities(documents, MERGE, ME);
  expect(results.map(({ result }) => result)).not.toContain("failed");
}

test("entities are counted on the day that a time of theirs falls into, also by value", async () => {
  await fill();
  expect(await byDay({ func: "count" })).toEqual({ "2024-05-01": { count: 3 }, "2024-05-05": { count: 1 } });
  expect(await byDay({ func: "average" })).toEqual({ "2024-05-01": { count: 3 }, "2024-05-05": { count: 1 } });
  expect(await byDay({ func: "count", breakdownProperty: "status" })).toEqual({
    "2024-05-01": { open: 1, done: 2 },
    "2024-05-05": { open: 1 },
  });
  expect(await byDay({ func: "count", breakdownProperty: "done" })).toEqual({
    "2024-05-01": { true: 2, false: 1 },
    "2024-05-05": { null: 1 },
  });
  const query = { combinator: "and", rules: [{ property: "status", operator: "=", value: "done" }] };
  expect(await byDay({ func: "count", query })).toEqual({ "2024-05-01": { count: 2 } });
});

test.each([
  ["sum", 9],
  ["average", 3],
  ["min", 1],
  ["max", 5],
  ["median", 3],
  ["last", 5],
] as const)("the %s of numbers is made of those of the day, in the order of their times", async (func, points) => {
  await fill();
  expect(await byDay({ func, properties: ["points"] })).toEqual({ "2024-05-01": { points } });
});

test("an average of longer intervals is that of a day", async () => {
  await fill();
  const { data } = await opened.catalog.aggregateOverTime({ ...BASE, func: "average", timeInterval: "isoWeek" });
  expect(data[0]).toMatchObject({ count: 4 / 7 });
});

test("what cannot be asked is refused", async () => {
  const ask = (rest: object) => opened.catalog.aggregateOverTime({ ...BASE, func: "count", ...rest });
  await expect(ask({ blueprint: "nowhere" })).rejects.toEqual(refusal("not_found", "nowhere"));
  await expect(ask({ measureTimeBy: "absent" })).rejects.toEqual(refusal("invalid_request", "absent"));
  await expect(ask({ query: { rules: [] } })).rejects.toEqual(refusal("invalid_request", "combinator"));
  await expect(ask({ breakdownProperty: "absent" })).rejects.toEqual(refusal("invalid_request", "absent"));
  const many = Array.from({ length: 101 }, (_, index) =>
    issue(`A-${index}`, { properties: { created: "2024-05-05T00:00:00Z", status: `s${index}` } }),
  );
  await opened.catalog.writeEntities(many, MERGE, ME);
  await expect(ask({ breakdownProperty: "status" })).rejects.toEqual(refusal("invalid_request", "more than 100"));
});

test("the history of a property has what it was at the end of each interval", async () => {
  const write = (age: number | null) => opened.catalog.writeEntities([person("p", { age })], MERGE, ME);
  await write(1);
  await write(2);
  opened.clock.move(2 * DAY_MS);
  await write(null);
  opened.clock.move(DAY_MS);
  await write(7);
  const { minDate, maxDate, data } = await opened.catalog.listPropertyHistory({
    blueprint: "person",
    entity: "p",
    properties: ["age"],
    timeRange: { preset: "lastWeek" },
    timeInterval: "day",
  });
  expect(maxDate - minDate).toBe(7 * DAY_MS);
  expect(data.map(({ age }) => age)).toEqual([undefined, undefined, undefined, undefined, 2, 2, undefined, 7]);
});

test("a history that was forgotten goes on from what the oldest change found", async () => {
  const write = (age: number) => opened.catalog.writeEntities([person("p", { age })], MERGE, ME);
  await write(1);
  opened.clock.move(2 * DAY_MS);
  const ask = async (): Promise<unknown[]> => {
    const range = { timeRange: { preset: "lastDay" }, timeInterval: "day" } as const;
    const options = { blueprint: "person", entity: "p", properties: ["age"], ...range };
    return (await opened.catalog.listPropertyHistory(options)).data.map(({ age }) => age);
  };
  await opened.store.audit.forget(opened.clock.now());
  expect(await ask()).toEqual([1, 1]);
  await write(2);
  expect(await ask()).toEqual([1, 2]);
});

test("only properties that are written, of entities that exist, have a history", async () => {
  await opened.catalog.writeEntities([issue("A-1")], MERGE, ME);
  const ask = (entity: string, property: string) =>
    opened.catalog.listPropertyHistory({
      blueprint: "issue",
      entity,
      properties: [property],
      timeRange: { preset: "today" },
      timeInterval: "hour",
    });
  await expect(ask("A-1", "handlingDuration")).rejects.toEqual(refusal("invalid_request", "handlingDuration"));
  await expect(ask("A-9", "status")).rejects.toEqual(refusal("not_found", "A-9"));
});
