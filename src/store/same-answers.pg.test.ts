import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json, JsonObject } from "../model/json.ts";
import type { EntitySearch, SearchCondition, SearchField, SearchScalar } from "../model/search.ts";
import { systemClock } from "../runtime/clock.ts";
import type { PlannedRow } from "./entity-store.ts";
import { openPostgresStore } from "./postgres/open-postgres-store.ts";
import { takeTestDatabase } from "./postgres/test-database.fixture.ts";
import { openSqliteStore } from "./sqlite/open-sqlite-store.ts";
import type { Store } from "./store.ts";

/** Of every sort: what a property may hold, and what two databases may tell apart in two ways. */
const TEXTS = ["", "a b", "[1, 2]", ...String.raw`open Open ö Z z 10 9 1 true % _ \ 💡 \uFFFD 2024-05-06`.split(" ")];
const NUMBERS = [0, 1, -1, 9, 10, 1.5, -1.5, 0.001, -(2 ** 40), 123456789012];
const LISTS = [[], ["open", "z"], [1, true, null], ["2024-05-06T05:08:09Z"]];
const VALUES: readonly Json[] = [...TEXTS, ...NUMBERS, true, false, null, ...LISTS, { deep: 1 }, {}];
const NAMES = ["p", 'q\'s "name"', "ü.x"];
/** Of this one no value is a list: how lists are ordered among texts is nobody's promise. */
const SCALAR = "s";
/** Times are compared in this one: SQLite also takes other texts for times ("10" is October 2001), as JavaScript does. */
const TIME = "t";
const TIMES: readonly Json[] = [
  ..."2024-05-06 2024-05 2024 2024-05-06T07:08:09.010+0200 2024-05-06T07:08:09+02:00 2024-05-06T05:08:09Z".split(" "),
  ..."2024-05-06T05:08:09.010123Z 2024-02-30T00:00:00Z 1969-12-31T23:59:59.999Z 2024-13-06 2024-05-06T25:00Z".split(
    " ",
  ),
  "open",
  "",
  1714972089010,
  true,
  null,
  ["2024-05-06T05:08:09Z", "open"],
  { at: "2024-05-06" },
];
const SCALARS = VALUES.filter((value): value is Exclude<SearchScalar, null> => typeof value !== "object");
const ENTITIES = 120;

let stores: readonly [Store, Store];
let folder: string;
const close: (() => Promise<void>)[] = [];
let ids: readonly [number, number];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "quayside-same-"));
  stores = [
    await openSqliteStore({ path: join(folder, "catalog.db"), clock: systemClock }),
    await openPostgresStore({ url: await takeTestDatabase(), clock: systemClock }),
  ];
  for (const store of stores) {
    close.push(() => store.close());
    await fill(store);
  }
});
afterAll(async () => {
  for (const each of close) await each();
  rmSync(folder, { recursive: true });
});

/** People, and issues with every value in every property, some assigned, some after others. */
async function fill(store: Store): Promise<void> {
  const origin = { actor: "me", dataSource: "test", runId: null, atMs: Date.parse("2024-05-06T07:08:09.010Z") };
  const blueprints = ["person", "issue"].map((identifier) => {
    return { identifier, document: {}, hasOldEntities: false, expectedVersion: null };
  });
  const [person, issue] = await store.blueprints.put(blueprints, origin);
  ids = [person?.id ?? 0, issue?.id ?? 0];
  const people = ["ann", "Bob", "ö"].map((name) => toRow(ids[0], name, {}, []));
  const issues = Array.from({ length: ENTITIES }, (_, index) => {
    const properties: Record<string, Json> = Object.fromEntries(
      NAMES.flatMap((name, place) => {
        const value = VALUES[(index * (place + 1) + place * 7) % (VALUES.length + 3)];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const single = SCALARS[index % (SCALARS.length + 2)];
    if (single !== undefined) properties[SCALAR] = single;
    properties[TIME] = TIMES[index % TIMES.length] ?? null;
    const edges = [
      ...(index % 4 === 0
        ? []
        : [{ relation: "assignee", targetBlueprintId: ids[0], target: ["ann", "Bob", "ö"][index % 3] ?? "" }]),
      ...(index % 5 === 0
        ? [{ relation: "after", targetBlueprintId: ids[1], target: `i${(index * 7 + 1) % ENTITIES}` }]
        : []),
    ];
    return toRow(ids[1], `i${index}`, properties, edges);
  });
  expect(await store.entities.apply({ blueprints: [], rows: [...people, ...issues], removals: [] }, origin)).toBe(true);
}

function toRow(
  blueprintId: number,
  identifier: string,
  properties: JsonObject,
  edges: PlannedRow["edges"],
): PlannedRow {
  const relations = Object.fromEntries((edges ?? []).map(({ relation, target }) => [relation, target]));
  return {
    blueprintId,
    identifier,
    edges,
    pending: [],
    expectedVersion: null,
    keepsAuthor: false,
    title: `${identifier} Title`,
    icon: null,
    team: identifier.endsWith("1") ? '["a","b"]' : "[]",
    properties: JSON.stringify(properties),
    computed: JSON.stringify(properties),
    relations: JSON.stringify(relations),
    isStub: identifier.endsWith("3"),
  };
}

const field: fc.Arbitrary<SearchField> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("property" as const),
      name: fc.constantFrom(...NAMES, SCALAR),
      isCalculated: fc.boolean(),
      isScalar: fc.constant(false),
    }),
  },
  fc.record({ kind: fc.constant("relation" as const), name: fc.constantFrom("assignee", "after") }),
  fc
    .constantFrom("$title", "$identifier", "$team", "$blueprint", "$createdAt", "$icon")
    .map((name) => ({ kind: "meta" as const, name })),
);
const texts = [
  ...SCALARS.filter((value) => typeof value === "string"),
  "ann",
  "i1",
  "i1 Title",
  "T",
  "issue",
  "2024-05-06T07:08:09.010Z",
];
const scalar = fc.constantFrom<SearchScalar>(...SCALARS, ...texts, null);
const text = fc.constantFrom(...texts).filter((value) => value !== "");
const bound = fc.record({ value: fc.constantFrom(0, 1, -1, 9.5, 10, 1e21), isIncluded: fc.boolean() });
const instant = fc.record({
  value: fc.constantFrom(1714971600000, 1714972089000, 1714972089010, 1714979289010),
  isIncluded: fc.boolean(),
});
const negated = fc.boolean();
const timeField = fc.oneof(
  fc.record({
    kind: fc.constant("property" as const),
    name: fc.constant(TIME),
    isCalculated: fc.boolean(),
    isScalar: fc.constant(false),
  }),
  fc.constantFrom("$createdAt", "$updatedAt").map((name) => ({ kind: "meta" as const, name })),
);

const { condition } = fc.letrec<{ condition: SearchCondition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.record({ type: fc.constant("equal" as const), field, values: fc.array(scalar, { maxLength: 3 }), negated }),
    fc.record({
      type: fc.constant("text" as const),
      field,
      match: fc.constantFrom("contains" as const, "begins" as const, "ends" as const),
      value: text,
      negated,
    }),
    fc.record({ type: fc.constant("empty" as const), field, negated }),
    fc.record({ type: fc.constant("range" as const), field, as: fc.constant("number" as const), from: bound, negated }),
    fc.record({
      type: fc.constant("range" as const),
      field,
      as: fc.constant("number" as const),
      from: bound,
      to: bound,
      negated,
    }),
    fc.record({
      type: fc.constant("range" as const),
      field: timeField,
      as: fc.constant("instant" as const),
      to: instant,
      negated,
    }),
    fc.record({
      type: fc.constant("relatedTo" as const),
      blueprintId: fc.constantFrom(1, 2),
      identifiers: fc.subarray(["ann", "ö", "i1", "i8"]),
      direction: fc.constantFrom("upstream" as const, "downstream" as const, "both" as const),
    }),
    fc.record({
      type: fc.constant("related" as const),
      steps: fc.array(
        fc.record({
          relation: fc.constantFrom("assignee", "after"),
          direction: fc.constantFrom("forward" as const, "backward" as const),
          maxHops: fc.constantFrom(1, 3),
        }),
        { minLength: 1, maxLength: 2 },
      ),
      condition: tie("condition"),
    }),
    fc.record({
      type: fc.constantFrom("all" as const, "any" as const),
      conditions: fc.array(tie("condition"), { maxLength: 3 }),
    }),
  ),
}));

async function readAll({ entities }: Store, search: EntitySearch): Promise<readonly string[]> {
  const found: string[] = [];
  let from: string | undefined;
  do {
    const page = await entities.search({ ...search, ...(from !== undefined && { from }) });
    found.push(...page.rows.map((row) => row.identifier));
    from = page.next;
  } while (from !== undefined);
  return found;
}

async function expectSame<Answer>(ask: (store: Store) => Promise<Answer>): Promise<void> {
  const [one, other] = await Promise.all(stores.map(ask));
  expect(other).toEqual(one);
}

const RUNS = 200;

test("both databases find the same entities, in the same order, page by page", async () => {
  const sortable = fc.oneof(
    fc.record({
      kind: fc.constant("property" as const),
      name: fc.constant(SCALAR),
      isCalculated: fc.boolean(),
      isScalar: fc.constant(true),
    }),
    fc.constantFrom("$title", "$identifier", "$createdAt", "$icon").map((name) => ({ kind: "meta" as const, name })),
    fc.record({ kind: fc.constant("relation" as const), name: fc.constantFrom("assignee", "after") }),
  );
  const sort = fc.option(fc.record({ field: sortable, isDescending: fc.boolean() }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(condition, fc.boolean(), sort, async (rule, isOfOne, order) => {
      const within = isOfOne ? { blueprintId: ids[1], ...(order !== undefined && { sort: order }) } : {};
      await expectSame((store) => readAll(store, { rule, limit: 50, ...within }));
      await expectSame((store) => store.entities.count({ rule, ...within }));
    }),
    { numRuns: RUNS },
  );
});

test("both count the same groups, list the same values and measure the same", async () => {
  await fc.assert(
    fc.asyncProperty(
      condition,
      fc.array(field, { minLength: 1, maxLength: 2 }),
      timeField,
      async (rule, fields, time) => {
        await expectSame(async (store) => new Set(await store.entities.countGroups({ rule }, fields, 1000)));
        await expectSame(
          async (store) =>
            new Set((await store.entities.listValues({ rule }, fields, 1000)).map((row) => JSON.stringify(row))),
        );
        const [value] = fields;
        const spec = { ...(value && { value }), time, withMedian: true };
        await expectSame(async (store) => {
          const { sum, mean, median, ...rest } = await store.entities.measure({ rule }, spec);
          // Computed in another order.
          return { ...rest, sum: sum?.toPrecision(10), mean: mean?.toPrecision(10), median: median?.toPrecision(10) };
        });
      },
    ),
    { numRuns: RUNS },
  );
});
