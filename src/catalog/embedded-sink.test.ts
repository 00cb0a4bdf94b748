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

describe("what a sink tells without writing", () => {
  const flags = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
  const context = { runId: "r", dataSource: "port-ocean/jira/0.1.0/mine/exporter", flags };
  const key = (identifier: string) => ({ blueprint: "thing", identifier });
  const open = async () => {
    const opened = await openTestCatalog({ threads: false });
    await opened.catalog.createBlueprint({ identifier: "thing", title: "T", schema: { properties: {} } }, CALLER);
    const close = () => opened.close();
    return { ...opened, close, sink: new EmbeddedSink({ catalog: opened.catalog, actor: "client" }) };
  };

  test("which entities are gone, and which somebody else wrote last; another version is nobody else", async () => {
    const { sink, catalog, close } = await open();
    await sink.applyDelta([key("A"), key("B"), key("C")], [], context);
    await catalog.deleteEntities([key("A")], { deleteDependents: false }, CALLER);
    const write = { createMissingRelatedEntities: false };
    await catalog.patchEntity(key("B"), { title: "by hand" }, write, CALLER);
    const later = { ...context, dataSource: "port-ocean/jira/0.2.0/mine/exporter" };
    const unknown = { blueprint: "nothing", identifier: "X" };
    expect(await sink.findDisturbed([key("A"), key("B"), key("C"), unknown], later)).toEqual({
      missing: [key("A"), unknown],
      changed: [key("B")],
    });
    await close();
  });

  test("what a write would do, also where the blueprint is still to be made", async () => {
    const { sink, catalog, store, close } = await open();
    await sink.applyDelta([{ ...key("A"), title: "old" }, key("same")], [], context);
    const seq = await store.feed.lastSeq();
    const inputs = [
      { ...key("A"), title: "new" },
      key("same"),
      key("B"),
      { ...key("C"), properties: { unknown: 1 } },
      { blueprint: "later", identifier: "X" },
    ];
    const outcomes = await sink.preview(inputs, context);
    expect(outcomes.map(({ result }) => result)).toEqual(["updated", "unchanged", "created", "failed", "created"]);
    expect(await store.feed.lastSeq()).toBe(seq);
    expect((await catalog.getEntity(key("A"))).title).toBe("old");
    await close();
  });
});
