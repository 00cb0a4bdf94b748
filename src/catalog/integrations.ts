import type { Json, JsonObject } from "../model/json.ts";
import { toTimestamp, type Clock } from "../runtime/clock.ts";
import type { Store } from "../store/store.ts";
import type {
  LogQuery,
  LogRecord,
  StoredLog,
  StoredMetric,
  SyncMetric,
  SyncSummary,
} from "../store/telemetry-store.ts";
import type { Caller } from "./catalog.ts";
import { CatalogError } from "./catalog-error.ts";

/** An installation that keeps part of the catalog up to date, as it registers itself: its type, version, mapping, state. */
export interface Integration {
  readonly _id: string;
  readonly installationId: string;
  readonly installationAppType: string;
  readonly title: string | null;
  readonly version: string;
  /** The mapping; null or empty when there is none yet. */
  readonly config: JsonObject | null;
  readonly resyncState: JsonObject | null;
  readonly resyncRequest: { readonly id: string; readonly updatedAt: string };
  /** Flags and the like that integrations keep here for themselves. */
  readonly extra: JsonObject;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export interface IntegrationInput {
  readonly installationId: string;
  readonly installationAppType: string;
  readonly title?: string | null;
  readonly version?: string;
  /** A text is YAML. */
  readonly config?: JsonObject | string | null;
  readonly extra: JsonObject;
}

/** Reads a mapping before it is saved, from a document or from YAML; throws InputError with every problem and its place. */
export type ReadMapping = (source: JsonObject | string, installationAppType: string) => JsonObject;

export type IntegrationChanges = Partial<Omit<IntegrationInput, "installationId">>;

export interface KindExamples {
  readonly [kind: string]: readonly JsonObject[];
}

/** The newest of each integration. */
const KEPT_LOGS = 10_000;
const KEPT_SYNCS = 50;

/** All integrations are one document: they are few, and a change of any is one entry of the change feed. */
const SETTING = "integrations";
const toExamplesSetting = (installationId: string): string => `integration-examples/${installationId}`;

/**
 * The registry of integrations. Creating one, changing it (even with an empty change) or its mapping asks it to resync;
 * reporting its own state does not.
 */
export class Integrations {
  readonly #store: Pick<Store, "settings" | "telemetry">;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #readMapping: ReadMapping;
  /** Changes read the document and write it back, so they take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly store: Pick<Store, "settings" | "telemetry">;
    readonly clock: Clock;
    readonly newId: () => string;
    readonly readMapping: ReadMapping;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#newId = options.newId;
    this.#readMapping = options.readMapping;
  }

  async list(): Promise<readonly Integration[]> {
    // Written by #save alone.
    return ((await this.#store.settings.find(SETTING)) ?? []) as unknown as readonly Integration[];
  }

  /** Throws CatalogError `not_found`. */
  async get(installationId: string): Promise<Integration> {
    return find(await this.list(), installationId);
  }

  /** By the `_id` that the catalog gave it, which is also where its logs go. Throws CatalogError `not_found`. */
  async getById(id: string): Promise<Integration> {
    const found = (await this.list()).find(({ _id }) => _id === id);
    if (found === undefined) throw toNotFound(id);
    return found;
  }

  async create(input: IntegrationInput, caller: Caller): Promise<Integration> {
    const config = this.#toConfig(input.config ?? null, input.installationAppType);
    return this.#takeTurn(async () => {
      const all = await this.list();
      if (all.some((each) => each.installationId === input.installationId)) {
        throw new CatalogError("identifier_taken", `An integration "${input.installationId}" exists already`);
      }
      const now = toTimestamp(this.#clock.now());
      const made: Integration = {
        title: null,
        version: "",
        ...input,
        config,
        _id: `integration_${this.#newId()}`,
        resyncState: null,
        resyncRequest: { id: this.#newId(), updatedAt: now },
        createdAt: now,
        createdBy: caller.actor,
        updatedAt: now,
        updatedBy: caller.actor,
      };
      await this.#save([...all, made]);
      return made;
    });
  }

  change(
    installationId: string,
    changes: IntegrationChanges,
    caller: Caller,
    options: { readonly asksResync: boolean } = { asksResync: true },
  ): Promise<Integration> {
    return this.#update(installationId, caller, (before, now) => {
      const { config = before.config, installationAppType: type = before.installationAppType } = changes;
      return {
        ...before,
        ...changes,
        config: config === before.config ? config : this.#toConfig(config, type),
        extra: { ...before.extra, ...changes.extra },
        ...(options.asksResync && { resyncRequest: { id: this.#newId(), updatedAt: now } }),
      };
    });
  }

  /** The integration's own report. It moves both times to the same instant: clients tell it from a change by that. */
  reportState(installationId: string, state: JsonObject, caller: Caller): Promise<Integration> {
    return this.#update(installationId, caller, (before, now) => ({
      ...before,
      resyncState: { ...before.resyncState, ...state, updatedAt: now },
    }));
  }

  remove(installationId: string): Promise<void> {
    return this.#takeTurn(async () => {
      const all = await this.list();
      find(all, installationId);
      await this.#store.settings.save(toExamplesSetting(installationId), null);
      await this.#store.telemetry.forget(installationId);
      await this.#save(all.filter((each) => each.installationId !== installationId));
    });
  }

  /** Raw objects of a kind, on which people try mappings. The newest replace those before. */
  putExamples(installationId: string, kind: string, examples: readonly JsonObject[]): Promise<void> {
    return this.#takeTurn(async () => {
      const known = await this.listExamples(installationId);
      await this.#store.settings.save(toExamplesSetting(installationId), { ...known, [kind]: examples });
    });
  }

  async listExamples(installationId: string): Promise<KindExamples> {
    await this.get(installationId);
    // Written by putExamples alone.
    return ((await this.#store.settings.find(toExamplesSetting(installationId))) ?? {}) as KindExamples;
  }

  /** Keeps what an integration logs, up to a number. Throws CatalogError `not_found`. */
  async addLogs(installationId: string, logs: readonly LogRecord[]): Promise<void> {
    await this.get(installationId);
    if (logs.length > 0) await this.#store.telemetry.addLogs(installationId, logs, KEPT_LOGS);
  }

  async listLogs(installationId: string, query: LogQuery): Promise<readonly StoredLog[]> {
    await this.get(installationId);
    return this.#store.telemetry.listLogs(installationId, query);
  }

  /** Keeps what an integration measures of its last syncs. Throws CatalogError `not_found`. */
  async putMetrics(installationId: string, metrics: readonly SyncMetric[]): Promise<void> {
    await this.get(installationId);
    if (metrics.length === 0) return;
    await this.#store.telemetry.putMetrics(installationId, metrics, this.#clock.now(), KEPT_SYNCS);
  }

  /** Of a sync, or of the last one. */
  async listMetrics(installationId: string, eventId?: string): Promise<readonly StoredMetric[]> {
    const [last] = eventId === undefined ? await this.listSyncs(installationId) : [{ eventId }];
    return last === undefined ? [] : this.#store.telemetry.listMetrics(installationId, last.eventId);
  }

  listSyncs(installationId: string): Promise<readonly SyncSummary[]> {
    return this.#store.telemetry.listSyncs(installationId);
  }

  /** Null, and an empty object, stand for no mapping. */
  #toConfig(source: JsonObject | string | null, type: string): JsonObject | null {
    const isNone = source === null || (typeof source === "object" && Object.keys(source).length === 0);
    return isNone ? source : this.#readMapping(source, type);
  }

  #update(
    installationId: string,
    caller: Caller,
    toNext: (before: Integration, now: string) => Integration,
  ): Promise<Integration> {
    return this.#takeTurn(async () => {
      const all = await this.list();
      const before = find(all, installationId);
      const now = toTimestamp(this.#clock.now());
      const next: Integration = { ...toNext(before, now), updatedAt: now, updatedBy: caller.actor };
      await this.#save(all.map((each) => (each === before ? next : each)));
      return next;
    });
  }

  #save(all: readonly Integration[]): Promise<void> {
    return this.#store.settings.save(SETTING, all as unknown as Json); // plain data throughout
  }

  #takeTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#store.settings.exclusively(work));
    this.#turn = result.catch(() => undefined); // whoever asked for it is told
    return result;
  }
}

function find(all: readonly Integration[], installationId: string): Integration {
  const found = all.find((each) => each.installationId === installationId);
  if (found === undefined) throw toNotFound(installationId);
  return found;
}

function toNotFound(id: string): CatalogError {
  return new CatalogError("not_found", `The integration "${id}" was not found`);
}
