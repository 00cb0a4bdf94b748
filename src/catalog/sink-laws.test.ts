import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { WriteContext } from "../model/catalog-sink.ts";
import type { Entity, EntityInput, EntityKey } from "../model/entity.ts";
import type { JsonObject } from "../model/json.ts";
import { EmbeddedSink } from "./embedded-sink.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";

/** More of them find more: QUAYSIDE_LAW_RUNS=1000. */
const RUNS = Number(process.env["QUAYSIDE_LAW_RUNS"] ?? 30);
const CALLER = { actor: "tester", dataSource: "test" };
const BLUEPRINTS: readonly JsonObject[] = [
  { identifier: "person", title: "Person", schema: { properties: { age: { type: "number" } } } },
  {
    identifier: "issue",
    title: "Issue",
    schema: { properties: { points: { type: "number" } } },
    relations: {
      assignee: { target: "person" },
      parent: { target: "issue" },
      subtasks: { target: "issue", many: true },
    },
  },
];

const issueName = fc.constantFrom("A", "B", "C", "D", "E");
const personName = fc.constantFrom("p", "q", "r");
const issueInput: fc.Arbitrary<EntityInput> = fc.record({
  blueprint: fc.constant("issue"),
  identifier: issueName,
  properties: fc.record({ points: fc.option(fc.nat(3)) }),
  relations: fc.record(
    {
      assignee: fc.option(personName),
      parent: fc.option(issueName),
      subtasks: fc.uniqueArray(issueName, { maxLength: 4 }),
    },
    { requiredKeys: [] },
  ),
});
const personInput: fc.Arbitrary<EntityInput> = fc.record({
  blueprint: fc.constant("person"),
  identifier: personName,
  properties: fc.record({ age: fc.nat(3) }),
});
const input = fc.oneof({ weight: 3, arbitrary: issueInput }, { weight: 1, arbitrary: personInput });
const page = fc.array(input, { maxLength: 4 });
const flags = fc.record({
  enableMergeEntity: fc.boolean(),
  createMissingRelatedEntities: fc.boolean(),
  deleteDependentEntities: fc.boolean(),
});
const key: fc.Arbitrary<EntityKey> = fc.oneof(
  issueName.map((identifier) => ({ blueprint: "issue", identifier })),
  personName.map((identifier) => ({ blueprint: "person", identifier })),
);

interface Opened extends TestCatalog {
  readonly sink: EmbeddedSink;
}

async function withCatalog(use: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = await openTestCatalog({ threads: false });
  try {
    for (const document of BLUEPRINTS) await opened.catalog.createBlueprint(document, CALLER);
    await use({ ...opened, sink: new EmbeddedSink({ catalog: opened.catalog, actor: "client" }) });
  } finally {
    await opened.close();
  }
}

function toContext(chosen: WriteContext["flags"]): WriteContext {
  return { runId: "run", dataSource: "law", flags: chosen };
}

async function full(
  { sink }: Opened,
  pages: readonly (readonly EntityInput[])[],
  chosen: WriteContext["flags"],
  options: { readonly atOnce?: boolean; readonly removals?: readonly EntityKey[] } = {},
): Promise<void> {
  const session = await sink.beginFull(toContext(chosen));
  if (options.atOnce === true) await Promise.all(pages.map((each) => session.putPage(each)));
  else for (const each of pages) await session.putPage(each);
  await session.commit(options.removals ?? []);
}

async function readAll({ catalog }: Opened): Promise<readonly Entity[]> {
  return [...(await catalog.listEntities("issue")), ...(await catalog.listEntities("person"))];
}

/** Of every relation of every entity, the target exists. */
async function expectNothingDangles(opened: Opened): Promise<void> {
  const entities = await readAll(opened);
  const there = new Set(entities.map(({ blueprint, identifier }) => `${blueprint}/${identifier}`));
  for (const { blueprint, relations } of entities) {
    for (const [name, value] of Object.entries(relations)) {
      const target = opened.catalog.getBlueprint(blueprint).relations[name]?.target ?? "";
      for (const identifier of [value ?? []].flat()) expect(there).toContain(`${target}/${identifier}`);
    }
  }
}

/** The last input for each entity: with one input each, the order of pages cannot matter. */
function toDistinct(inputs: readonly EntityInput[]): EntityInput[] {
  return [...new Map(inputs.map((each) => [JSON.stringify([each.blueprint, each.identifier]), each])).values()];
}

test("a full read twice is the same as once, and the second time changes nothing", () =>
  fc.assert(
    fc.asyncProperty(fc.array(page, { maxLength: 4 }), flags, async (pages, chosen) => {
      const whole = pages.map(toDistinct);
      const distinct = toDistinct(whole.flat());
      await withCatalog(async (opened) => {
        await full(opened, [distinct], chosen);
        const once = [await readAll(opened), (await opened.catalog.listChanges(0, 10_000)).length];
        opened.clock.move(1000);
        await full(opened, [distinct], chosen);
        expect([await readAll(opened), (await opened.catalog.listChanges(0, 10_000)).length]).toEqual(once);
      });
    }),
    { numRuns: RUNS },
  ));

test("the order of the pages, and whether they are put at once, does not matter", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(input, { maxLength: 12 }).map(toDistinct),
      fc.infiniteStream(fc.nat(1000)),
      flags,
      async (inputs, random, chosen) => {
        const shuffled = inputs
          .map((each) => ({ each, rank: random.next().value }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ each }) => each);
        const results: (readonly Entity[])[] = [];
        for (const pages of [[inputs], shuffled.map((each) => [each])]) {
          await withCatalog(async (opened) => {
            await full(opened, pages, chosen, { atOnce: true });
            results.push(await readAll(opened));
          });
        }
        expect(results[1]).toEqual(results[0]);
      },
    ),
    { numRuns: RUNS },
  ));

test("whatever is written and removed, nothing ever points at what is not there", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.record({ type: fc.constant("full"), pages: fc.array(page, { maxLength: 3 }), keys: fc.array(key), flags }),
          fc.record({
            type: fc.constant("delta"),
            pages: fc.array(page, { maxLength: 1 }),
            keys: fc.array(key),
            flags,
          }),
          fc.record({ type: fc.constant("api"), pages: fc.array(page, { maxLength: 1 }), keys: fc.array(key), flags }),
        ),
        { maxLength: 5 },
      ),
      async (steps) => {
        await withCatalog(async (opened) => {
          const { catalog, sink } = opened;
          for (const { type, pages, keys, flags: chosen } of steps) {
            if (type === "full") await full(opened, pages, chosen, { atOnce: true, removals: keys });
            if (type === "delta") await sink.applyDelta(pages.flat(), keys, toContext(chosen));
            if (type === "api") {
              const { createMissingRelatedEntities } = chosen;
              await catalog.writeEntities(pages.flat(), { existing: "merge", createMissingRelatedEntities }, CALLER);
              await catalog.deleteEntities(keys, { deleteDependents: false }, CALLER);
            }
            await expectNothingDangles(opened);
          }
        });
      },
    ),
    { numRuns: RUNS },
  ));

test("deltas in any order of their entities end at what a full read gives", () =>
  fc.assert(
    fc.asyncProperty(fc.array(input, { maxLength: 8 }).map(toDistinct), async (inputs) => {
      const chosen = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
      const results: (readonly Entity[])[] = [];
      await withCatalog(async (opened) => {
        await full(opened, [inputs], chosen);
        results.push(await readAll(opened));
      });
      await withCatalog(async (opened) => {
        for (const each of inputs.toReversed()) await opened.sink.applyDelta([each], [], toContext(chosen));
        results.push(await readAll(opened));
      });
      expect(results[1]).toEqual(results[0]);
    }),
    { numRuns: RUNS },
  ));
