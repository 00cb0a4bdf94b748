import type { JqEngine } from "../jq/jq-engine.ts";
import type { Blueprint } from "../model/blueprint.ts";
import type { Entity, EntityInput, EntityKey } from "../model/entity.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { toTimestamp, type Clock } from "../runtime/clock.ts";
import { must, type QuaysideError } from "../runtime/errors.ts";
import type { EntityRow, Group, WriteOrigin } from "../store/entity-store.ts";
import type { AuditEntry, AuditQuery } from "../store/audit-store.ts";
import type { Change } from "../store/feed-store.ts";
import type { Store } from "../store/store.ts";
import { AggregationCache } from "./aggregation-cache.ts";
import { BlueprintRegistry, type LoadedBlueprint } from "./blueprint-registry.ts";
import type { Rename } from "./blueprint-renames.ts";
import { CatalogError } from "./catalog-error.ts";
import { forgetOldChanges } from "./forget-old-changes.ts";
import { EVERYTHING, listRows } from "./list-rows.ts";
import { toMirror } from "./mirror-index.ts";
import { mirrorAs } from "./mirror.ts";
import { Migrations } from "./migrations.ts";
import { aggregateOverTime, listPropertyHistory, type OverTime, type OverTimeOptions } from "./over-time.ts";
import { planEntities, type WriteMode } from "./plan-entities.ts";
import { planRename } from "./plan-rename.ts";
import { toEntities, type ReadOptions } from "./read-form.ts";
import { reshapeEntities } from "./reshape-entities.ts";
import {
  aggregateMatches,
  countMatches,
  countGroups,
  searchEntities,
  type AggregateOptions,
  type FoundEntities,
  type GroupKey,
  type SearchOptions,
} from "./search-entities.ts";
import { findBase } from "./system-blueprints.ts";
import {
  listCreated,
  removeEntities,
  renameEntity,
  settleWaitingFor,
  writeEntities,
  type CatalogServices,
} from "./write-entities.ts";

/** Who asks for a change. */
export interface Caller {
  /** Client id or user id; becomes `createdBy` and `updatedBy`. */
  readonly actor: string;
  /** `$datasource`: the text Port derives from the user agent. */
  readonly dataSource: string;
  readonly runId?: string;
}

/** A blueprint as the catalog shows it. Times are RFC 3339 UTC with milliseconds. */
export interface BlueprintView extends Blueprint {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** An entity to write; without an identifier the catalog makes one. */
export type EntityDocument = Omit<EntityInput, "identifier"> & Partial<Pick<EntityInput, "identifier">>;

export interface WriteOptions {
  /** What happens to an entity that exists: refuse it, change the keys given, or keep only what is given. */
  readonly existing: "refuse" | "merge" | "override";
  readonly createMissingRelatedEntities: boolean;
  /** Check everything, change nothing; the result tells what would have happened. */
  readonly validationOnly?: boolean;
}

export type EntityWrite =
  | { readonly result: "created" | "updated" | "unchanged"; readonly entity: Entity }
  | { readonly result: "failed"; readonly key: EntityKey; readonly error: QuaysideError };

type UpdateOptions = Omit<WriteOptions, "existing">;

/**
 * Blueprints, entities and their relations, in Port's words. What it refuses it refuses with a CatalogError. A promise
 * that resolves means that the change is on disk, and in the change feed.
 */
export class Catalog {
  /** For the embedded sink, which writes beside this class. */
  readonly services: CatalogServices;
  readonly #store: Store;
  readonly #newIdentifier: () => string;
  readonly migrations: Migrations;

  private constructor(store: Store, services: CatalogServices, newIdentifier: () => string) {
    this.#store = store;
    this.services = services;
    this.#newIdentifier = newIdentifier;
    const { clock } = services;
    this.migrations = new Migrations({
      catalog: this,
      settings: store.settings,
      clock,
      newId: newIdentifier,
      alone: (work) => store.runs.exclusively("migrations", work, { signal: new AbortController().signal }),
    });
  }

  static async open(options: {
    readonly store: Store;
    readonly jq: JqEngine;
    readonly clock: Clock;
    readonly newIdentifier: () => string;
    /** How long changes are kept; undefined keeps all. */
    readonly historyDays?: number;
  }): Promise<Catalog> {
    const { store, jq, clock, newIdentifier, historyDays } = options;
    if (historyDays !== undefined) forgetOldChanges(store, clock, historyDays);
    const origin = { actor: "quayside", dataSource: "quayside", runId: null, atMs: clock.now() };
    const registry = await BlueprintRegistry.open({ store: store.blueprints, entities: store.entities, jq }, origin);
    const services = { registry, entities: store.entities, jq, clock, aggregations: new AggregationCache() };
    for (const loaded of registry.list()) {
      if (!loaded.hasOldEntities) continue; // left by a process that ended in between
      await reshapeEntities(loaded, { ...origin, actor: loaded.updatedBy }, services);
    }
    const catalog = new Catalog(store, services, newIdentifier);
    await catalog.migrations.resume();
    return catalog;
  }

  /** Sees the blueprints and migrations that other processes have changed; for reads, before they begin. Writes see them. */
  async refresh(): Promise<void> {
    if (this.#store.blueprints.isShared)
      await Promise.all([this.services.registry.refresh(), this.migrations.refresh()]);
  }

  listBlueprints(): readonly BlueprintView[] {
    return this.services.registry.list().map(toView);
  }

  /** Throws CatalogError `not_found`. */
  getBlueprint(identifier: string): BlueprintView {
    return toView(this.services.registry.get(identifier));
  }

  /** What a system blueprint always has. Throws CatalogError `not_found`. */
  getSystemStructure(identifier: string): Blueprint {
    const base = findBase(identifier);
    if (base === undefined) throw new CatalogError("not_found", `The system blueprint "${identifier}" was not found`);
    return base;
  }

  async createBlueprint(document: unknown, caller: Caller): Promise<BlueprintView> {
    return toView(await this.services.registry.create(document, this.#toOrigin(caller)));
  }

  /** The document is the whole blueprint; what it leaves out is gone. */
  async replaceBlueprint(identifier: string, document: unknown, caller: Caller): Promise<BlueprintView> {
    if (!isJsonObject(document)) throw new CatalogError("invalid_request", "A blueprint must be an object");
    return this.#changeBlueprint(identifier, () => ({ identifier, ...document }), caller);
  }

  /** Replaces the top-level keys given, each as a whole. */
  async patchBlueprint(identifier: string, changes: unknown, caller: Caller): Promise<BlueprintView> {
    if (!isJsonObject(changes)) throw new CatalogError("invalid_request", "A change of a blueprint must be an object");
    return this.#changeBlueprint(identifier, (before) => ({ ...before, ...changes }), caller);
  }

  /** Gives a property, relation or mirror another name; what entities hold, and mirrors of others, follow. */
  async renamePart(rename: Rename, caller: Caller): Promise<BlueprintView> {
    const origin = this.#toOrigin(caller);
    const changed = await this.services.registry.rename(rename, origin);
    for (const loaded of this.services.registry.list()) {
      if (loaded.hasOldEntities) await reshapeEntities(loaded, origin, this.services);
    }
    return toView(changed);
  }

  /** Throws CatalogError `has_dependents` while it has entities, or another blueprint has a relation to it. */
  deleteBlueprint(identifier: string, caller: Caller): Promise<void> {
    return this.services.registry.remove(identifier, this.#toOrigin(caller));
  }

  /** Throws CatalogError `not_found`. */
  async getEntity(key: EntityKey, options?: ReadOptions): Promise<Entity> {
    const { registry, entities } = this.services;
    const rows = await entities.findRows(registry.get(key.blueprint).id, [key.identifier]);
    const [entity] = await toEntities(rows, this.services, options);
    if (entity === undefined) throw toNotFound(key);
    return entity;
  }

  /**
   * Identifiers of the entities that mirrors of a title look at, by the name of the mirror, for each entity.
   */
  async listTitleSources(entities: readonly Entity[]): Promise<readonly JsonObject[]> {
    const { registry } = this.services;
    const find = (identifier: string): LoadedBlueprint | undefined => registry.find(identifier);
    const sources = entities.map(({ blueprint, relations }) => ({
      blueprintId: registry.get(blueprint).id,
      relations,
    }));
    const toSources = (blueprintId: number) => {
      const { blueprint } = registry.getById(blueprintId);
      return Object.entries(blueprint.mirrorProperties).flatMap(([name, { path }]) => {
        const isOfTitle = path.endsWith(".$title");
        return isOfTitle ? (toMirror(name, path.replace(/\$title$/, "$identifier"), blueprint, find) ?? []) : [];
      });
    };
    return mirrorAs(sources, toSources, this.services);
  }

  async listEntities(blueprint: string, options?: ReadOptions): Promise<readonly Entity[]> {
    const rows: EntityRow[] = [];
    for await (const page of listRows(this.services.registry.get(blueprint).id, this.services)) rows.push(...page);
    return toEntities(rows, this.services, options);
  }

  countEntities(blueprint: string): Promise<number> {
    return this.services.entities.count({ blueprintId: this.services.registry.get(blueprint).id, rule: EVERYTHING });
  }

  /** One result per document, in order. A document that cannot be written fails alone. */
  async writeEntities(
    documents: readonly EntityDocument[],
    options: WriteOptions,
    caller: Caller,
  ): Promise<readonly EntityWrite[]> {
    const inputs = documents.map((document) => ({
      ...document,
      identifier: document.identifier ?? this.#newIdentifier(),
    }));
    const mode = toMode(options, "create");
    const origin = this.#toOrigin(caller);
    const isReal = options.validationOnly !== true;
    const { outcomes } = await (isReal ? writeEntities : planEntities)(inputs, mode, origin, this.services);
    if (isReal) await settleWaitingFor(listCreated(outcomes), origin, this.services);
    const written = outcomes.flatMap((outcome) => (outcome.result === "failed" ? [] : [outcome.row]));
    const entities = (await toEntities(written, this.services)).values();
    return outcomes.map((outcome) => {
      if (outcome.result === "failed") return outcome;
      const { value } = entities.next();
      return { result: outcome.result, entity: must<Entity>(value, "all that was written reads back, in order") };
    });
  }

  /** Keeps only what is given; another identifier renames, and relations follow. Throws CatalogError `not_found` when there is no such entity. */
  replaceEntity(
    key: EntityKey,
    document: Omit<EntityDocument, "blueprint">,
    options: UpdateOptions,
    caller: Caller,
  ): Promise<Entity> {
    return this.#update(key, document, { ...options, existing: "override" }, caller);
  }

  /** Changes the keys given, also the identifier. Throws CatalogError `not_found` when there is no such entity. */
  patchEntity(
    key: EntityKey,
    document: Omit<EntityDocument, "blueprint">,
    options: UpdateOptions,
    caller: Caller,
  ): Promise<Entity> {
    return this.#update(key, document, { ...options, existing: "merge" }, caller);
  }

  /**
   * Keys that do not exist are passed over. Other entities let go of what is deleted; one that requires it is deleted
   * too, or the whole call is refused with `has_dependents`. Returns all that were deleted.
   */
  async deleteEntities(
    keys: readonly EntityKey[],
    options: { readonly deleteDependents: boolean },
    caller: Caller,
  ): Promise<{ readonly deleted: readonly EntityKey[] }> {
    const mode = { dependents: options.deleteDependents ? "remove" : "refuse", referenced: "detach" } as const;
    const { deleted } = await removeEntities(keys, mode, this.#toOrigin(caller), this.services);
    return { deleted };
  }

  /** `query` is Port's `{ combinator, rules }`; `from` is the `next` of the page before. */
  search(query: unknown, options: SearchOptions = {}): Promise<FoundEntities> {
    return searchEntities(query, options, this.services);
  }

  /** How many entities a search finds. */
  countMatches(query: unknown, blueprint: string): Promise<number> {
    return countMatches(query, blueprint, this.services);
  }

  /** One number of all that a search over all blueprints finds. */
  aggregate(query: unknown, options: AggregateOptions): Promise<number | null> {
    return aggregateMatches(query, options, this.services);
  }

  /** How many of what a search finds have each combination of values of these, the most frequent first. */
  countGroups(query: unknown, by: readonly GroupKey[], blueprint?: string): Promise<readonly Group[]> {
    return countGroups(query, by, this.services, blueprint);
  }

  /** What a search finds within a blueprint, interval by interval of a range of time. */
  aggregateOverTime(options: OverTimeOptions): Promise<OverTime> {
    return aggregateOverTime(options, this.services);
  }

  /** What properties of an entity were at the end of each interval. */
  listPropertyHistory(options: Parameters<typeof listPropertyHistory>[0]): Promise<OverTime> {
    return listPropertyHistory(options, { ...this.services, audit: this.#store.audit });
  }

  listChanges(afterSeq: number, limit: number): Promise<readonly Change[]> {
    return this.#store.feed.listAfter(afterSeq, limit);
  }

  /** What was changed, by whom, from what to what; the newest first. */
  listAudit(query: AuditQuery): Promise<readonly AuditEntry[]> {
    return this.#store.audit.list(query);
  }

  /** Called after commits; what changed is in `listChanges`. Returns the way to stop. */
  onChange(listener: () => void): () => void {
    return this.#store.feed.onCommit(listener);
  }

  async #changeBlueprint(
    identifier: string,
    toDocument: (before: Blueprint) => unknown,
    caller: Caller,
  ): Promise<BlueprintView> {
    const origin = this.#toOrigin(caller);
    const changed = await this.services.registry.change(identifier, toDocument, origin);
    if (changed.hasOldEntities) {
      await reshapeEntities(changed, origin, this.services);
      for (const other of this.services.registry.list()) {
        const isMirroring = other.id !== changed.id && Object.keys(other.blueprint.mirrorProperties).length > 0;
        if (isMirroring) await reshapeEntities(other, origin, this.services);
      }
    }
    return toView(changed);
  }

  async #update(
    key: EntityKey,
    document: Omit<EntityDocument, "blueprint">,
    options: WriteOptions,
    caller: Caller,
  ): Promise<Entity> {
    const { identifier = key.identifier } = document;
    const input = { ...document, identifier, blueprint: key.blueprint };
    const mode = toMode(options, "refuse");
    const origin = this.#toOrigin(caller);
    const isReal = options.validationOnly !== true;
    const isRenamed = identifier !== key.identifier;
    const plan = isRenamed
      ? await (isReal ? renameEntity : planRename)(key, input, mode, origin, this.services)
      : await (isReal ? writeEntities : planEntities)([input], mode, origin, this.services);
    const [outcome] = plan.outcomes;
    if (outcome === undefined || outcome.result === "failed") throw outcome?.error ?? toNotFound(key);
    if (isReal && isRenamed) await settleWaitingFor([outcome.row], origin, this.services);
    const [entity] = await toEntities([outcome.row], this.services);
    return must(entity, "what was written reads back");
  }

  #toOrigin({ actor, dataSource, runId }: Caller): WriteOrigin {
    return { actor, dataSource, runId: runId ?? null, atMs: this.services.clock.now() };
  }
}

function toMode(options: WriteOptions, absent: WriteMode["absent"]): WriteMode {
  const missingTarget = options.createMissingRelatedEntities ? "stub" : "refuse";
  return { existing: options.existing, absent, missingTarget, refusesProtected: missingTarget === "stub" };
}

function toView({ blueprint, createdAtMs, createdBy, updatedAtMs, updatedBy }: LoadedBlueprint): BlueprintView {
  const createdAt = toTimestamp(createdAtMs);
  const updatedAt = toTimestamp(updatedAtMs);
  return { ...blueprint, createdAt, createdBy, updatedAt, updatedBy };
}

function toNotFound({ blueprint, identifier }: EntityKey): CatalogError {
  return new CatalogError("not_found", `The entity "${identifier}" of blueprint "${blueprint}" was not found`);
}
