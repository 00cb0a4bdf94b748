import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import type { Catalog } from "./catalog.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";
import { ME, MERGE, NOW, refusal, writeOne } from "./test-entities.fixture.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
const ago = (ms: number): string => new Date(Date.parse(NOW) - ms).toISOString();

let opened: TestCatalog;
let catalog: Catalog;
/** service <- issue -> service of another name; issue -> parent issue; service -> domain. */
beforeEach(async () => {
  opened = await openTestCatalog({ threads: false });
  catalog = opened.catalog;
  await catalog.createBlueprint({ identifier: "domain", title: "Domain", schema: {} }, ME);
  const domain = { domain: { target: "domain" } };
  await catalog.createBlueprint({ identifier: "service", title: "Service", schema: {}, relations: domain }, ME);
  await catalog.createBlueprint(
    {
      identifier: "issue",
      title: "Issue",
      schema: {
        properties: {
          points: { type: "number" },
          open: { type: "boolean" },
          at: { type: "string", format: "date-time" },
        },
      },
      relations: { service: { target: "service" }, causes: { target: "service", many: true } },
    },
    ME,
  );
  await write("domain", "D");
  for (const name of ["A", "B", "C"])
    await write("service", name, { relations: { domain: name === "C" ? null : "D" } });
  await write("issue", "1", { properties: { points: 1, open: true, at: ago(WEEK_MS) }, relations: { service: "A" } });
  await write("issue", "2", {
    properties: { points: 2, open: true, at: ago(4 * WEEK_MS) },
    relations: { service: "A" },
  });
  await write("issue", "3", {
    properties: { points: 6, open: false },
    relations: { service: "A", causes: ["A", "B"] },
  });
  await write("issue", "4", { properties: { open: true }, relations: { causes: ["B"] } });
});
afterEach(() => opened.close());

const write = (blueprint: string, identifier: string, rest: object = {}) =>
  writeOne(catalog, { blueprint, identifier, ...rest }, MERGE);

async function set(blueprint: string, aggregations: JsonObject): Promise<void> {
  const titled = Object.entries(aggregations).map(([name, each]) => [name, { title: name, ...(each as JsonObject) }]);
  await catalog.patchBlueprint(blueprint, { aggregationProperties: Object.fromEntries(titled) }, ME);
}

const read = async (identifier: string, blueprint = "service") =>
  (await catalog.getEntity({ blueprint, identifier })).properties;

const count = { calculationBy: "entities", func: "count" };
const of = (func: string, rest: object = {}) => ({ calculationBy: "property", func, property: "points", ...rest });
const OPEN = { combinator: "and", rules: [{ property: "open", operator: "=", value: true }] };
const viaService = [{ path: ["service"], fromBlueprint: "issue" }];

test("every function over the entities of a path", async () => {
  const target = { target: "issue", pathFilter: viaService };
  await set("service", {
    count: { ...target, calculationSpec: count },
    open: { ...target, calculationSpec: count, query: OPEN },
    sum: { ...target, calculationSpec: of("sum") },
    min: { ...target, calculationSpec: of("min") },
    max: { ...target, calculationSpec: of("max") },
    median: { ...target, calculationSpec: of("median") },
    mean: { ...target, calculationSpec: of("average", { averageOf: "total" }) },
    perWeek: { ...target, calculationSpec: of("average", { averageOf: "week", measureTimeBy: "at" }) },
    issuesPerWeek: {
      ...target,
      calculationSpec: { calculationBy: "entities", func: "average", averageOf: "week", measureTimeBy: "at" },
    },
    issuesPerDay: { ...target, calculationSpec: { calculationBy: "entities", func: "average", averageOf: "day" } },
  });
  expect(await read("A")).toEqual({
    count: 3,
    open: 2,
    sum: 9,
    min: 1,
    max: 6,
    median: 2,
    mean: 3,
    perWeek: 9 / 4,
    issuesPerWeek: 3 / 4,
    issuesPerDay: 3,
  });
  const nothing = { sum: null, min: null, max: null, median: null, mean: null, perWeek: null };
  expect(await read("C")).toEqual({ count: 0, open: 0, issuesPerWeek: 0, issuesPerDay: 0, ...nothing });
});

test("an even number of values has the mean of the middle two as its median", async () => {
  await set("service", { it: { target: "issue", pathFilter: viaService, calculationSpec: of("median"), query: OPEN } });
  expect(await read("A")).toEqual({ it: 1.5 });
});

test("a path may lead forward, and over several relations", async () => {
  await set("issue", { services: { target: "service", calculationSpec: count, pathFilter: [{ path: ["causes"] }] } });
  expect(await read("3", "issue")).toMatchObject({ services: 2 });
  await set("domain", {
    issues: {
      target: "issue",
      calculationSpec: count,
      pathFilter: [{ path: ["causes", "domain"], fromBlueprint: "issue" }],
    },
  });
  expect(await read("D", "domain")).toEqual({ issues: 2 });
});

test("without a path all that is related counts, once, with or against the relations, and not the entity itself", async () => {
  await set("domain", { issues: { target: "issue", calculationSpec: count } });
  await set("issue", {
    domains: { target: "domain", calculationSpec: count },
    issues: { target: "issue", calculationSpec: count },
  });
  expect(await read("D", "domain")).toEqual({ issues: 4 });
  expect(await read("3", "issue")).toMatchObject({ domains: 1, issues: 0 });
});

describe("how old a value may be", () => {
  test("along a path less than a second", async () => {
    await set("service", { it: { target: "issue", calculationSpec: count, pathFilter: viaService } });
    expect(await read("A")).toEqual({ it: 3 });
    await write("issue", "5", { relations: { service: "A" } });
    opened.clock.move(1000);
    expect(await read("A")).toEqual({ it: 4 });
  });

  test("without a path less than a minute", async () => {
    await set("service", { it: { target: "issue", calculationSpec: count } });
    expect(await read("B")).toEqual({ it: 2 });
    await write("issue", "5", { relations: { service: "B" } });
    opened.clock.move(59_999);
    expect(await read("B")).toEqual({ it: 2 });
    opened.clock.move(1);
    expect(await read("B")).toEqual({ it: 3 });
  });

  test("a changed aggregation is never answered by the one before", async () => {
    await set("service", { it: { target: "issue", calculationSpec: count } });
    expect(await read("A")).toEqual({ it: 3 });
    await set("service", { it: { target: "issue", calculationSpec: of("sum") } });
    expect(await read("A")).toEqual({ it: 9 });
  });
});

test("a calculation sees what is aggregated", async () => {
  await set("service", { it: { target: "issue", calculationSpec: count, pathFilter: viaService } });
  const double = { calculation: ".properties.it * 2", type: "number" };
  await catalog.patchBlueprint("service", { calculationProperties: { double } }, ME);
  expect(await read("A")).toEqual({ it: 3, double: 6 });
});

test("renames are followed, and what an aggregation needs may go: then it has no value", async () => {
  await set("service", { it: { target: "issue", calculationSpec: of("sum"), query: OPEN, pathFilter: viaService } });
  await catalog.renamePart({ kind: "property", blueprint: "issue", from: "points", to: "size" }, ME);
  await catalog.renamePart({ kind: "property", blueprint: "issue", from: "open", to: "isOpen" }, ME);
  await catalog.renamePart({ kind: "relation", blueprint: "issue", from: "service", to: "on" }, ME);
  const { title, schema, relations } = catalog.getBlueprint("issue");
  await catalog.replaceBlueprint("issue", { identifier: "bug", title, schema, relations }, ME);
  expect(await read("A")).toEqual({ it: 3 });
  await catalog.patchBlueprint("bug", { schema: { properties: { size: { type: "number" } } } }, ME);
  opened.clock.move(1000);
  expect(await read("A")).toEqual({ it: null });
});

test.each<[string, JsonObject, string, string]>([
  ["an unknown target", { target: "x", calculationSpec: count }, "not_found", '"x"'],
  [
    "an unknown function",
    { target: "issue", calculationSpec: { ...count, func: "x" } },
    "invalid_request",
    "calculationSpec",
  ],
  [
    "a property that is no number",
    { target: "issue", calculationSpec: { ...of("sum"), property: "at" } },
    "invalid_request",
    "number",
  ],
  [
    "a time that is none",
    { target: "issue", calculationSpec: of("average", { averageOf: "day", measureTimeBy: "points" }) },
    "invalid_request",
    "measureTimeBy",
  ],
  [
    "a path to elsewhere",
    { target: "issue", calculationSpec: count, pathFilter: [{ path: ["domain"] }] },
    "invalid_request",
    "pathFilter",
  ],
  [
    "a query that cannot be read",
    {
      target: "issue",
      calculationSpec: count,
      query: { combinator: "and", rules: [{ property: "x", operator: "=" }] },
    },
    "invalid_request",
    '"x"',
  ],
])("an aggregation with %s is refused", async (_, aggregation, portCode, words) => {
  await expect(set("service", { it: aggregation })).rejects.toEqual(refusal(portCode, words));
});

test("an aggregation is not searched", async () => {
  await set("service", { it: { target: "issue", calculationSpec: count } });
  const query = { combinator: "and", rules: [{ property: "it", operator: "=", value: 1 }] };
  await expect(catalog.search(query, { blueprint: "service" })).rejects.toEqual(
    refusal("invalid_request", "aggregation"),
  );
});
