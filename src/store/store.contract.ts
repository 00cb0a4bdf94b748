import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SearchCondition, SearchField } from "../model/search.ts";
import type { EntityPlan, PlannedRow, WaitingEdge, WriteOrigin } from "./entity-store.ts";
import { runLedgerContract } from "./ledger-store.contract.ts";
import type { Run } from "./run-store.ts";
import type { Store } from "./store.ts";
import { runTelemetryContract } from "./telemetry-store.contract.ts";

/** A store under test. `reopen` closes it and opens the same data again. */
export interface StoreUnderTest {
  readonly store: Store;
  reopen(): Promise<Store>;
  close(): Promise<void>;
}

const EVERYTHING: SearchCondition = { type: "all", conditions: [] };
const BUCKET = "port-ocean/jira/1/x/exporter#issue/0";
const DATA_SOURCE = "port-ocean/jira/1/x/exporter";

/** What every Store promises, whatever database is behind it. */
export function runStoreContract({ open }: { readonly open: () => Promise<StoreUnderTest> }): void {
  let under: StoreUnderTest;
  let store: Store;
  beforeEach(async () => {
    under = await open();
    store = under.store;
  });
  afterEach(() => under.close());

  const putBlueprint = async (identifier: string): Promise<number> => {
    const blueprint = { identifier, document: { title: identifier }, hasOldEntities: false, expectedVersion: null };
    const [row] = await store.blueprints.put([blueprint], toOrigin(1));
    return row?.id ?? 0;
  };
  const apply = (plan: Partial<EntityPlan>, origin: WriteOrigin = toOrigin(10)): Promise<boolean> =>
    store.entities.apply({ blueprints: [], rows: [], removals: [], ...plan }, origin);
  const listFeed = async (): Promise<string[]> =>
    (await store.feed.listAfter(0, 1000)).map(
      ({ action, subject, identifier }) => `${action} ${subject} ${identifier}`,
    );

  describe("blueprints", () => {
    test("are listed as put, in the order they were made", async () => {
      await putBlueprint("b");
      await putBlueprint("a");
      expect(await store.blueprints.list()).toMatchObject([
        {
          identifier: "b",
          document: { title: "b" },
          version: 1,
          hasOldEntities: false,
          createdAtMs: 1,
          createdBy: "me",
        },
        { identifier: "a" },
      ]);
    });

    test("change only from the version that was read", async () => {
      await putBlueprint("a");
      const change = { identifier: "a", document: { title: "new" }, hasOldEntities: false };
      const [changed] = await store.blueprints.put([{ ...change, expectedVersion: 1 }], toOrigin(5, { actor: "you" }));
      expect(changed).toMatchObject({ version: 2, createdAtMs: 1, createdBy: "me", updatedAtMs: 5, updatedBy: "you" });
      for (const expectedVersion of [1, null]) {
        const conflict = store.blueprints.put([{ ...change, expectedVersion }], toOrigin(6));
        await expect(conflict).rejects.toMatchObject({ code: "conflict" });
      }
      expect(await store.blueprints.list()).toEqual([changed]);
    });

    test("stay marked for old entities until that very version is settled", async () => {
      await putBlueprint("a");
      const change = { identifier: "a", document: {} };
      await store.blueprints.put([{ ...change, hasOldEntities: true, expectedVersion: 1 }], toOrigin(2));
      await store.blueprints.put([{ ...change, hasOldEntities: false, expectedVersion: 2 }], toOrigin(3));
      await store.blueprints.settle("a", 2);
      expect(await store.blueprints.list()).toMatchObject([{ hasOldEntities: true }]);
      await store.blueprints.settle("a", 3);
      expect(await store.blueprints.list()).toMatchObject([{ hasOldEntities: false }]);
    });

    test("go only without entities, and from the version that was read", async () => {
      const id = await putBlueprint("a");
      await apply({ rows: [toRow(id, "x")] });
      await expect(store.blueprints.remove("a", 1, toOrigin(2))).rejects.toMatchObject({ code: "conflict" });
      await apply({ removals: [{ blueprintId: id, identifier: "x", expectedVersion: 1 }] });
      await expect(store.blueprints.remove("a", 2, toOrigin(2))).rejects.toMatchObject({ code: "conflict" });
      await store.blueprints.remove("a", 1, toOrigin(2));
      expect(await store.blueprints.list()).toEqual([]);
      await expect(store.blueprints.remove("a", 1, toOrigin(2))).rejects.toMatchObject({ code: "conflict" });
    });
  });

  describe("entities", () => {
    let person: number;
    let issue: number;
    beforeEach(async () => {
      person = await putBlueprint("person");
      issue = await putBlueprint("issue");
    });
    const assignedTo = (target: string): Pick<PlannedRow, "relations" | "edges"> => ({
      relations: JSON.stringify({ assignee: target }),
      edges: [{ relation: "assignee", targetBlueprintId: person, target }],
    });
    const waitingFor = (target: string, position = 0): WaitingEdge => ({
      relation: "assignee",
      targetBlueprintId: person,
      target,
      position,
    });

    test("read back as planned, with who wrote them and when", async () => {
      const row = toRow(issue, "A-1", {
        title: "Ünï 💡",
        icon: "Jira",
        team: '["t"]',
        properties: '{"a":1,"b":["x"]}',
        computed: '{"c":2}',
        relations: '{"parent":null}',
      });
      expect(await apply({ rows: [row] })).toBe(true);
      expect(await store.entities.findRows(issue, ["A-1", "A-2"])).toEqual([
        {
          id: expect.any(Number),
          blueprintId: issue,
          identifier: "A-1",
          title: "Ünï 💡",
          icon: "Jira",
          team: ["t"],
          properties: { a: 1, b: ["x"] },
          computed: { c: 2 },
          relations: { parent: null },
          isStub: false,
          version: 1,
          dataSource: "source",
          createdAtMs: 10,
          createdBy: "me",
          updatedAtMs: 10,
          updatedBy: "me",
        },
      ]);
      expect(await store.entities.findExisting(issue, ["A-1", "A-2"])).toEqual(new Set(["A-1"]));
      expect(await store.entities.findRows(person, ["A-1"])).toEqual([]);
    });

    test("an update moves version, time and author, unless it only puts the entity in order", async () => {
      await apply({ rows: [toRow(issue, "A-1")] });
      const later = toOrigin(20, { actor: "you", dataSource: "other" });
      await apply({ rows: [toRow(issue, "A-1", { expectedVersion: 1, keepsAuthor: true, title: "T2" })] }, later);
      expect(await store.entities.findRows(issue, ["A-1"])).toMatchObject([
        { title: "T2", version: 2, updatedAtMs: 10, updatedBy: "me", dataSource: "source" },
      ]);
      await apply({ rows: [toRow(issue, "A-1", { expectedVersion: 2, title: "T3" })] }, later);
      expect(await store.entities.findRows(issue, ["A-1"])).toMatchObject([
        {
          title: "T3",
          version: 3,
          createdAtMs: 10,
          createdBy: "me",
          updatedAtMs: 20,
          updatedBy: "you",
          dataSource: "other",
        },
      ]);
    });

    test("a plan is applied whole or not at all", async () => {
      await apply({ rows: [toRow(person, "p")] });
      const before = await listFeed();
      const stale: Partial<EntityPlan>[] = [
        { rows: [toRow(issue, "A-1"), toRow(person, "p")] },
        { rows: [toRow(issue, "A-1"), toRow(person, "p", { expectedVersion: 7 })] },
        { rows: [toRow(issue, "A-1"), toRow(person, "q", { expectedVersion: 1 })] },
        { rows: [toRow(issue, "A-1", assignedTo("nobody"))] },
        { rows: [toRow(issue, "A-1")], removals: [{ blueprintId: person, identifier: "q", expectedVersion: 1 }] },
        { rows: [toRow(issue, "A-1")], removals: [{ blueprintId: person, identifier: "p", expectedVersion: 2 }] },
        { rows: [toRow(issue, "A-1")], blueprints: [{ id: person, version: 2 }] },
        { rows: [toRow(issue, "A-1")], blueprints: [{ id: 99, version: 1 }] },
      ];
      for (const plan of stale) expect(await apply(plan)).toBe(false);
      expect(await store.entities.count({ rule: EVERYTHING })).toBe(1);
      expect(await listFeed()).toEqual(before);
      expect(await apply({ rows: [toRow(issue, "A-1")], blueprints: [{ id: person, version: 1 }] })).toBe(true);
    });

    test("rows of a plan may point at each other, and nothing that is pointed at can go", async () => {
      expect(await apply({ rows: [toRow(issue, "A-1", assignedTo("p")), toRow(person, "p")] })).toBe(true);
      expect(await store.entities.listReferrers(person, ["p", "q"])).toEqual([
        { blueprintId: issue, identifier: "A-1", relation: "assignee", target: "p" },
      ]);
      const removal = { blueprintId: person, identifier: "p", expectedVersion: 1 };
      expect(await apply({ removals: [removal] })).toBe(false);
      const lettingGo = toRow(issue, "A-1", { expectedVersion: 1, edges: [] });
      expect(await apply({ rows: [lettingGo], removals: [removal] })).toBe(true);
      expect(await store.entities.listReferrers(person, ["p"])).toEqual([]);
    });

    test("an entity gets another identifier only when nothing goes on pointing at the old one", async () => {
      await apply({ rows: [toRow(issue, "A-1", assignedTo("p")), toRow(person, "p"), toRow(person, "taken")] });
      const renamed = toRow(person, "q", { previousIdentifier: "p", expectedVersion: 1 });
      const follower = toRow(issue, "A-1", { ...assignedTo("q"), expectedVersion: 1 });
      expect(await apply({ rows: [renamed] })).toBe(false);
      expect(await apply({ rows: [{ ...renamed, identifier: "taken" }, follower] })).toBe(false);
      expect(await apply({ rows: [{ ...renamed, expectedVersion: 2 }, follower] })).toBe(false);
      const [before] = await store.entities.findRows(person, ["p"]);
      expect(await apply({ rows: [renamed, follower] }, toOrigin(20))).toBe(true);
      expect(await store.entities.findRows(person, ["p", "q"])).toMatchObject([
        { id: before?.id, identifier: "q", version: 2, createdAtMs: 10, updatedAtMs: 20 },
      ]);
      expect(await store.entities.listReferrers(person, ["p", "q"])).toMatchObject([{ target: "q" }]);
      expect((await listFeed()).slice(-3)).toEqual(["deleted entity p", "created entity q", "updated entity A-1"]);
    });

    test("edges that are not named stay", async () => {
      await apply({ rows: [toRow(issue, "A-1", assignedTo("p")), toRow(person, "p")] });
      await apply({ rows: [toRow(issue, "A-1", { expectedVersion: 1, edges: undefined, pending: undefined })] });
      expect(await store.entities.listReferrers(person, ["p"])).toHaveLength(1);
    });

    test("what waits is found by source and by target, and goes when it is set anew", async () => {
      const [one, two] = [waitingFor("b", 1), waitingFor("a", 0)];
      await apply({ rows: [toRow(issue, "A-1", { pending: [one, two] }), toRow(issue, "A-2")] });
      const [row] = await store.entities.findRows(issue, ["A-1"]);
      const id = row?.id ?? 0;
      expect(await store.entities.findPending([id, 99])).toEqual([
        { ...two, sourceId: id },
        { ...one, sourceId: id },
      ]);
      expect(await store.entities.listWaitingFor(person, ["a", "b", "c"])).toEqual([
        { blueprintId: issue, identifier: "A-1" },
      ]);
      expect(await store.entities.listWaitingFor(issue, ["a"])).toEqual([]);
      expect(await store.entities.listWaiting("source", 0, 10)).toEqual([
        { id, blueprintId: issue, identifier: "A-1" },
      ]);
      expect(await store.entities.listWaiting("source", id, 10)).toEqual([]);
      expect(await store.entities.listWaiting("another", 0, 10)).toEqual([]);
      await apply({ rows: [toRow(issue, "A-1", { expectedVersion: 1, pending: [] })] });
      expect(await store.entities.findPending([id])).toEqual([]);
    });

    test("what waits goes with its entity", async () => {
      await apply({ rows: [toRow(issue, "A-1", { pending: [waitingFor("a")] })] });
      await apply({ removals: [{ blueprintId: issue, identifier: "A-1", expectedVersion: 1 }] });
      expect(await store.entities.listWaiting("source", 0, 10)).toEqual([]);
    });

    test("stubs are idle when nothing points at them", async () => {
      const stub = { isStub: true };
      await apply({ rows: [toRow(person, "p", stub), toRow(person, "q", stub), toRow(issue, "A-1", assignedTo("p"))] });
      expect(await store.entities.listIdleStubs()).toEqual([{ blueprintId: person, identifier: "q" }]);
    });

    test("a search is read in pages, by identifier within a blueprint and by age over all", async () => {
      const names = ["b", "d", "a", "c"];
      await apply({ rows: [...names.map((name) => toRow(issue, name)), toRow(person, "p")] });
      const readAll = async (blueprintId?: number): Promise<string[]> => {
        const found: string[] = [];
        let from: string | undefined;
        do {
          const page = await store.entities.search({
            rule: EVERYTHING,
            limit: 2,
            ...(blueprintId !== undefined && { blueprintId }),
            ...(from !== undefined && { from }),
          });
          expect(page.rows.length).toBeLessThanOrEqual(2);
          found.push(...page.rows.map((row) => row.identifier));
          from = page.next;
        } while (from !== undefined);
        return found;
      };
      expect(await readAll(issue)).toEqual(["a", "b", "c", "d"]);
      expect(await readAll()).toEqual([...names, "p"]);
      expect(await store.entities.count({ rule: EVERYTHING })).toBe(5);
      expect(await store.entities.count({ rule: EVERYTHING, blueprintId: issue })).toBe(4);
    });

    test("values of fields are listed for what a search finds, up to a limit", async () => {
      const properties = JSON.stringify({ done: true, code: "1", tags: ["x"] });
      await apply({ rows: [toRow(issue, "a", { properties }), toRow(issue, "b"), toRow(person, "p")] });
      const names = ["done", "code", "tags"];
      const fields: SearchField[] = [
        { kind: "meta", name: "$identifier" },
        ...names.map((name) => ({ kind: "property", name, isCalculated: false, isScalar: false }) as const),
        { kind: "meta", name: "$createdAt" },
      ];
      const list = (limit: number) =>
        store.entities.listValues({ rule: EVERYTHING, blueprintId: issue }, fields, limit);
      expect(new Set(await list(9))).toEqual(
        new Set([
          ["a", true, "1", ["x"], "1970-01-01T00:00:00.010Z"],
          ["b", null, null, null, "1970-01-01T00:00:00.010Z"],
        ]),
      );
      expect(await list(1)).toHaveLength(1);
      expect(await store.entities.listValues({ rule: EVERYTHING }, fields, 9)).toHaveLength(3);
    });

    test("a cursor that is none, or of another kind of search, is refused", async () => {
      const search = (from: string, blueprintId?: number) =>
        store.entities.search({ rule: EVERYTHING, limit: 1, from, ...(blueprintId !== undefined && { blueprintId }) });
      await apply({ rows: [toRow(issue, "a"), toRow(issue, "b")] });
      const { next = "" } = await store.entities.search({ rule: EVERYTHING, limit: 1, blueprintId: issue });
      const { next: global = "" } = await store.entities.search({ rule: EVERYTHING, limit: 1 });
      for (const attempt of [search("x"), search(next), search(global, issue)]) {
        await expect(attempt).rejects.toMatchObject({ code: "invalid_input" });
      }
    });
  });

  describe("the change feed", () => {
    test("tells of every change once, in the order of the commits", async () => {
      const id = await putBlueprint("a");
      const run = toOrigin(3, { runId: "run-1" });
      await apply({ rows: [toRow(id, "x"), toRow(id, "y")] }, run);
      await apply({ rows: [toRow(id, "x", { expectedVersion: 1 })] });
      await store.settings.save("mapping", 1);
      await apply({ removals: [{ blueprintId: id, identifier: "x", expectedVersion: 2 }] });
      expect(await listFeed()).toEqual([
        "created blueprint a",
        "created entity x",
        "created entity y",
        "updated entity x",
        "updated setting mapping",
        "deleted entity x",
      ]);
      const [, second] = await store.feed.listAfter(0, 2);
      expect(second).toMatchObject({ atMs: 3, blueprint: "a", actor: "me", runId: "run-1" });
      const rest = await store.feed.listAfter(second?.seq ?? 0, 100);
      expect(rest).toHaveLength(4);
      expect(await store.feed.lastSeq()).toBe(rest.at(-1)?.seq);
    });

    test("is in order when many write at once", async () => {
      const id = await putBlueprint("a");
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => apply({ rows: [toRow(id, `x${index}`), toRow(id, `y${index}`)] })),
      );
      const changes = await store.feed.listAfter(1, 1000);
      expect(changes).toHaveLength(100);
      const seqs = changes.map((change) => change.seq);
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    });

    test("calls its listeners after a change is visible, until they stop", async () => {
      const seen: Promise<number>[] = [];
      const stop = store.feed.onCommit(() => seen.push(store.feed.lastSeq()));
      await putBlueprint("a");
      stop();
      await putBlueprint("b");
      expect(await Promise.all(seen)).toEqual([1]);
    });

    test("is empty at first", async () => {
      expect(await store.feed.lastSeq()).toBe(0);
      expect(await store.feed.listAfter(0, 10)).toEqual([]);
    });
  });

  describe("the ledger", () => runLedgerContract(() => store));

  describe("telemetry", () => runTelemetryContract(() => store));

  describe("runs", () => {
    test("are kept as saved, newest first, per data source", async () => {
      await store.runs.save(toRun("r1"));
      await store.runs.save(toRun("r2", { status: "running" }));
      await store.runs.save(toRun("other", { dataSource: "another" }));
      await store.runs.save(toRun("r1", { deleted: 3 }));
      expect(await store.runs.find("r1")).toEqual(toRun("r1", { deleted: 3 }));
      expect(await store.runs.find("r9")).toBeUndefined();
      expect((await store.runs.list(DATA_SOURCE, 10)).map((run) => run.id)).toEqual(["r2", "r1"]);
      expect(await store.runs.list(DATA_SOURCE, 1)).toHaveLength(1);
    });

    test("only the newest are kept", async () => {
      for (let index = 0; index < 205; index++) await store.runs.save(toRun(`r${index}`));
      expect(await store.runs.find("r0")).toBeUndefined();
      expect(await store.runs.list(DATA_SOURCE, 1000)).toHaveLength(200);
    });
  });

  test("settings are kept by name", async () => {
    expect(await store.settings.find("mapping")).toBeUndefined();
    await store.settings.save("mapping", { a: [1] });
    await store.settings.save("mapping", { a: [2] });
    await store.settings.save("nothing", null);
    expect(await store.settings.find("mapping")).toEqual({ a: [2] });
    expect(await store.settings.find("nothing")).toBeNull();
  });

  test("everything is there after closing and opening again, and the feed goes on", async () => {
    const id = await putBlueprint("a");
    const pending = { relation: "r", targetBlueprintId: id, target: "y", position: 0 };
    await apply({ rows: [toRow(id, "x", { pending: [pending] })] });
    await store.ledger.recordPage({
      bucket: BUCKET,
      runId: "r",
      attempt: 1,
      seen: ["2"],
      entries: [
        {
          ref: { id: "1" },
          state: "s",
          entities: [toKey("x")],
        },
      ],
    });
    await store.runs.save(toRun("r"));
    await store.settings.save("s", 1);
    const seq = await store.feed.lastSeq();
    store = await under.reopen();
    expect(await store.blueprints.list()).toHaveLength(1);
    expect(await store.entities.findRows(id, ["x"])).toMatchObject([{ title: "x" }]);
    expect(await store.entities.listWaitingFor(id, ["y"])).toHaveLength(1);
    expect(await store.ledger.listSeen(BUCKET, "r")).toEqual(["1", "2"]);
    expect(await store.runs.find("r")).toEqual(toRun("r"));
    expect(await store.settings.find("s")).toBe(1);
    expect(await store.feed.lastSeq()).toBe(seq);
    await putBlueprint("b");
    expect(await store.feed.lastSeq()).toBe(seq + 1);
    await store.check();
  });

  test("a closed store says so", async () => {
    await store.close();
    await expect(store.settings.save("a", 1)).rejects.toThrow("closed");
    await expect(store.check()).rejects.toThrow();
    store = await under.reopen();
  });
}

function toOrigin(atMs: number, changes: Partial<WriteOrigin> = {}): WriteOrigin {
  return { actor: "me", dataSource: "source", runId: null, atMs, ...changes };
}

function toRow(blueprintId: number, identifier: string, changes: Partial<PlannedRow> = {}): PlannedRow {
  return {
    blueprintId,
    identifier,
    expectedVersion: null,
    title: identifier,
    icon: null,
    team: "[]",
    properties: "{}",
    computed: "{}",
    relations: "{}",
    isStub: false,
    keepsAuthor: false,
    edges: [],
    pending: [],
    ...changes,
  };
}

function toKey(identifier: string) {
  return { blueprint: "issue", identifier };
}

function toRun(id: string, changes: Partial<Run> = {}): Run {
  return {
    id,
    dataSource: DATA_SOURCE,
    trigger: "manual",
    status: "completed",
    attempt: 1,
    startedAtMs: 1,
    savedAtMs: 2,
    resources: [],
    deleted: 0,
    stubs: 0,
    failures: [],
    failureCount: 0,
    warningCount: 0,
    ...changes,
  };
}
