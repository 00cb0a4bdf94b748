import type { RemovalReport, WriteContext, WriteOutcome } from "../model/catalog-sink.ts";
import { toEntityKeyText, type Entity, type EntityInput, type EntityKey } from "../model/entity.ts";
import { must } from "../runtime/errors.ts";
import { groupByBlueprint } from "./group-keys.ts";
import type { ItemResult, RemoteBlueprints, RemoteCatalog } from "./remote-catalog.ts";
import {
  foldInputs,
  hasSearch,
  isUnchanged,
  keyOf,
  toDraft,
  toDraftText,
  toTargets,
  type RemoteDraft,
} from "./remote-draft.ts";
import { RemoteRemoval } from "./remote-removal.ts";
import type { HeldEntity, HeldRelation, RemoteState } from "./remote-state.ts";

/** An input, or several for one entity, with the places of their outcomes. */
interface Entry {
  readonly indexes: readonly number[];
  readonly input: EntityInput;
}

export interface SettleReport {
  readonly stubsCreated: number;
  readonly failures: readonly WriteOutcome[];
}

/**
 * The writes of one full read, or of one delta. Port has no relation to what does not exist, so a relation is written
 * when its target is known to be there: at once, when a later page brings the target, or at the end. What would change
 * nothing is not sent.
 */
export class RemoteSession {
  readonly #catalog: RemoteCatalog;
  readonly #state: RemoteState;
  readonly #context: WriteContext;
  readonly #blueprints: RemoteBlueprints;
  /** Entities that are certainly there. */
  readonly #known = new Set<string>();

  private constructor(catalog: RemoteCatalog, state: RemoteState, context: WriteContext, blueprints: RemoteBlueprints) {
    this.#catalog = catalog;
    this.#state = state;
    this.#context = context;
    this.#blueprints = blueprints;
  }

  static async open(catalog: RemoteCatalog, state: RemoteState, context: WriteContext): Promise<RemoteSession> {
    return new RemoteSession(catalog, state, context, await catalog.listBlueprints(context.signal));
  }

  /** One outcome per input, in order. What is held back is on the notes when this resolves. */
  async put(inputs: readonly EntityInput[]): Promise<readonly WriteOutcome[]> {
    const outcomes = await this.#putAll(inputs, { isTrial: false });
    await this.#completeHeld(this.#state.held(), "whole");
    await this.#state.save();
    return outcomes;
  }

  /** What `put` would answer, as far as it can be told: nothing is written, neither there nor in the notes. */
  preview(inputs: readonly EntityInput[]): Promise<readonly WriteOutcome[]> {
    return this.#putAll(inputs, { isTrial: true });
  }

  async #putAll(inputs: readonly EntityInput[], { isTrial }: Trial): Promise<readonly WriteOutcome[]> {
    const outcomes: WriteOutcome[] = [];
    const entries = this.#fold(inputs, outcomes, { isTrial });
    const existing = await this.#findExisting(entries);
    await this.#learnTargets(entries.flatMap(({ input }) => this.#toTargetKeys(input)));
    let left: readonly Entry[] = entries;
    for (;;) {
      const ready = left.filter(({ input }) => !this.#toDraft(input).isBlocked);
      if (ready.length === 0) break;
      await this.#write(ready, existing, outcomes, { isTrial });
      left = left.filter((entry) => !ready.includes(entry));
    }
    // What requires an entity that is nowhere: Port makes it if the flag is set, and refuses otherwise.
    await this.#write(left, existing, outcomes, { isTrial });
    return outcomes;
  }

  /** Completes held relations; with `stub` by making what is still missing, if the flags allow it. */
  async settle(missingTarget: "stub" | "hold", keys?: readonly EntityKey[]): Promise<SettleReport> {
    const chosen = (): readonly HeldEntity[] =>
      keys === undefined ? this.#state.held() : keys.flatMap((key) => this.#state.findHeld(key) ?? []);
    await this.#learnTargets(chosen().flatMap(toMissingKeys));
    await this.#completeHeld(chosen(), "partly");
    const makesStubs = missingTarget === "stub" && this.#context.flags.createMissingRelatedEntities;
    const report = makesStubs ? await this.#makeStubs(chosen()) : { stubsCreated: 0, failures: [] };
    await this.#state.save();
    const failures = makesStubs ? report.failures : chosen().map(toWaitingFailure);
    return { stubsCreated: report.stubsCreated, failures };
  }

  async remove(keys: readonly EntityKey[]): Promise<RemovalReport> {
    const removal = new RemoteRemoval(this.#catalog, this.#state, this.#context, this.#blueprints);
    const report = await removal.run(keys);
    for (const key of report.deleted) this.#known.delete(toEntityKeyText(key));
    await this.#state.save();
    return report;
  }

  #fold(inputs: readonly EntityInput[], outcomes: WriteOutcome[], { isTrial }: Trial): readonly Entry[] {
    const entries = new Map<string, Entry>();
    for (const [index, input] of inputs.entries()) {
      if (!this.#blueprints.has(input.blueprint)) {
        const message = `The blueprint "${input.blueprint}" was not found in the remote catalog`;
        const failure = { result: "failed", key: keyOf(input), code: "not_found", message } as const;
        // A resync makes its blueprints before it writes.
        outcomes[index] = isTrial ? { result: "created", key: keyOf(input) } : failure;
        continue;
      }
      const text = toDraftText(input, index);
      const before = entries.get(text);
      const folded = before ? foldInputs(before.input, input, this.#context.flags.enableMergeEntity) : input;
      entries.set(text, { indexes: [...(before?.indexes ?? []), index], input: folded });
    }
    return [...entries.values()];
  }

  async #findExisting(entries: readonly Entry[]): Promise<ReadonlyMap<string, Entity>> {
    const keys = entries.flatMap(({ input }) => (typeof input.identifier === "string" ? [keyOf(input)] : []));
    const found = await Promise.all(
      [...groupByBlueprint(keys)].map(([blueprint, identifiers]) =>
        this.#catalog.findEntities(blueprint, identifiers, { isBare: false, signal: this.#context.signal }),
      ),
    );
    for (const entity of found.flat()) this.#known.add(toEntityKeyText(entity));
    return new Map(found.flat().map((entity) => [toEntityKeyText(entity), entity]));
  }

  /** Asks which of these exist, as far as that is not known. */
  async #learnTargets(keys: readonly EntityKey[]): Promise<void> {
    const unknown = new Map(keys.map((key) => [toEntityKeyText(key), key]));
    for (const text of unknown.keys()) if (this.#known.has(text)) unknown.delete(text);
    const found = await Promise.all(
      [...groupByBlueprint([...unknown.values()])].map(([blueprint, identifiers]) =>
        this.#catalog.findEntities(blueprint, identifiers, { isBare: true, signal: this.#context.signal }),
      ),
    );
    for (const entity of found.flat()) this.#known.add(toEntityKeyText(entity));
  }

  #toTargetKeys({ blueprint, relations = {} }: EntityInput): readonly EntityKey[] {
    const definitions = this.#blueprints.get(blueprint) ?? {};
    return Object.entries(relations).flatMap(([name, value]) => {
      const target = definitions[name]?.target;
      return target === undefined
        ? []
        : (toTargets(value) ?? []).map((identifier) => ({ blueprint: target, identifier }));
    });
  }

  #toDraft(input: EntityInput): RemoteDraft {
    return toDraft(input, this.#blueprints.get(input.blueprint) ?? {}, (key) => this.#known.has(toEntityKeyText(key)));
  }

  async #write(
    entries: readonly Entry[],
    existing: ReadonlyMap<string, Entity>,
    outcomes: WriteOutcome[],
    { isTrial }: Trial,
  ): Promise<void> {
    const { enableMergeEntity: merge } = this.#context.flags;
    const drafts = entries.map((entry) => ({ ...entry, draft: this.#toDraft(entry.input) }));
    const report = (entry: Entry, outcome: WriteOutcome): void => {
      for (const index of entry.indexes) outcomes[index] = outcome;
    };
    const changed = drafts.filter((entry) => {
      const before = existing.get(toEntityKeyText(keyOf(entry.input)));
      if (before === undefined || hasSearch(entry.input) || !isUnchanged(entry.draft.input, before, merge)) return true;
      if (!isTrial) this.#note(keyOf(entry.input), entry.draft);
      report(entry, { result: "unchanged", key: keyOf(entry.input) });
      return false;
    });
    await Promise.all(
      [...Map.groupBy(changed, ({ input }) => input.blueprint)].map(async ([blueprint, group]) => {
        const inputs = group.map(({ draft }) => draft.input);
        const results = await this.#upsert(blueprint, inputs, {
          merge,
          createMissing: group.some(isBlocked),
          isTrial,
        });
        for (const [position, entry] of group.entries()) {
          const result = must(results[position], "the catalog gives one result per entity");
          const before = existing.get(toEntityKeyText(keyOf(entry.input)));
          if (result.result === "failed") report(entry, { ...result, key: keyOf(entry.input) });
          else {
            const key = { blueprint, identifier: result.identifier };
            this.#known.add(toEntityKeyText(key));
            if (!isTrial) this.#note(key, entry.draft);
            // A search for an identifier finds what is there, or fails.
            const isNew =
              before === undefined && result.created !== false && typeof entry.input.identifier === "string";
            report(entry, { result: isNew ? "created" : "updated", key });
          }
        }
      }),
    );
  }

  /**
   * `createMissing` only where Port has to make what is required: everything else waits for its turn. In a trial a
   * target may be known that is yet to be written; only Port's leave to make it keeps that from being an error.
   */
  #upsert(
    blueprint: string,
    inputs: readonly EntityInput[],
    { merge, createMissing, isTrial }: Trial & { readonly merge: boolean; readonly createMissing: boolean },
  ): Promise<readonly ItemResult[]> {
    const { flags, signal } = this.#context;
    const makes = createMissing ? flags.createMissingRelatedEntities : isTrial;
    return this.#catalog.upsert(blueprint, inputs, { merge, createMissing: makes, validatesOnly: isTrial, signal });
  }

  #note(key: EntityKey, { input, waiting }: RemoteDraft): void {
    const all = this.#context.flags.enableMergeEntity ? {} : this.#blueprints.get(key.blueprint);
    this.#state.hold(key, [...Object.keys(input.relations ?? {}), ...Object.keys(all ?? {})], waiting);
    this.#state.removeStub(key);
  }

  /** Writes held relations whose targets are known by now: `whole` those that miss none, `partly` whatever gained one. */
  async #completeHeld(held: readonly HeldEntity[], extent: "whole" | "partly"): Promise<void> {
    const isThere = (relation: HeldRelation, identifier: string): boolean =>
      this.#known.has(toEntityKeyText({ blueprint: relation.targetBlueprint, identifier }));
    const completions = held.flatMap((entity) => {
      const ready = Object.entries(entity.relations).filter(([, relation]) =>
        extent === "whole"
          ? relation.missing.every((target) => isThere(relation, target))
          : relation.missing.some((target) => isThere(relation, target)),
      );
      if (ready.length === 0) return [];
      const values = ready.map(([name, relation]) => {
        const value =
          typeof relation.value === "string"
            ? relation.value
            : relation.value.filter((target) => !relation.missing.includes(target) || isThere(relation, target));
        return [name, value] as const;
      });
      const left = ready.flatMap(([name, relation]) => {
        const missing = relation.missing.filter((target) => !isThere(relation, target));
        return missing.length === 0 ? [] : [[name, { ...relation, missing }] as const];
      });
      return [{ entity, relations: Object.fromEntries(values), left: Object.fromEntries(left) }];
    });
    await this.#writeRelations(completions, false);
  }

  async #makeStubs(held: readonly HeldEntity[]): Promise<SettleReport> {
    const completions = held.map((entity) => ({
      entity,
      relations: Object.fromEntries(Object.entries(entity.relations).map(([name, { value }]) => [name, value])),
      left: {},
    }));
    const failures = await this.#writeRelations(completions, true);
    const failed = new Set(failures.map(({ key }) => toEntityKeyText(key)));
    const made = new Map(
      held
        .filter((entity) => !failed.has(toEntityKeyText(entity)))
        .flatMap(toMissingKeys)
        .map((key) => [toEntityKeyText(key), key]),
    );
    for (const [text, key] of made) {
      this.#known.add(text);
      this.#state.addStub(key);
    }
    return { stubsCreated: made.size, failures };
  }

  async #writeRelations(completions: readonly Completion[], createMissing: boolean): Promise<readonly WriteOutcome[]> {
    const failures: WriteOutcome[] = [];
    await Promise.all(
      [...Map.groupBy(completions, ({ entity }) => entity.blueprint)].map(async ([blueprint, group]) => {
        const inputs = group.map(({ entity, relations }) => ({ blueprint, identifier: entity.identifier, relations }));
        const results = await this.#upsert(blueprint, inputs, { merge: true, createMissing, isTrial: false });
        for (const [position, { entity, relations, left }] of group.entries()) {
          const result = must(results[position], "the catalog gives one result per entity");
          if (result.result === "written") this.#state.hold(entity, Object.keys(relations), left);
          else failures.push({ ...result, key: { blueprint, identifier: entity.identifier } });
        }
      }),
    );
    return failures;
  }
}

/** Whether it is only asked what a write would do. */
interface Trial {
  readonly isTrial: boolean;
}

/** Relations to write for a held entity, and those of them that go on waiting for something. */
interface Completion {
  readonly entity: HeldEntity;
  readonly relations: Readonly<Record<string, string | readonly string[]>>;
  readonly left: HeldEntity["relations"];
}

function isBlocked({ draft }: { readonly draft: RemoteDraft }): boolean {
  return draft.isBlocked;
}

function toMissingKeys({ relations }: HeldEntity): readonly EntityKey[] {
  return Object.values(relations).flatMap(({ targetBlueprint, missing }) =>
    missing.map((identifier) => ({ blueprint: targetBlueprint, identifier })),
  );
}

function toWaitingFailure({ blueprint, identifier, relations }: HeldEntity): WriteOutcome {
  const missing = Object.entries(relations).flatMap(([name, relation]) =>
    relation.missing.map((target) => ({ name, target, blueprint: relation.targetBlueprint })),
  );
  const first = must(missing[0], "an entity that waits does so for something");
  const others = missing.length > 1 ? ` (and ${missing.length - 1} more)` : "";
  const message = `The entity "${first.target}" of blueprint "${first.blueprint}", target of the relation "${first.name}", was not found${others}`;
  return { result: "failed", key: { blueprint, identifier }, code: "not_found", message };
}
