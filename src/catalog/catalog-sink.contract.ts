import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CatalogSink, FullSession, WriteContext, WriteOutcome } from "../model/catalog-sink.ts";
import type { Entity, EntityInput, EntityKey } from "../model/entity.ts";
import type { Json, JsonObject } from "../model/json.ts";

/** A sink under test and a way to look at the catalog behind it. */
export interface SinkUnderTest {
  readonly sink: CatalogSink;
  /** In this order; relations point at earlier ones, or at themselves. */
  createBlueprints(documents: readonly JsonObject[]): Promise<void>;
  readEntity(key: EntityKey): Promise<Entity | undefined>;
  countEntities(blueprint: string): Promise<number>;
  /** What somebody else does to the catalog, past the sink. */
  retitleByHand(key: EntityKey, title: string): Promise<void>;
  deleteByHand(key: EntityKey): Promise<void>;
  close(): Promise<void>;
}

const BLUEPRINTS: readonly JsonObject[] = [
  {
    identifier: "person",
    title: "Person",
    schema: { properties: { mail: { type: "string", format: "email" } } },
  },
  {
    identifier: "issue",
    title: "Issue",
    schema: {
      properties: {
        summary: { type: "string" },
        points: { type: "number" },
        labels: { type: "array", items: { type: "string" } },
        created: { type: "string", format: "date-time" },
      },
    },
    relations: {
      assignee: { target: "person" },
      parent: { target: "issue" },
      subtasks: { target: "issue", many: true },
    },
  },
  {
    identifier: "badge",
    title: "Badge",
    schema: { properties: {} },
    relations: { owner: { target: "person", required: true } },
  },
];

const FLAGS = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };

/** What every CatalogSink promises, whatever is behind it. */
export function runCatalogSinkContract({ make }: { readonly make: () => Promise<SinkUnderTest> }): void {
  let under: SinkUnderTest;
  beforeEach(async () => {
    under = await make();
    await under.createBlueprints(BLUEPRINTS);
  });
  afterEach(() => under.close());

  const begin = (flags: Partial<WriteContext["flags"]> = {}): Promise<FullSession> =>
    under.sink.beginFull(toContext(flags));
  const read = (blueprint: string, identifier: string): Promise<Entity | undefined> =>
    under.readEntity({ blueprint, identifier });
  /** One session that puts one page and removes what is named. */
  const sync = async (
    entities: readonly EntityInput[],
    removals: readonly EntityKey[] = [],
    flags: Partial<WriteContext["flags"]> = {},
  ) => {
    const session = await begin(flags);
    const outcomes = entities.length > 0 ? await session.putPage(entities) : [];
    return { outcomes, report: await session.commit(removals) };
  };

  describe("writing", () => {
    test("an entity is created, then unchanged, then updated, and reads back as written", async () => {
      const first = issue("A-1", { summary: "One", points: 3, labels: ["x"], created: "2023-11-06T11:02:59.000+0000" });
      expect(toResults((await sync([first])).outcomes)).toEqual(["created"]);
      const before = await read("issue", "A-1");
      expect(before).toMatchObject({
        identifier: "A-1",
        blueprint: "issue",
        title: "Issue A-1",
        properties: { summary: "One", points: 3, labels: ["x"], created: "2023-11-06T11:02:59.000+0000" },
        relations: { assignee: null, parent: null, subtasks: [] },
      });
      expect(toResults((await sync([first])).outcomes)).toEqual(["unchanged"]);
      expect(await read("issue", "A-1")).toEqual(before);
      expect(toResults((await sync([issue("A-1", { summary: "Two" })])).outcomes)).toEqual(["updated"]);
      expect((await read("issue", "A-1"))?.properties["summary"]).toBe("Two");
    });

    test("outcomes come in the order of the inputs and name them", async () => {
      const { outcomes } = await sync([issue("A-2"), person("p"), issue("A-1")]);
      expect(outcomes.map(({ key }) => `${key.blueprint}/${key.identifier}`)).toEqual([
        "issue/A-2",
        "person/p",
        "issue/A-1",
      ]);
    });

    test("with merge, what an input does not name is kept, and null clears", async () => {
      await sync([person("p"), issue("A-1", { summary: "One", points: 3 }, { assignee: "p" })]);
      await sync([issue("A-1", { points: 5 })]);
      expect(await read("issue", "A-1")).toMatchObject({
        properties: { summary: "One", points: 5 },
        relations: { assignee: "p" },
      });
      await sync([issue("A-1", { points: null }, { assignee: null })]);
      expect(await read("issue", "A-1")).toMatchObject({
        properties: { summary: "One", points: null },
        relations: { assignee: null },
      });
    });

    test("without merge, what an input does not name is cleared", async () => {
      await sync([person("p"), issue("A-1", { summary: "One", points: 3 }, { assignee: "p" })]);
      await sync([issue("A-1", { points: 5 })], [], { enableMergeEntity: false });
      expect(await read("issue", "A-1")).toMatchObject({
        properties: { summary: null, points: 5 },
        relations: { assignee: null },
      });
    });

    test("an entity that does not fit its blueprint fails alone", async () => {
      const { outcomes } = await sync([
        issue("A-1"),
        issue("A-2", { points: "three" }),
        issue("A 3"),
        { blueprint: "nowhere", identifier: "x" },
        issue("A-4"),
      ]);
      expect(toResults(outcomes)).toEqual(["created", "failed", "failed", "failed", "created"]);
      expect(outcomes[1]).toMatchObject({ code: "blueprint_schema_mismatch", key: { identifier: "A-2" } });
      expect(outcomes[1]?.result === "failed" && outcomes[1].message).toContain("points");
      expect(outcomes[3]).toMatchObject({ code: "not_found" });
      expect(await under.countEntities("issue")).toBe(2);
    });

    test("of two inputs for one entity in a page both count, the later on top", async () => {
      await sync([issue("A-1", { summary: "One", points: 1 }), issue("A-1", { points: 2 })]);
      expect(await under.countEntities("issue")).toBe(1);
      expect((await read("issue", "A-1"))?.properties).toMatchObject({ summary: "One", points: 2 });
    });

    test("several pages may be in flight, and a big one is written whole", async () => {
      const session = await begin();
      const pages = [0, 1, 2, 3].map((page) =>
        Array.from({ length: 150 }, (_, index) => issue(`A-${page * 150 + index}`, { points: index })),
      );
      const outcomes = await Promise.all(pages.map((page) => session.putPage(page)));
      await session.commit([]);
      expect(outcomes.flat().every((outcome) => outcome.result === "created")).toBe(true);
      expect(await under.countEntities("issue")).toBe(600);
      expect((await read("issue", "A-599"))?.properties["points"]).toBe(149);
    });
  });

  describe("relations", () => {
    test("entities may point at each other in a circle, within a page and across pages", async () => {
      const session = await begin();
      await session.putPage([
        issue("A-1", {}, { subtasks: ["A-2", "A-3"] }),
        issue("A-2", {}, { parent: "A-1", assignee: "p" }),
      ]);
      await session.putPage([issue("A-3", {}, { parent: "A-1" })]);
      await session.putPage([person("p")]);
      expect(await session.commit([])).toMatchObject({ failures: [], stubsCreated: 0 });
      expect((await read("issue", "A-1"))?.relations["subtasks"]).toEqual(["A-2", "A-3"]);
      expect((await read("issue", "A-2"))?.relations).toMatchObject({ parent: "A-1", assignee: "p" });
      expect((await read("issue", "A-3"))?.relations["parent"]).toBe("A-1");
    });

    test("a target that is missing to the end is left out and reported", async () => {
      const { outcomes, report } = await sync([issue("A-1", { points: 1 }, { assignee: "ghost", parent: "A-1" })]);
      expect(toResults(outcomes)).toEqual(["created"]);
      expect(report.stubsCreated).toBe(0);
      expect(report.failures).toMatchObject([
        { result: "failed", key: { blueprint: "issue", identifier: "A-1" }, code: "not_found" },
      ]);
      expect(await read("person", "ghost")).toBeUndefined();
      expect(await read("issue", "A-1")).toMatchObject({
        properties: { points: 1 },
        relations: { assignee: null, parent: "A-1" },
      });
    });

    test("with createMissingRelatedEntities a target that is missing to the end becomes a stub", async () => {
      const { report } = await sync([issue("A-1", {}, { assignee: "ghost" })], [], {
        createMissingRelatedEntities: true,
      });
      expect(report).toMatchObject({ stubsCreated: 1, failures: [] });
      expect(await read("person", "ghost")).toMatchObject({ title: "ghost", properties: { mail: null } });
      expect((await read("issue", "A-1"))?.relations["assignee"]).toBe("ghost");
    });

    test("a stub becomes whole when its entity is written", async () => {
      await sync([issue("A-1", {}, { assignee: "p" })], [], { createMissingRelatedEntities: true });
      await sync([person("p")]);
      expect(await read("person", "p")).toMatchObject({ title: "Person p", properties: { mail: "p@example.com" } });
      expect((await read("issue", "A-1"))?.relations["assignee"]).toBe("p");
    });

    test("a relation that was left out is completed by a later session that brings its target", async () => {
      const waiting = issue("A-1", {}, { assignee: "p" });
      await sync([waiting]);
      const { report } = await sync([person("p"), waiting]);
      expect(report.failures).toEqual([]);
      expect((await read("issue", "A-1"))?.relations["assignee"]).toBe("p");
    });

    test("an entity that was there before can wait, and then for another target", async () => {
      await sync([issue("A-1")]);
      const session = await begin();
      await session.putPage([issue("A-1", {}, { assignee: "p" })]);
      await session.putPage([issue("A-1", {}, { assignee: "q" })]);
      await session.putPage([person("p"), person("q")]);
      await session.commit([]);
      expect((await read("issue", "A-1"))?.relations["assignee"]).toBe("q");
    });

    test("a relation set anew forgets the target it waited for", async () => {
      const session = await begin();
      await session.putPage([issue("A-1", {}, { assignee: "p" })]);
      await session.putPage([issue("A-1", {}, { assignee: null })]);
      await session.putPage([person("p")]);
      await session.commit([]);
      expect((await read("issue", "A-1"))?.relations["assignee"]).toBeNull();
    });
  });

  describe("removing", () => {
    test("what is named goes, unknown names are passed over", async () => {
      await sync([issue("A-1"), issue("A-2")]);
      const { report } = await sync([], [key("issue", "A-1"), key("issue", "A-9")]);
      expect(report.removals).toEqual({ deleted: [key("issue", "A-1")], kept: [] });
      expect(await read("issue", "A-1")).toBeUndefined();
      expect(await under.countEntities("issue")).toBe(1);
    });

    test("an entity that something still points at stays, as a bare stub", async () => {
      await sync([person("p"), issue("A-1", {}, { assignee: "p" })]);
      const { report } = await sync([], [key("person", "p")]);
      expect(report.removals).toEqual({ deleted: [], kept: [key("person", "p")] });
      expect(await read("person", "p")).toMatchObject({ title: "p", properties: { mail: null } });
      expect((await read("issue", "A-1"))?.relations["assignee"]).toBe("p");
    });

    test("entities that point at each other go together", async () => {
      await sync([issue("A-1", {}, { subtasks: ["A-2"] }), issue("A-2", {}, { parent: "A-1" })]);
      const { report } = await sync([], [key("issue", "A-1"), key("issue", "A-2")]);
      expect(report.removals.deleted).toHaveLength(2);
      expect(await under.countEntities("issue")).toBe(0);
    });

    test("it does not matter how many are named, nor in which order", async () => {
      await sync([person("p"), issue("A-1", {}, { assignee: "p" })]);
      const unknown = Array.from({ length: 600 }, (_, index) => key("issue", `U-${index}`));
      const { report } = await sync([], [key("person", "p"), ...unknown, key("issue", "A-1")]);
      expect(new Set(report.removals.deleted)).toEqual(new Set([key("person", "p"), key("issue", "A-1")]));
      expect(report.removals.kept).toEqual([]);
    });

    test("a stub goes with the last entity that points at it", async () => {
      await sync([issue("A-1", {}, { assignee: "ghost" })], [], { createMissingRelatedEntities: true });
      await sync([], [key("issue", "A-1")]);
      expect(await read("person", "ghost")).toBeUndefined();
    });

    test("without deleteDependentEntities an entity that is required stays as a stub", async () => {
      await sync([person("p"), badge("b", "p")]);
      const { report } = await sync([], [key("person", "p")]);
      expect(report.removals.deleted).toEqual([]);
      expect((await read("badge", "b"))?.relations["owner"]).toBe("p");
    });

    test("with deleteDependentEntities those that require it go too", async () => {
      await sync([person("p"), badge("b", "p"), badge("c", "p")]);
      const { report } = await sync([], [key("person", "p")], { deleteDependentEntities: true });
      expect(report.removals.deleted).toHaveLength(3);
      expect(await under.countEntities("badge")).toBe(0);
      expect(await under.countEntities("person")).toBe(0);
    });

    test("an abandoned session removes nothing and keeps what was put, with relations as far as possible", async () => {
      await sync([issue("A-1")]);
      const session = await begin({ createMissingRelatedEntities: true });
      await session.putPage([issue("A-2", {}, { assignee: "p", parent: "ghost" })]);
      await session.putPage([person("p")]);
      await session.abandon();
      expect(await under.countEntities("issue")).toBe(2);
      expect((await read("issue", "A-2"))?.relations).toMatchObject({ assignee: "p", parent: null });
    });
  });

  describe("repeating", () => {
    test("a session after one that never ended gives the same catalog, and the third writes nothing", async () => {
      const pages = [
        [issue("A-1", {}, { subtasks: ["A-2", "A-3"], assignee: "p" }), issue("A-2", {}, { parent: "A-1" })],
        [issue("A-3", {}, { parent: "A-1", assignee: "ghost" }), person("p")],
      ];
      const cutOff = await begin({ createMissingRelatedEntities: true });
      for (const page of pages) await cutOff.putPage(page);
      await (await begin({ createMissingRelatedEntities: true })).commit([]);
      const keys = [key("issue", "A-1"), key("issue", "A-2"), key("issue", "A-3"), key("person", "ghost")];
      const before = await Promise.all(keys.map((each) => under.readEntity(each)));
      expect(before.map((entity) => entity?.relations)).toEqual([
        { assignee: "p", parent: null, subtasks: ["A-2", "A-3"] },
        { assignee: null, parent: "A-1", subtasks: [] },
        { assignee: "ghost", parent: "A-1", subtasks: [] },
        {},
      ]);
      const again = await begin({ createMissingRelatedEntities: true });
      const outcomes = [];
      for (const page of pages) outcomes.push(...(await again.putPage(page)));
      expect(await again.commit([])).toMatchObject({ stubsCreated: 0, failures: [] });
      expect(new Set(toResults(outcomes))).toEqual(new Set(["unchanged"]));
      expect(await Promise.all(keys.map((each) => under.readEntity(each)))).toEqual(before);
    });
  });

  describe("what people did to its entities", () => {
    const find = (keys: readonly EntityKey[], version = "0.1.0") =>
      under.sink.findDisturbed(keys, toContext({}, version));

    test("which are gone, and which somebody else wrote last; another version is nobody else", async () => {
      await sync([issue("A-1"), issue("A-2"), issue("A-3")]);
      const all = ["A-1", "A-2", "A-3"].map((identifier) => key("issue", identifier));
      expect(await find(all)).toEqual({ missing: [], changed: [] });
      await under.deleteByHand(key("issue", "A-1"));
      await under.retitleByHand(key("issue", "A-2"), "by hand");
      const unknown = key("nowhere", "X");
      const found = { missing: [key("issue", "A-1"), unknown], changed: [key("issue", "A-2")] };
      expect(await find([...all, unknown])).toEqual(found);
      expect(await find([...all, unknown], "0.2.0")).toEqual(found);
    });

    test("writing them again makes them its own", async () => {
      await sync([issue("A-1"), issue("A-2")]);
      await under.deleteByHand(key("issue", "A-1"));
      await under.retitleByHand(key("issue", "A-2"), "by hand");
      await sync([issue("A-1"), issue("A-2")]);
      const keys = [key("issue", "A-1"), key("issue", "A-2")];
      expect(await find(keys)).toEqual({ missing: [], changed: [] });
      expect((await read("issue", "A-2"))?.title).toBe("Issue A-2");
    });

    test("however many there are", async () => {
      const many = Array.from({ length: 1200 }, (_, index) => person(`p${index}`));
      await sync(many);
      const keys = many.map((_, index) => key("person", `p${index}`));
      await under.deleteByHand(key("person", "p1100"));
      expect(await find(keys)).toEqual({ missing: [key("person", "p1100")], changed: [] });
    });
  });

  describe("a preview", () => {
    const preview = (entities: readonly EntityInput[], context = toContext({})) =>
      under.sink.preview(entities, context);

    test("tells what a write would do, also where the blueprint is yet to be made, and writes nothing", async () => {
      await sync([issue("A-1", { summary: "old" }), issue("A-2")]);
      const inputs = [
        issue("A-1", { summary: "new" }),
        issue("A-2"),
        issue("A-3"),
        issue("A-4", { points: "three" }),
        issue("A 5"),
        { blueprint: "later", identifier: "X" },
      ];
      const outcomes = await preview(inputs);
      expect(toResults(outcomes)).toEqual(["updated", "unchanged", "created", "failed", "failed", "created"]);
      expect(outcomes[3]).toMatchObject({ code: "blueprint_schema_mismatch", key: key("issue", "A-4") });
      expect(await under.countEntities("issue")).toBe(2);
      expect((await read("issue", "A-1"))?.properties["summary"]).toBe("old");
      expect(toResults((await sync(inputs.slice(0, 5))).outcomes)).toEqual(toResults(outcomes).slice(0, 5));
    });

    test("takes for there what it would have written, and makes nothing that is pointed at", async () => {
      const context = toContext({ createMissingRelatedEntities: true });
      expect(toResults(await preview([person("p")], context))).toEqual(["created"]);
      expect(toResults(await preview([issue("A-1", {}, { assignee: "p", parent: "ghost" })], context))).toEqual([
        "created",
      ]);
      expect(await under.countEntities("person")).toBe(0);
      expect(await under.countEntities("issue")).toBe(0);
      // Nor does it leave a relation that waits.
      await sync([person("p")]);
      expect(await under.countEntities("issue")).toBe(0);
    });
  });

  describe("a delta", () => {
    const apply = (
      upserts: readonly EntityInput[],
      removals: readonly EntityKey[] = [],
      flags: Partial<WriteContext["flags"]> = {},
    ) => under.sink.applyDelta(upserts, removals, toContext(flags));

    test("writes and removes", async () => {
      await apply([issue("A-1"), issue("A-2")]);
      const { outcomes, removals } = await apply([issue("A-1", { points: 1 }), issue("A-3")], [key("issue", "A-2")]);
      expect(toResults(outcomes)).toEqual(["updated", "created"]);
      expect(removals.deleted).toEqual([key("issue", "A-2")]);
      expect(await under.countEntities("issue")).toBe(2);
    });

    test("may hold entities that point at each other", async () => {
      const { outcomes } = await apply([
        issue("A-1", {}, { subtasks: ["A-2"] }),
        issue("A-2", {}, { parent: "A-1", assignee: "p" }),
        person("p"),
      ]);
      expect(toResults(outcomes)).toEqual(["created", "created", "created"]);
      expect((await read("issue", "A-1"))?.relations["subtasks"]).toEqual(["A-2"]);
      expect((await read("issue", "A-2"))?.relations).toMatchObject({ parent: "A-1", assignee: "p" });
    });

    test("reports an entity whose target is missing, and writes the rest of it", async () => {
      const { outcomes } = await apply([issue("A-1", { points: 1 }, { assignee: "ghost" })]);
      expect(outcomes).toMatchObject([{ result: "failed", code: "not_found", key: key("issue", "A-1") }]);
      expect(await read("issue", "A-1")).toMatchObject({ properties: { points: 1 }, relations: { assignee: null } });
    });

    test("makes stubs with createMissingRelatedEntities", async () => {
      const { outcomes } = await apply([issue("A-1", {}, { assignee: "ghost" })], [], {
        createMissingRelatedEntities: true,
      });
      expect(toResults(outcomes)).toEqual(["created"]);
      expect(await read("person", "ghost")).toMatchObject({ title: "ghost" });
    });
  });
}

function toContext(flags: Partial<WriteContext["flags"]>, version = "0.1.0"): WriteContext {
  const dataSource = `port-ocean/jira/${version}/contract/exporter`;
  return { runId: "run-1", dataSource, flags: { ...FLAGS, ...flags } };
}

function issue(
  identifier: string,
  properties: Readonly<Record<string, Json>> = {},
  relations: NonNullable<EntityInput["relations"]> = {},
): EntityInput {
  return { blueprint: "issue", identifier, title: `Issue ${identifier}`, properties, relations };
}

function person(identifier: string): EntityInput {
  const properties = { mail: `${identifier}@example.com` };
  return { blueprint: "person", identifier, title: `Person ${identifier}`, properties, relations: {} };
}

function badge(identifier: string, owner: string): EntityInput {
  return { blueprint: "badge", identifier, title: `Badge ${identifier}`, relations: { owner } };
}

function key(blueprint: string, identifier: string): EntityKey {
  return { blueprint, identifier };
}

function toResults(outcomes: readonly WriteOutcome[]): string[] {
  return outcomes.map((outcome) => outcome.result);
}
