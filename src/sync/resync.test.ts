import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MappedObject } from "../mapping/resource-mapper.ts";
import type { CatalogSink, FullSession, RemovalReport, WriteContext, WriteOutcome } from "../model/catalog-sink.ts";
import { toEntityKeyText, type EntityInput, type EntityKey } from "../model/entity.ts";
import type { RawObject, RawObjectRef } from "../model/raw-object.ts";
import { AuthenticationError } from "../runtime/errors.ts";
import { silentLogger } from "../runtime/logger.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";
import type { Store } from "../store/store.ts";
import type { SyncResource } from "./read-resource.ts";
import type { Outlook } from "./outlook.ts";
import { Resync, type ResyncOptions, type ResyncPlan } from "./resync.ts";

/** A sink that keeps entities in memory and can be told to fail. What a real one does has its own contract suite. */
class MemorySink implements CatalogSink {
  readonly entities = new Map<string, EntityInput>();
  /** Identifiers whose write fails. */
  readonly broken = new Set<string>();
  /** Thrown by the next page. */
  failure: Error | undefined;
  pages = 0;
  writes = 0;

  async beginFull(_context: WriteContext): Promise<FullSession> {
    return {
      putPage: async (entities) => this.#put(entities),
      commit: async (removals) => ({ removals: this.#remove(removals), stubsCreated: 0, failures: [] }),
      abandon: async () => undefined,
    };
  }

  async applyDelta(upserts: readonly EntityInput[], removals: readonly EntityKey[]) {
    return { outcomes: this.#put(upserts), removals: this.#remove(removals) };
  }

  #put(entities: readonly EntityInput[]): WriteOutcome[] {
    if (this.failure) throw this.failure;
    this.pages++;
    return entities.map((entity) => {
      const key = { blueprint: entity.blueprint, identifier: String(entity.identifier) };
      if (this.broken.has(key.identifier)) return { result: "failed", key, code: "planted", message: "planted" };
      this.writes++;
      const result = this.entities.has(toEntityKeyText(key)) ? "updated" : "created";
      this.entities.set(toEntityKeyText(key), entity);
      return { result, key };
    });
  }

  #remove(removals: readonly EntityKey[]): RemovalReport {
    for (const key of removals) this.entities.delete(toEntityKeyText(key));
    return { deleted: removals, kept: [] };
  }

  identifiers(): string[] {
    return [...this.entities.values()].map(({ identifier }) => String(identifier)).toSorted();
  }
}

/** A kind whose objects are texts by id; an entity each. Pages of two. */
class MemoryResource implements SyncResource {
  readonly bucket: string;
  readonly kind: string;
  readonly index: number;
  fingerprint = "f1";
  fields: SyncResource["fields"] = { thing: ["title"] };
  hasRelations = false;
  /** Properties that it sets besides the title. */
  properties: Readonly<Record<string, string>> = {};
  readonly objects = new Map<string, string>();
  /** What a listing tells of each object, if it tells anything. */
  updated: Map<string, string> | undefined;
  /** Thrown when the read comes to this id. */
  failAt: string | undefined;
  failure: Error = new Error("planted");
  /** Called before each page. */
  onPage: () => void = () => undefined;
  readonly mapped: string[] = [];
  readonly skipped: string[] = [];

  constructor(index: number, ids: readonly string[], kind = "thing") {
    this.index = index;
    this.kind = kind;
    this.bucket = `jira/test#${kind}/${index}`;
    for (const id of ids) this.objects.set(id, "first");
  }

  async *read({ signal, skip }: { signal: AbortSignal; skip: (ref: RawObjectRef) => boolean }) {
    const ids = [...this.objects.keys()];
    for (let start = 0; start < ids.length; start += 2) {
      this.onPage();
      signal.throwIfAborted();
      const page = ids.slice(start, start + 2);
      if (this.failAt !== undefined && page.includes(this.failAt)) throw this.failure;
      const skipped = page.filter((id) => skip({ id, ...this.#updatedOf(id) }));
      this.skipped.push(...skipped);
      yield {
        objects: page.filter((id) => !skipped.includes(id)).map((id) => this.#toObject(id)),
        skipped: skipped.map((id) => ({ id, ...this.#updatedOf(id) })),
        expectedTotal: ids.length,
      };
    }
  }

  async map(objects: readonly RawObject[]): Promise<readonly MappedObject[]> {
    this.mapped.push(...objects.map(({ id }) => id));
    return objects.map(({ id }) => {
      const text = this.objects.get(id) ?? "";
      if (text === "error") return { entities: [], filtered: 0, rejected: 1, problems: [problem("error")] };
      if (text === "filtered") return { entities: [], filtered: 1, rejected: 0, problems: [] };
      const problems = text === "warning" ? [problem("warning")] : [];
      const entity = { identifier: id, blueprint: "thing", title: text, properties: this.properties };
      return { entities: [entity], filtered: 0, rejected: 0, problems };
    });
  }

  #updatedOf(id: string): { updated?: string } {
    const updated = this.updated?.get(id);
    return updated === undefined ? {} : { updated };
  }

  #toObject(id: string): RawObject {
    const text = this.objects.get(id) ?? "";
    return {
      id,
      key: id,
      kind: this.kind,
      ...this.#updatedOf(id),
      hash: createHash("md5").update(text).digest("hex"),
      body: () => ({ text }),
    };
  }
}

function problem(level: "error" | "warning") {
  return { level, code: "expression_failed", field: "identifier", expression: ".key", message: "planted" } as const;
}

let folder: string;
let store: Store;
let sink: MemorySink;
let now = 0;
let ids = 0;

const clock = { now: () => now, sleep: () => Promise.resolve() };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "quayside-"));
  store = await openSqliteStore({ path: join(folder, "catalog.db"), clock });
  sink = new MemorySink();
  now = 1_000_000;
  projects.visible = new Set(["AB", "CD"]);
  projects.archived = new Set();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const flags = { enableMergeEntity: true, createMissingRelatedEntities: true, deleteDependentEntities: true };

/** Projects that the account sees, and those that Jira calls archived. */
const projects = { visible: new Set<string>(), archived: new Set<string>() };
const outlook: Outlook = {
  accountId: "me",
  listProjects: async () => new Set(projects.visible),
  findRemoved: async (keys) => new Set(keys.filter((key) => projects.archived.has(key))),
};

type RunOptions = Partial<ResyncOptions> & Partial<Pick<ResyncPlan, "broken" | "deletionThreshold">>;

function toResync() {
  return new Resync({
    sink,
    ledger: store.ledger,
    plans: store.plans,
    runs: store.runs,
    clock,
    newId: () => `run-${++ids}`,
    logger: silentLogger,
    dataSource: "jira/test",
    writtenAs: "port-ocean/jira/0/test/exporter",
    verifyIntervalMs: 24 * 60 * 60 * 1000,
  });
}

function run(resources: readonly SyncResource[], options: RunOptions = {}) {
  const { broken = [], deletionThreshold, ...rest } = options;
  const plan: ResyncPlan = { resources, broken, flags, deletionThreshold, outlook };
  return toResync().run(plan, { trigger: "manual", signal: new AbortController().signal, ...rest });
}

const A_TO_E = ["A", "B", "C", "D", "E"];

test("a first run creates everything, a second one maps and writes nothing", async () => {
  const things = new MemoryResource(0, A_TO_E);
  const first = await run([things]);
  expect(first).toMatchObject({
    status: "completed",
    resources: [{ status: "completed", counts: { listed: 5, mapped: 5, created: 5 } }],
  });
  expect(sink.identifiers()).toEqual(A_TO_E);
  things.mapped.length = 0;
  const second = await run([things]);
  expect(second).toMatchObject({
    status: "completed",
    resources: [{ counts: { listed: 5, unchanged: 5, mapped: 0 } }],
  });
  expect(things.mapped).toEqual([]);
  expect(sink.writes).toBe(5);
});

test("only what changed is mapped and written, only what vanished is removed", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await run([things]);
  things.mapped.length = 0;
  things.objects.set("B", "second");
  things.objects.delete("D");
  const second = await run([things]);
  expect(things.mapped).toEqual(["B"]);
  expect(second).toMatchObject({ deleted: 1, resources: [{ counts: { updated: 1, vanished: 1 } }] });
  expect(sink.identifiers()).toEqual(["A", "B", "C", "E"]);
});

test("a changed mapping maps everything again", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await run([things]);
  things.mapped.length = 0;
  things.fingerprint = "f2";
  await run([things]);
  expect(things.mapped).toEqual(A_TO_E);
});

test("a read that breaks off removes nothing, the other resources go on, and the run is incomplete", async () => {
  const [broken, whole] = [new MemoryResource(0, A_TO_E), new MemoryResource(1, ["X", "Y"])];
  await run([broken, whole]);
  broken.objects.delete("A");
  whole.objects.delete("X");
  broken.failAt = "E";
  const second = await run([broken, whole]);
  expect(second).toMatchObject({
    status: "incomplete",
    deleted: 1,
    resources: [{ status: "failed", error: "planted" }, { status: "completed" }],
  });
  expect(sink.identifiers()).toEqual([...A_TO_E, "Y"]);
});

test("bad credentials end the run at once", async () => {
  const [broken, whole] = [new MemoryResource(0, ["A"]), new MemoryResource(1, ["X"])];
  broken.failAt = "A";
  broken.failure = new AuthenticationError("planted");
  await expect(run([broken, whole])).rejects.toThrow(AuthenticationError);
  expect(whole.mapped).toEqual([]);
  expect((await store.runs.list("jira/test", 1))[0]).toMatchObject({ status: "failed", error: "planted" });
});

test("an object that cannot be mapped keeps the entity it had, and is tried again", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await run([things]);
  things.objects.set("B", "error");
  const second = await run([things]);
  expect(second).toMatchObject({
    status: "completed",
    deleted: 0,
    failureCount: 1,
    failures: [{ level: "error", object: "B", field: "identifier" }],
  });
  things.mapped.length = 0;
  await run([things]);
  expect(things.mapped).toEqual(["B"]);
  expect(sink.identifiers()).toEqual(A_TO_E);
});

test("an object that the selector drops loses its entity", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await run([things]);
  things.objects.set("B", "filtered");
  expect(await run([things])).toMatchObject({ deleted: 1, failureCount: 0, resources: [{ counts: { filtered: 1 } }] });
  expect(sink.identifiers()).toEqual(["A", "C", "D", "E"]);
});

test("a warning is kept on the run and costs nothing else", async () => {
  const things = new MemoryResource(0, ["A"]);
  things.objects.set("A", "warning");
  expect(await run([things])).toMatchObject({
    status: "completed",
    failureCount: 0,
    warningCount: 1,
    failures: [{ level: "warning", object: "A" }],
  });
  expect(sink.identifiers()).toEqual(["A"]);
});

test("an entity whose write failed is written by the next run, and is not taken for gone", async () => {
  const things = new MemoryResource(0, ["A", "B"]);
  sink.broken.add("B");
  expect(await run([things])).toMatchObject({ failureCount: 1, resources: [{ counts: { created: 1, failed: 1 } }] });
  sink.broken.clear();
  things.mapped.length = 0;
  await run([things]);
  expect(things.mapped).toEqual(["B"]);
  expect(sink.identifiers()).toEqual(["A", "B"]);
});

test("an entity that two resources claim stays until both let go", async () => {
  const [one, other] = [new MemoryResource(0, ["A", "B"]), new MemoryResource(1, ["A"])];
  await run([one, other]);
  one.objects.delete("A");
  expect(await run([one, other])).toMatchObject({ deleted: 0 });
  other.objects.delete("A");
  expect(await run([one, other])).toMatchObject({ deleted: 1 });
  expect(sink.identifiers()).toEqual(["B"]);
});

test("a resource that left the mapping lets go of everything; one that is broken, of nothing", async () => {
  const [one, other] = [new MemoryResource(0, ["A"]), new MemoryResource(1, ["X"])];
  await run([one, other]);
  const broken = [{ bucket: other.bucket, kind: other.kind, index: 1, error: "planted" }];
  expect(await run([one], { broken })).toMatchObject({
    status: "incomplete",
    deleted: 0,
    resources: [{ status: "completed" }, { status: "failed", error: "planted" }],
  });
  expect(await run([one])).toMatchObject({ status: "completed", deleted: 1 });
  expect(sink.identifiers()).toEqual(["A"]);
});

test("a sink that fails stops the resource; what was not remembered is written again", async () => {
  const things = new MemoryResource(0, A_TO_E);
  sink.failure = new Error("planted");
  expect(await run([things])).toMatchObject({ status: "incomplete", resources: [{ status: "failed" }] });
  sink.failure = undefined;
  expect(await run([things])).toMatchObject({ status: "completed", resources: [{ counts: { created: 5 } }] });
});

test("a run that was stopped is taken up: what was read is not read again, and the end is complete", async () => {
  const things = new MemoryResource(0, A_TO_E);
  const stop = new AbortController();
  let pages = 0;
  things.onPage = () => {
    if (++pages === 3) stop.abort(new Error("planted"));
  };
  await expect(run([things], { signal: stop.signal })).rejects.toThrow("planted");
  const [stopped] = await store.runs.list("jira/test", 1);
  expect(stopped).toMatchObject({ status: "aborted", attempt: 1 });
  things.onPage = () => undefined;
  things.mapped.length = 0;
  const resumed = await run([things]);
  expect(resumed).toMatchObject({ id: stopped?.id, attempt: 2, status: "completed", deleted: 0 });
  expect(things.skipped).toEqual(["A", "B", "C", "D"]);
  expect(things.mapped).toEqual(["E"]);
  expect(sink.identifiers()).toEqual(A_TO_E);
});

test("what vanished before a run was taken up is still noticed", async () => {
  const things = new MemoryResource(0, A_TO_E);
  await run([things]);
  const stop = new AbortController();
  things.onPage = () => stop.abort(new Error("planted"));
  await expect(run([things], { signal: stop.signal })).rejects.toThrow("planted");
  things.onPage = () => undefined;
  things.objects.delete("A");
  expect(await run([things])).toMatchObject({ attempt: 2, deleted: 1 });
});

test("a run that was stopped too long ago, or under another mapping, begins anew", async () => {
  const things = new MemoryResource(0, A_TO_E);
  const stopAtThird = async () => {
    const stop = new AbortController();
    let pages = 0;
    things.onPage = () => {
      if (++pages === 3) stop.abort(new Error("planted"));
    };
    await expect(run([things], { signal: stop.signal })).rejects.toThrow("planted");
    things.onPage = () => undefined;
  };
  await stopAtThird();
  now += 2 * 60 * 60 * 1000;
  expect(await run([things])).toMatchObject({ attempt: 1 });
  expect(things.skipped).toEqual([]);
  await stopAtThird();
  things.fingerprint = "f2";
  expect(await run([things])).toMatchObject({ attempt: 2 });
  expect(things.skipped).toEqual([]);
});
