import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MappedObject } from "../mapping/resource-mapper.ts";
import type { Disturbed, FullSession, RemovalReport, WriteContext, WriteOutcome } from "../model/catalog-sink.ts";
import { toEntityKeyText, type EntityInput, type EntityKey } from "../model/entity.ts";
import type { RawObject, RawObjectRef } from "../model/raw-object.ts";
import { silentLogger } from "../runtime/logger.ts";
import type { Run } from "../store/run-store.ts";
import { forgetTestStore, openTestStore } from "../store/open-test-store.fixture.ts";
import type { Store } from "../store/store.ts";
import type { Outlook } from "./outlook.ts";
import type { SyncResource } from "./read-resource.ts";
import { Resync, type ResyncOptions, type ResyncPlan, type ResyncServices, type ResyncSink } from "./resync.ts";

/** A sink that keeps entities in memory and can be told to fail. What a real one does has its own contract suite. */
export class MemorySink implements ResyncSink {
  readonly entities = new Map<string, EntityInput>();
  /** Identifiers whose write fails. */
  readonly broken = new Set<string>();
  /** Identifiers of what somebody else has written. */
  readonly foreign = new Set<string>();
  /** Thrown by what is written next. */
  failure: Error | undefined;
  writes = 0;

  async beginFull({ flags }: WriteContext): Promise<FullSession> {
    return {
      putPage: async (entities) => this.#put(entities, flags.enableMergeEntity),
      commit: async (removals) => ({ removals: this.#remove(removals), stubsCreated: 0, failures: [] }),
      abandon: async () => undefined,
    };
  }

  async findDisturbed(keys: readonly EntityKey[]): Promise<Disturbed> {
    return {
      missing: keys.filter((key) => !this.entities.has(toEntityKeyText(key))),
      changed: keys.filter(({ identifier }) => this.foreign.has(identifier)),
    };
  }

  #put(entities: readonly EntityInput[], merges: boolean): WriteOutcome[] {
    if (this.failure) throw this.failure;
    return entities.map((entity) => {
      const key = { blueprint: entity.blueprint, identifier: toText(entity) };
      if (this.broken.has(key.identifier)) return { result: "failed", key, code: "planted", message: "planted" };
      const before = this.entities.get(toEntityKeyText(key));
      const properties = { ...(merges ? before?.properties : undefined), ...entity.properties };
      const after = { ...(merges ? before : undefined), ...entity, properties };
      if (JSON.stringify(before) === JSON.stringify(after)) return { result: "unchanged", key };
      this.writes++;
      this.foreign.delete(key.identifier);
      this.entities.set(toEntityKeyText(key), after);
      return { result: before ? "updated" : "created", key };
    });
  }

  #remove(removals: readonly EntityKey[]): RemovalReport {
    if (this.failure && removals.length > 0) throw this.failure;
    for (const key of removals) this.entities.delete(toEntityKeyText(key));
    return { deleted: removals, kept: [] };
  }

  identifiers(): string[] {
    return [...this.entities.values()].map(toText).toSorted();
  }
}

/** No search stands in for an identifier here. */
function toText({ identifier }: EntityInput): string {
  return typeof identifier === "string" ? identifier : JSON.stringify(identifier);
}

/** A kind whose objects are texts by id; an entity each. Pages of two. */
export class MemoryResource implements SyncResource {
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
  /** Ids that Jira has, though its listing lacks them. */
  readonly unlisted = new Set<string>();
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

  async findUnlisted(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(ids).intersection(this.unlisted);
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

/** Everything that a resync works with, in a folder of its own. */
export class TestWorld {
  readonly store: Store;
  readonly sink = new MemorySink();
  nowMs = 1_000_000;
  /** Projects that the account sees, and those that Jira calls archived. */
  readonly visible = new Set(["AB", "CD"]);
  readonly archived = new Set<string>();
  /** Thrown when the projects are listed. */
  outlookFailure: Error | undefined;
  readonly #folder: string;
  #ids = 0;

  private constructor(store: Store, folder: string) {
    this.store = store;
    this.#folder = folder;
  }

  static async open(): Promise<TestWorld> {
    const folder = mkdtempSync(join(tmpdir(), "quayside-sync-"));
    const clock = { now: () => 0, sleep: () => Promise.resolve() };
    const path = join(folder, "catalog.db");
    return new TestWorld(await openTestStore({ path, clock, threads: false }), folder);
  }

  get services(): ResyncServices {
    return {
      sink: this.sink,
      ledger: this.store.ledger,
      plans: this.store.plans,
      runs: this.store.runs,
      clock: { now: () => this.nowMs, sleep: () => Promise.resolve() },
      newId: () => `id-${++this.#ids}`,
      logger: silentLogger,
      dataSource: "jira/test",
      writtenAs: "port-ocean/jira/0/test/exporter",
      verifyIntervalMs: 24 * 60 * 60 * 1000,
    };
  }

  toPlan(resources: readonly SyncResource[], change: Partial<ResyncPlan> = {}): ResyncPlan {
    const outlook: Outlook = {
      accountId: "me",
      listProjects: async () => {
        if (this.outlookFailure) throw this.outlookFailure;
        return new Set(this.visible);
      },
      findRemoved: async (keys) => new Set(keys.filter((key) => this.archived.has(key))),
    };
    return { resources, broken: [], flags: FLAGS, deletionThreshold: undefined, outlook, ...change };
  }

  run(resources: readonly SyncResource[], options: Partial<ResyncOptions & ResyncPlan> = {}): Promise<Run> {
    const { signal = new AbortController().signal } = options;
    return new Resync(this.services).run(this.toPlan(resources, options), { trigger: "manual", ...options, signal });
  }

  async close(): Promise<void> {
    await this.store.close();
    forgetTestStore(join(this.#folder, "catalog.db"));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const FLAGS = { enableMergeEntity: true, createMissingRelatedEntities: true, deleteDependentEntities: true };
