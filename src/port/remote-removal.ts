import type { RemovalReport, WriteContext } from "../model/catalog-sink.ts";
import { toEntityKeyText, type EntityKey } from "../model/entity.ts";
import { groupByBlueprint } from "./group-keys.ts";
import type { Referrer, RemoteBlueprints, RemoteCatalog } from "./remote-catalog.ts";
import type { RemoteState } from "./remote-state.ts";

/** What is to go, in the order in which it can: each round is required by nothing outside of itself and those after it. */
interface Doomed {
  readonly rounds: readonly (readonly EntityKey[])[];
  /** Those that something points at which stays. */
  readonly wanted: ReadonlySet<string>;
}

/**
 * Deletes entities without tearing relations: what something else points at stays, bare; what requires a deleted entity
 * goes along when the flags say so. In the end, stubs that nothing points at any more go too.
 */
export class RemoteRemoval {
  readonly #catalog: RemoteCatalog;
  readonly #state: RemoteState;
  readonly #context: WriteContext;
  readonly #blueprints: RemoteBlueprints;

  constructor(catalog: RemoteCatalog, state: RemoteState, context: WriteContext, blueprints: RemoteBlueprints) {
    this.#catalog = catalog;
    this.#state = state;
    this.#context = context;
    this.#blueprints = blueprints;
  }

  async run(keys: readonly EntityKey[]): Promise<RemovalReport> {
    const { rounds, wanted } = await this.#follow(keys);
    const isWanted = (key: EntityKey): boolean => wanted.has(toEntityKeyText(key));
    const kept = await this.#strip(rounds.flat().filter(isWanted));
    const deleted: EntityKey[] = [];
    for (const round of rounds.toReversed())
      deleted.push(...(await this.#delete(round.filter((key) => !isWanted(key)))));
    deleted.push(...(await this.#deleteIdleStubs()));
    const gone = new Set(deleted.map(toEntityKeyText));
    return { deleted, kept: kept.filter((key) => !gone.has(toEntityKeyText(key))) };
  }

  /** Round by round: the keys themselves, then what requires them, then what requires that. */
  async #follow(keys: readonly EntityKey[]): Promise<Doomed> {
    const doomed = new Map<string, EntityKey>();
    const referrers: Referrer[] = [];
    const rounds: (readonly EntityKey[])[] = [];
    let round = unique(keys.filter(({ blueprint }) => this.#blueprints.has(blueprint)));
    while (round.length > 0) {
      for (const key of round) doomed.set(toEntityKeyText(key), key);
      rounds.push(round);
      const found = await this.#findReferrers(round);
      referrers.push(...found);
      const dependents = found.filter((referrer) => this.#isDependent(referrer));
      round = unique(dependents.map(toKey)).filter((key) => !doomed.has(toEntityKeyText(key)));
    }
    const wanted = new Set(
      referrers
        .filter((referrer) => !doomed.has(toEntityKeyText(referrer)))
        .flatMap((referrer) => this.#toTargetTexts(referrer)),
    );
    return { rounds, wanted };
  }

  #isDependent({ blueprint, relation }: Referrer): boolean {
    const isRequired = this.#blueprints.get(blueprint)?.[relation]?.required === true;
    return isRequired && this.#context.flags.deleteDependentEntities;
  }

  #toTargetTexts({ blueprint, relation, targets }: Referrer): readonly string[] {
    const target = this.#blueprints.get(blueprint)?.[relation]?.target ?? "";
    return targets.map((identifier) => toEntityKeyText({ blueprint: target, identifier }));
  }

  async #findReferrers(keys: readonly EntityKey[]): Promise<readonly Referrer[]> {
    const { signal } = this.#context;
    const options = { blueprints: this.#blueprints, signal };
    const found = await Promise.all(
      [...groupByBlueprint(keys)].map(([blueprint, identifiers]) =>
        this.#catalog.findReferrers(blueprint, identifiers, options),
      ),
    );
    return found.flat();
  }

  /** Takes from entities everything but their identifiers. One whose blueprint does not let that be stays as it is. */
  async #strip(keys: readonly EntityKey[]): Promise<readonly EntityKey[]> {
    const { signal } = this.#context;
    const kept: EntityKey[] = [];
    for (const [blueprint, identifiers] of groupByBlueprint(keys)) {
      const bare = identifiers.map((identifier) => ({ blueprint, identifier, title: identifier }));
      await this.#catalog.upsert(blueprint, bare, { merge: false, createMissing: false, validatesOnly: false, signal });
      kept.push(...identifiers.map((identifier) => ({ blueprint, identifier })));
    }
    for (const key of kept) {
      this.#state.forget(key);
      this.#state.addStub(key);
    }
    return kept;
  }

  async #delete(keys: readonly EntityKey[]): Promise<readonly EntityKey[]> {
    const { flags, signal } = this.#context;
    const deleted: EntityKey[] = [];
    for (const [blueprint, identifiers] of groupByBlueprint(keys)) {
      const options = { deleteDependents: flags.deleteDependentEntities, signal };
      const gone = await this.#catalog.delete(blueprint, identifiers, options);
      deleted.push(...gone.map((identifier) => ({ blueprint, identifier })));
    }
    for (const key of deleted) this.#state.forget(key);
    return deleted;
  }

  /** A stub that goes can leave another with nobody who points at it, so this goes on until none does. */
  async #deleteIdleStubs(): Promise<readonly EntityKey[]> {
    const deleted: EntityKey[] = [];
    for (;;) {
      const stubs = this.#state.stubs().filter(({ blueprint }) => this.#blueprints.has(blueprint));
      const referrers = await this.#findReferrers(stubs);
      const inUse = new Set(referrers.flatMap((referrer) => this.#toTargetTexts(referrer)));
      const idle = stubs.filter((key) => !inUse.has(toEntityKeyText(key)));
      if (idle.length === 0) return deleted;
      deleted.push(...(await this.#delete(idle)));
      for (const key of idle) this.#state.forget(key); // also those that others have deleted
    }
  }
}

function toKey({ blueprint, identifier }: EntityKey): EntityKey {
  return { blueprint, identifier };
}

function unique(keys: readonly EntityKey[]): readonly EntityKey[] {
  return [...new Map(keys.map((key) => [toEntityKeyText(key), toKey(key)])).values()];
}
