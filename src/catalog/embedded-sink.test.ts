import { describe, expect, test } from "vitest";
import { runCatalogSinkContract } from "./catalog-sink.contract.ts";
import { openTestCatalog } from "./test-catalog.fixture.ts";
import { EmbeddedSink } from "./embedded-sink.ts";
import { planRemovals } from "./plan-removals.ts";

const CALLER = { actor: "tester", dataSource: "test" };

describe("EmbeddedSink keeps the contract of CatalogSink", () => {
  runCatalogSinkContract({
    make: async () => {
      const opened = await openTestCatalog({ threads: true });
      const { catalog } = opened;
      return {
        sink: new EmbeddedSink({ catalog, actor: "client" }),
        createBlueprints: async (documents) => {
          for (const document of documents) await catalog.createBlueprint(document, CALLER);
        },
        readEntity: (key) => catalog.getEntity(key).catch(() => undefined),
        countEntities: (blueprint) => catalog.countEntities(blueprint),
        retitleByHand: async (key, title) => {
          await catalog.patchEntity(key, { title }, { createMissingRelatedEntities: false }, CALLER);
        },
        deleteByHand: async (key) => {
          await catalog.deleteEntities([key], { deleteDependents: false }, CALLER);
        },
        close: () => opened.close(),
      };
    },
  });
});

test("a relation that leaves the blueprint takes with it what waited for its targets", async () => {
  const opened = await openTestCatalog({ threads: false });
  const { catalog, store } = opened;
  const bare = { title: "T", schema: { properties: {} } };
  await catalog.createBlueprint({ ...bare, identifier: "person" }, CALLER);
  await catalog.createBlueprint(
    { ...bare, identifier: "issue", relations: { assignee: { target: "person" } } },
    CALLER,
  );
  const flags = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
  const context = { runId: "r", dataSource: "d", flags };
  const sink = new EmbeddedSink({ catalog, actor: "client" });
  await sink.applyDelta([{ blueprint: "issue", identifier: "A-1", relations: { assignee: "p" } }], [], context);
  expect(await store.entities.listWaiting("d", 0, 10)).toHaveLength(1);
  await catalog.patchBlueprint("issue", { relations: {} }, CALLER);
  expect(await store.entities.listWaiting("d", 0, 10)).toEqual([]);
  await opened.close();
});

test("a session that is stopped writes no more pages", async () => {
  const opened = await openTestCatalog({ threads: false });
  const stop = new AbortController();
  const flags = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
  const sink = new EmbeddedSink({ catalog: opened.catalog, actor: "client" });
  const session = await sink.beginFull({ runId: "r", dataSource: "d", flags, signal: stop.signal });
  stop.abort();
  await expect(session.putPage([{ blueprint: "x", identifier: "x" }])).rejects.toMatchObject({ code: "aborted" });
  await session.abandon();
  await opened.close();
});

test("what waits for several targets is reported once", async () => {
  const opened = await openTestCatalog({ threads: false });
  const relations = { next: { target: "issue", many: true } };
  await opened.catalog.createBlueprint(
    { identifier: "issue", title: "I", schema: { properties: {} }, relations },
    CALLER,
  );
  const flags = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
  const sink = new EmbeddedSink({ catalog: opened.catalog, actor: "client" });
  const waiting = { blueprint: "issue", identifier: "A-1", relations: { next: ["A-2", "A-3", "A-1"] } };
  const { outcomes } = await sink.applyDelta([waiting], [], { runId: "r", dataSource: "d", flags });
  expect(outcomes).toMatchObject([{ message: expect.stringMatching(/"A-2".*was not found \(and 1 more\)/) }]);
  await opened.close();
});

test("an idle stub that was written before it could be removed stays", async () => {
  const opened = await openTestCatalog({ threads: false });
  const { catalog } = opened;
  await catalog.createBlueprint({ identifier: "issue", title: "I", schema: { properties: {} } }, CALLER);
  const options = { existing: "merge", createMissingRelatedEntities: false } as const;
  await catalog.writeEntities([{ blueprint: "issue", identifier: "A-1" }], options, CALLER);
  const keys = [{ blueprint: "issue", identifier: "A-1" }];
  const mode = { dependents: "ignore", referenced: "stub", onlyStubs: true } as const;
  const plan = await planRemovals(keys, mode, catalog.services);
  expect(plan).toMatchObject({ deleted: [], kept: [], removals: [], rows: [] });
  await opened.close();
});
