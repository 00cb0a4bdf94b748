import type { Json, JsonObject } from "../model/json.ts";
import { toTimestamp, type Clock } from "../runtime/clock.ts";
import type { SettingsStore } from "../store/settings-store.ts";
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
  readonly config?: JsonObject | null;
  readonly extra: JsonObject;
}

export type IntegrationChanges = Partial<Omit<IntegrationInput, "installationId">>;

export interface KindExamples {
  readonly [kind: string]: readonly JsonObject[];
}

/** All integrations are one document: they are few, and a change of any is one entry of the change feed. */
const SETTING = "integrations";
const toExamplesSetting = (installationId: string): string => `integration-examples/${installationId}`;

/**
 * The registry of integrations. Creating one, changing it (even with an empty change) or its mapping asks it to resync;
 * reporting its own state does not.
 */
export class Integrations {
  readonly #settings: SettingsStore;
  readonly #clock: Clock;
  readonly #newId: () => string;
  /** Changes read the document and write it back, so they take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: { readonly settings: SettingsStore; readonly clock: Clock; readonly newId: () => string }) {
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#newId = options.newId;
  }

  async list(): Promise<readonly Integration[]> {
    // Written by #save alone.
    return ((await this.#settings.find(SETTING)) ?? []) as unknown as readonly Integration[];
  }

  /** Throws CatalogError `not_found`. */
  async get(installationId: string): Promise<Integration> {
    return find(await this.list(), installationId);
  }

  create(input: IntegrationInput, caller: Caller): Promise<Integration> {
    return this.#takeTurn(async () => {
      const all = await this.list();
      if (all.some((each) => each.installationId === input.installationId)) {
        throw new CatalogError("identifier_taken", `An integration "${input.installationId}" exists already`);
      }
      const now = toTimestamp(this.#clock.now());
      const made: Integration = {
        title: null,
        version: "",
        config: null,
        ...input,
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
    return this.#update(installationId, caller, (before, now) => ({
      ...before,
      ...changes,
      extra: { ...before.extra, ...changes.extra },
      ...(options.asksResync && { resyncRequest: { id: this.#newId(), updatedAt: now } }),
    }));
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
      await this.#settings.save(toExamplesSetting(installationId), null);
      await this.#save(all.filter((each) => each.installationId !== installationId));
    });
  }

  /** Raw objects of a kind, on which people try mappings. The newest replace those before. */
  putExamples(installationId: string, kind: string, examples: readonly JsonObject[]): Promise<void> {
    return this.#takeTurn(async () => {
      const known = await this.listExamples(installationId);
      await this.#settings.save(toExamplesSetting(installationId), { ...known, [kind]: examples });
    });
  }

  async listExamples(installationId: string): Promise<KindExamples> {
    await this.get(installationId);
    // Written by putExamples alone.
    return ((await this.#settings.find(toExamplesSetting(installationId))) ?? {}) as KindExamples;
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
    return this.#settings.save(SETTING, all as unknown as Json); // plain data throughout
  }

  #takeTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined); // whoever asked for it is told
    return result;
  }
}

function find(all: readonly Integration[], installationId: string): Integration {
  const found = all.find((each) => each.installationId === installationId);
  if (found === undefined) {
    throw new CatalogError("not_found", `The integration "${installationId}" was not found`);
  }
  return found;
}
