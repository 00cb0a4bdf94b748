import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runEntityContract } from "./entity-store.contract.ts";
import { runLedgerContract } from "./ledger-store.contract.ts";
import type { Run } from "./run-store.ts";
import type { Store } from "./store.ts";
import { applyPlan, listFeed, putBlueprint, toOrigin, toRow } from "./store-writes.fixture.ts";
import { runTelemetryContract } from "./telemetry-store.contract.ts";

/** A store under test. `reopen` closes it and opens the same data again. */
export interface StoreUnderTest {
  readonly store: Store;
  reopen(): Promise<Store>;
  close(): Promise<void>;
}

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

  describe("blueprints", () => {
    test("are listed as put, in the order they were made", async () => {
      await putBlueprint(store, "b");
      await putBlueprint(store, "a");
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
      await putBlueprint(store, "a");
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
      await putBlueprint(store, "a");
      const change = { identifier: "a", document: {} };
      await store.blueprints.put([{ ...change, hasOldEntities: true, expectedVersion: 1 }], toOrigin(2));
      await store.blueprints.put([{ ...change, hasOldEntities: false, expectedVersion: 2 }], toOrigin(3));
      await store.blueprints.settle("a", 2);
      expect(await store.blueprints.list()).toMatchObject([{ hasOldEntities: true }]);
      await store.blueprints.settle("a", 3);
      expect(await store.blueprints.list()).toMatchObject([{ hasOldEntities: false }]);
    });

    test("go only without entities, and from the version that was read", async () => {
      const id = await putBlueprint(store, "a");
      await applyPlan(store, { rows: [toRow(id, "x")] });
      await expect(store.blueprints.remove("a", 1, toOrigin(2))).rejects.toMatchObject({ code: "conflict" });
      await applyPlan(store, { removals: [{ blueprintId: id, identifier: "x", expectedVersion: 1 }] });
      await expect(store.blueprints.remove("a", 2, toOrigin(2))).rejects.toMatchObject({ code: "conflict" });
      await store.blueprints.remove("a", 1, toOrigin(2));
      expect(await store.blueprints.list()).toEqual([]);
      await expect(store.blueprints.remove("a", 1, toOrigin(2))).rejects.toMatchObject({ code: "conflict" });
    });
  });

  describe("entities", () => runEntityContract(() => store));

  describe("the change feed", () => {
    test("tells of every change once, in the order of the commits", async () => {
      const id = await putBlueprint(store, "a");
      const run = toOrigin(3, { runId: "run-1" });
      await applyPlan(store, { rows: [toRow(id, "x"), toRow(id, "y")] }, run);
      await applyPlan(store, { rows: [toRow(id, "x", { expectedVersion: 1 })] });
      await store.settings.save("mapping", 1);
      await applyPlan(store, { removals: [{ blueprintId: id, identifier: "x", expectedVersion: 2 }] });
      expect(await listFeed(store)).toEqual([
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
      const id = await putBlueprint(store, "a");
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          applyPlan(store, { rows: [toRow(id, `x${index}`), toRow(id, `y${index}`)] }),
        ),
      );
      const changes = await store.feed.listAfter(1, 1000);
      expect(changes).toHaveLength(100);
      const seqs = changes.map((change) => change.seq);
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    });

    test("calls its listeners after a change is visible, until they stop", async () => {
      const seen: Promise<number>[] = [];
      const stop = store.feed.onCommit(() => seen.push(store.feed.lastSeq()));
      await putBlueprint(store, "a");
      stop();
      await putBlueprint(store, "b");
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
    const id = await putBlueprint(store, "a");
    const pending = { relation: "r", targetBlueprintId: id, target: "y", position: 0 };
    await applyPlan(store, { rows: [toRow(id, "x", { pending: [pending] })] });
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
    await putBlueprint(store, "b");
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
