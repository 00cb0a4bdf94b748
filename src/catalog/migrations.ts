import type { Entity } from "../model/entity.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { toTimestamp, type Clock } from "../runtime/clock.ts";
import { QuaysideError } from "../runtime/errors.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import type { Caller, Catalog } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";
import { assertOrdinary } from "./system-blueprints.ts";
import { MappedCopy, parseMigrationMapping, type MigrationMapping } from "./migration-mapping.ts";

export const MIGRATION_STATUSES = [
  "PENDING",
  "INITIALIZING",
  "RUNNING",
  "PENDING_CANCELLATION",
  "COMPLETED",
  "FAILURE",
  "CANCELLED",
] as const;
export type MigrationStatus = (typeof MIGRATION_STATUSES)[number];

/** A change of all entities of a blueprint, made in the background. */
export interface Migration {
  readonly id: string;
  readonly actor: string;
  readonly sourceBlueprint: string;
  /** Null when the entities are deleted. */
  readonly mapping: MigrationMapping | null;
  readonly status: MigrationStatus;
  readonly deleteEntities: boolean;
  readonly deleteBlueprint: boolean;
  readonly successCount: number;
  readonly failureCount: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

type Start = Pick<Migration, "sourceBlueprint" | "mapping" | "deleteEntities" | "deleteBlueprint">;
type Progress = Pick<Migration, "successCount" | "failureCount">;

/** All are one document: they are few. */
const SETTING = "migrations";
const MAX_KEPT = 100;
const PAGE_SIZE = 500;
const UNFINISHED: readonly MigrationStatus[] = ["PENDING", "INITIALIZING", "RUNNING", "PENDING_CANCELLATION"];

/**
 * Migrations run one after another, a page of entities at a time. Each page can be repeated, so one that was cut off
 * begins anew at the next start.
 */
export class Migrations {
  readonly #catalog: Catalog;
  readonly #settings: SettingsStore;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #alone: (work: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  #all: readonly Migration[] = [];
  #turn: Promise<void> = Promise.resolve();
  #saving: Promise<unknown> = Promise.resolve();
  /** Changes that are not on disk yet. */
  #unsaved = 0;

  constructor(options: {
    readonly catalog: Catalog;
    readonly settings: SettingsStore;
    readonly clock: Clock;
    readonly newId: () => string;
    /** Runs work while no other process runs any; the signal is aborted when one may. */
    readonly alone: (work: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  }) {
    this.#catalog = options.catalog;
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#newId = options.newId;
    this.#alone = options.alone;
  }

  /** Goes on with what an earlier process did not finish. */
  async resume(): Promise<void> {
    this.#all = await this.#load();
    for (const { id, status } of this.#all) if (UNFINISHED.includes(status)) this.#enqueue(id);
  }

  /** Sees what other processes have changed. */
  async refresh(): Promise<void> {
    const known = this.#all;
    const all = await this.#load();
    if (this.#unsaved === 0 && this.#all === known) this.#all = all; // else its own change is newer
  }

  /** The newest first. */
  list(): readonly Migration[] {
    return this.#all;
  }

  /** Throws CatalogError `not_found`. */
  get(id: string): Migration {
    return find(this.#all, id);
  }

  /** Resolves when all that were asked for have ended. */
  settled(): Promise<void> {
    return this.#turn;
  }

  /** Deletes all entities of a blueprint. Throws CatalogError `has_dependents` when entities of others require them. */
  async deleteEntities(
    sourceBlueprint: string,
    options: { readonly deleteBlueprint: boolean },
    caller: Caller,
  ): Promise<Migration> {
    this.#assertDeletable(sourceBlueprint, options.deleteBlueprint);
    return this.#start({ sourceBlueprint, mapping: null, deleteEntities: true, ...options }, caller);
  }

  /** Writes an entity for each of a blueprint, as jq programs say. */
  async create(sourceBlueprint: string, mapping: unknown, caller: Caller): Promise<Migration> {
    this.#catalog.getBlueprint(sourceBlueprint);
    const parsed = await parseMigrationMapping(mapping, this.#catalog.services.jq);
    if (parsed.blueprint !== undefined) this.#catalog.getBlueprint(parsed.blueprint);
    const start = { sourceBlueprint, mapping: parsed, deleteEntities: false, deleteBlueprint: false };
    return this.#start(start, caller);
  }

  /** What was done until then stays. Throws CatalogError `not_found`, or `invalid_request` when it has ended. */
  async cancel(id: string, caller: Caller): Promise<Migration> {
    const after = await this.#change(id, () => ({ status: "PENDING_CANCELLATION", updatedBy: caller.actor }));
    if (after.status === "PENDING_CANCELLATION") return after;
    throw new CatalogError("invalid_request", `The migration "${id}" has ended: it is ${after.status}`);
  }

  #assertDeletable(blueprint: string, deletesBlueprint: boolean): void {
    this.#catalog.getBlueprint(blueprint);
    for (const { identifier, relations } of this.#catalog.listBlueprints()) {
      if (identifier === blueprint) continue;
      const found = Object.values(relations).find(
        ({ target, required }) => target === blueprint && (required || deletesBlueprint),
      );
      if (found === undefined) continue;
      throw new CatalogError(
        "has_dependents",
        `The blueprint "${blueprint}" is the target of a${found.required ? " required" : ""} relation of "${identifier}" (has_dependents)`,
      );
    }
    if (deletesBlueprint) assertOrdinary(blueprint);
  }

  async #start(start: Start, { actor }: Caller): Promise<Migration> {
    const now = toTimestamp(this.#clock.now());
    const author = { createdAt: now, createdBy: actor, updatedAt: now, updatedBy: actor };
    const counts = { successCount: 0, failureCount: 0 };
    const made: Migration = { id: this.#newId(), actor, ...start, status: "PENDING", ...counts, ...author };
    await this.#save((all) => [made, ...all].slice(0, MAX_KEPT));
    this.#enqueue(made.id);
    return made;
  }

  #enqueue(id: string): void {
    this.#turn = this.#turn.then(() => this.#alone((signal) => this.#run(id, signal))).catch(() => undefined); // the store is gone: the next start goes on
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    await this.#catalog.refresh();
    const begun = await this.#change(id, ({ status }) =>
      status === "PENDING_CANCELLATION" ? {} : { status: "RUNNING", successCount: 0, failureCount: 0 },
    );
    if (!UNFINISHED.includes(begun.status)) return; // by another process
    try {
      const isDone = await this.#work(begun, signal);
      await this.#change(id, () => ({ status: isDone ? "COMPLETED" : "CANCELLED" }));
    } catch (error) {
      if (signal.aborted || !(error instanceof QuaysideError) || error.code === "internal") throw error;
      await this.#change(id, () => ({ status: "FAILURE" }));
    }
  }

  /** False when it was cancelled. */
  async #work(migration: Migration, signal: AbortSignal): Promise<boolean> {
    const caller = { actor: migration.actor, dataSource: "quayside/migration" };
    const pages = migration.mapping === null ? this.#delete(migration, caller) : this.#copy(migration, caller);
    let counts: Progress = { successCount: 0, failureCount: 0 };
    for (;;) {
      await this.#catalog.refresh();
      signal.throwIfAborted();
      if (this.get(migration.id).status === "PENDING_CANCELLATION") return false;
      const page = await pages.next();
      if (page.done === true) return true;
      const progress = {
        successCount: counts.successCount + page.value.successCount,
        failureCount: counts.failureCount + page.value.failureCount,
      };
      counts = progress;
      await this.#change(migration.id, () => progress);
    }
  }

  async *#delete({ sourceBlueprint, deleteBlueprint }: Migration, caller: Caller): AsyncGenerator<Progress> {
    for (;;) {
      const { entities } = await this.#catalog.search(EVERYTHING, { blueprint: sourceBlueprint, limit: PAGE_SIZE });
      if (entities.length === 0) break;
      // Only others of the same blueprint can require them, as was checked at the start.
      const { deleted } = await this.#catalog.deleteEntities(entities, { deleteDependents: true }, caller);
      yield { successCount: deleted.length, failureCount: 0 };
    }
    if (deleteBlueprint) await this.#catalog.deleteBlueprint(sourceBlueprint, caller);
  }

  async *#copy({ sourceBlueprint, mapping }: Migration, caller: Caller): AsyncGenerator<Progress> {
    if (mapping === null) return;
    const copy = new MappedCopy(mapping, sourceBlueprint, this.#catalog.services.jq);
    let from: string | undefined;
    do {
      const options = { blueprint: sourceBlueprint, limit: PAGE_SIZE, ...(from !== undefined && { from }) };
      const page: { readonly entities: readonly Entity[]; readonly next?: string } = await this.#catalog.search(
        EVERYTHING,
        options,
      );
      const { documents, failures } = await copy.toDocuments(page.entities);
      const mode = { existing: "merge", createMissingRelatedEntities: false } as const;
      const writes = await this.#catalog.writeEntities(documents, mode, caller);
      const failed = writes.filter((write) => write.result === "failed").length;
      yield { successCount: writes.length - failed, failureCount: failures + failed };
      from = page.next;
    } while (from !== undefined);
  }

  /** One that has ended stays as it is, whichever process ended it. Returns it as it is on disk then. */
  async #change(id: string, toChanges: (before: Migration) => Partial<Migration>): Promise<Migration> {
    this.get(id);
    const updatedAt = toTimestamp(this.#clock.now());
    const saved = await this.#save((all) =>
      all.map((each) =>
        each.id === id && UNFINISHED.includes(each.status) ? { ...each, ...toChanges(each), updatedAt } : each,
      ),
    );
    return find(saved, id);
  }

  /** In memory at once, so that changes build on each other; on disk in their order, on what others have put there. */
  async #save(change: (all: readonly Migration[]) => readonly Migration[]): Promise<readonly Migration[]> {
    this.#all = change(this.#all);
    this.#unsaved++;
    const saving = this.#saving
      .catch(() => undefined)
      .then(() =>
        this.#settings.exclusively(async () => {
          const changed = change(await this.#load());
          await this.#settings.save(SETTING, changed as unknown as Json); // made of JSON values alone
          return changed;
        }),
      );
    this.#saving = saving;
    const saved = await saving.finally(() => this.#unsaved--);
    if (this.#unsaved === 0) this.#all = saved;
    return saved;
  }

  async #load(): Promise<readonly Migration[]> {
    return ((await this.#settings.find(SETTING)) ?? []) as unknown as readonly Migration[]; // written by #save alone
  }
}

const EVERYTHING: JsonObject = { combinator: "and", rules: [] };

function find(all: readonly Migration[], id: string): Migration {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new CatalogError("not_found", `The migration "${id}" was not found`);
  return found;
}
