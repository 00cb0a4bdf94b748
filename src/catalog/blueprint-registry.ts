import type { JqEngine } from "../jq/jq-engine.ts";
import type { Blueprint } from "../model/blueprint.ts";
import { own, type Json } from "../model/json.ts";
import { ConflictError } from "../runtime/errors.ts";
import type { BlueprintPut, BlueprintRow, BlueprintStore } from "../store/blueprint-store.ts";
import type { EntityStore, WriteOrigin } from "../store/entity-store.ts";
import { assertEntitiesFit } from "./assert-entities-fit.ts";
import { assertCompatible, concernsEntities } from "./blueprint-changes.ts";
import { applyRename, assertRename, withTarget, type Rename } from "./blueprint-renames.ts";
import { CatalogError } from "./catalog-error.ts";
import { checkBlueprint } from "./check-blueprint.ts";
import { MirrorIndex } from "./mirror-index.ts";
import { parseBlueprint } from "./parse-blueprint.ts";
import { PropertyValidator } from "./property-validator.ts";
import { assertOrdinary, findBase, listBases, withBase } from "./system-blueprints.ts";

/** A blueprint as stored, with what is needed to write its entities. */
export interface LoadedBlueprint extends Omit<BlueprintRow, "identifier" | "document"> {
  readonly blueprint: Blueprint;
  readonly validator: PropertyValidator;
}

interface RegistryServices {
  readonly store: BlueprintStore;
  readonly entities: EntityStore;
  readonly jq: JqEngine;
}

/**
 * All blueprints, in memory: they are few, and every write needs them. They change one at a time, over all processes.
 * What another process has changed is seen by `refresh`; a write that was planned before is refused by the store.
 */
export class BlueprintRegistry {
  readonly #services: RegistryServices;
  #byIdentifier = new Map<string, LoadedBlueprint>();
  #byId = new Map<number, LoadedBlueprint>();
  #mirrors: MirrorIndex | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(services: RegistryServices) {
    this.#services = services;
  }

  /** Makes the system blueprints if they are not there. */
  static async open(services: RegistryServices, origin: WriteOrigin): Promise<BlueprintRegistry> {
    const registry = new BlueprintRegistry(services);
    await registry.#inTurn(async () => {
      await registry.#load();
      const absent = listBases().filter((base) => !registry.#byIdentifier.has(base.identifier));
      if (absent.length > 0)
        await registry.#putAll(
          absent.map((base) => toPut(base, undefined)),
          origin,
        );
    });
    return registry;
  }

  /** Sees what other processes have changed. */
  async refresh(): Promise<void> {
    const { store } = this.#services;
    if (!store.isShared || isSame(await store.listVersions(), this.versions())) return;
    await this.#queue(() => this.#load());
  }

  /** What mirrors what, as the blueprints are now. */
  get mirrors(): MirrorIndex {
    return (this.#mirrors ??= new MirrorIndex(this.list(), (identifier) => this.find(identifier)));
  }

  list(): readonly LoadedBlueprint[] {
    return [...this.#byIdentifier.values()];
  }

  find(identifier: string): LoadedBlueprint | undefined {
    return this.#byIdentifier.get(identifier);
  }

  get(identifier: string): LoadedBlueprint {
    const loaded = this.find(identifier);
    if (loaded === undefined) throw new CatalogError("not_found", `The blueprint "${identifier}" was not found`);
    return loaded;
  }

  getById(id: number): LoadedBlueprint {
    const loaded = this.#byId.get(id);
    if (loaded === undefined) throw new CatalogError("not_found", `The blueprint number ${id} was not found`);
    return loaded;
  }

  /** Of each blueprint, by its number. */
  versions(): ReadonlyMap<number, number> {
    return new Map(this.list().map(({ id, version }) => [id, version]));
  }

  create(document: unknown, origin: WriteOrigin): Promise<LoadedBlueprint> {
    return this.#inTurn(async () => {
      const blueprint = parseBlueprint(document);
      if (this.#byIdentifier.has(blueprint.identifier)) {
        throw new CatalogError("identifier_taken", `A blueprint "${blueprint.identifier}" exists already`);
      }
      assertOrdinary(blueprint.identifier);
      await this.#check(blueprint);
      return this.#put(blueprint, undefined, origin);
    });
  }

  /** `toDocument` makes the whole new blueprint from the one there is; with another identifier, those that name it follow. */
  change(
    identifier: string,
    toDocument: (blueprint: Blueprint) => unknown,
    origin: WriteOrigin,
  ): Promise<LoadedBlueprint> {
    return this.#inTurn(async () => {
      const before = this.get(identifier);
      const given = withBase(before.blueprint, parseBlueprint(toDocument(before.blueprint)));
      const isRenamed = given.identifier !== identifier;
      if (isRenamed) this.#assertFree(given.identifier);
      const blueprint = isRenamed ? withTarget(given, identifier, given.identifier) : given;
      const old = isRenamed ? withTarget(before.blueprint, identifier, given.identifier) : before.blueprint;
      assertCompatible(old, blueprint);
      await this.#check(blueprint, before);
      await assertEntitiesFit(before.id, old, blueprint, this.#services);
      return isRenamed ? this.#putRenamed(blueprint, before, origin) : this.#put(blueprint, before, origin);
    });
  }

  /** Gives a part of a blueprint another name. What entities hold, and the paths of mirrors, follow. */
  rename(rename: Rename, origin: WriteOrigin): Promise<LoadedBlueprint> {
    return this.#inTurn(async () => {
      const { blueprint, id } = this.get(rename.blueprint);
      assertRename(rename, blueprint);
      if (
        rename.kind === "property" &&
        own(findBase(rename.blueprint)?.schema.properties ?? {}, rename.from) !== undefined
      ) {
        throw new CatalogError(
          "protected_resource",
          `The property "${rename.from}" of "${rename.blueprint}" is the system's`,
        );
      }
      const puts = this.list().flatMap((loaded) => {
        const renamed = applyRename(loaded.blueprint, rename, (identifier) => this.find(identifier));
        if (JSON.stringify(renamed) === JSON.stringify(loaded.blueprint)) return [];
        const put = toPut(parseBlueprint(renamed), loaded);
        const { kind } = rename;
        return loaded.id === id && kind !== "mirror" ? [{ ...put, renames: [{ ...rename, kind }] }] : [put];
      });
      await this.#putAll(puts, origin);
      return this.getById(id);
    });
  }

  /** All entities fit this version of the blueprint. */
  async settle({ blueprint, version }: LoadedBlueprint): Promise<void> {
    await this.#services.store.settle(blueprint.identifier, version);
  }

  remove(identifier: string, origin: WriteOrigin): Promise<void> {
    return this.#inTurn(async () => {
      const { version, id } = this.get(identifier);
      assertOrdinary(identifier);
      const referrer = this.list().find(
        ({ blueprint }) =>
          blueprint.identifier !== identifier &&
          Object.values(blueprint.relations).some((relation) => relation.target === identifier),
      );
      if (referrer !== undefined) {
        throw new CatalogError(
          "has_dependents",
          `The blueprint "${identifier}" is the target of a relation of "${referrer.blueprint.identifier}" (has_dependents)`,
        );
      }
      try {
        await this.#services.store.remove(identifier, version, origin);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        throw new CatalogError("has_dependents", `${error.message} (has_dependents)`);
      }
      this.#byIdentifier.delete(identifier);
      this.#byId.delete(id);
      this.#mirrors = undefined;
    });
  }

  async #put(blueprint: Blueprint, before: LoadedBlueprint | undefined, origin: WriteOrigin): Promise<LoadedBlueprint> {
    await this.#putAll([toPut(blueprint, before)], origin);
    return this.get(blueprint.identifier);
  }

  async #putRenamed(blueprint: Blueprint, before: LoadedBlueprint, origin: WriteOrigin): Promise<LoadedBlueprint> {
    const { identifier } = before.blueprint;
    const others = this.list().flatMap((loaded) => {
      const follower = withTarget(loaded.blueprint, identifier, blueprint.identifier);
      const isConcerned = loaded.id !== before.id && JSON.stringify(follower) !== JSON.stringify(loaded.blueprint);
      return isConcerned ? [toPut(follower, loaded)] : [];
    });
    await this.#putAll([{ ...toPut(blueprint, before), previousIdentifier: identifier }, ...others], origin);
    return this.get(blueprint.identifier);
  }

  async #putAll(puts: readonly BlueprintPut[], origin: WriteOrigin): Promise<void> {
    const rows = await this.#services.store.put(puts, origin);
    for (const { previousIdentifier } of puts) {
      if (previousIdentifier !== undefined) this.#byIdentifier.delete(previousIdentifier);
    }
    for (const row of rows) this.#remember(row);
  }

  #assertFree(identifier: string): void {
    assertOrdinary(identifier);
    if (this.#byIdentifier.has(identifier)) {
      throw new CatalogError("identifier_taken", `A blueprint "${identifier}" exists already`);
    }
  }

  #check(blueprint: Blueprint, before?: LoadedBlueprint): Promise<void> {
    const { jq } = this.#services;
    return checkBlueprint(blueprint, {
      find: (name) => this.find(name),
      list: () => this.list(),
      jq,
      before: before?.blueprint,
    });
  }

  #remember(row: BlueprintRow): void {
    const [identifier, loaded] = toKnown(row);
    this.#byIdentifier.set(identifier, loaded);
    this.#byId.set(loaded.id, loaded);
    this.#mirrors = undefined;
  }

  async #load(): Promise<void> {
    const rows = await this.#services.store.list();
    const known = this.versions();
    const there = new Map(rows.map(({ id, version }) => [id, version]));
    if (isSame(there, known)) return;
    // All of them are made before any is replaced, since one may be refused.
    const byIdentifier = new Map(
      rows.map((row) => {
        const before = this.#byId.get(row.id);
        return before?.version === row.version ? ([row.identifier, before] as const) : toKnown(row);
      }),
    );
    this.#byIdentifier = byIdentifier;
    this.#byId = new Map([...byIdentifier.values()].map((loaded) => [loaded.id, loaded]));
    this.#mirrors = undefined;
  }

  /** What a change is checked against must not change before it is stored. */
  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const { store } = this.#services;
    return this.#queue(() =>
      store.exclusively(async () => {
        if (store.isShared) await this.#load();
        return change();
      }),
    );
  }

  #queue<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined); // its caller hears of it
    return done;
  }
}

function toKnown({ identifier, document, ...row }: BlueprintRow): readonly [string, LoadedBlueprint] {
  const blueprint = document as unknown as Blueprint; // stored by the registry alone
  return [identifier, { ...row, blueprint, validator: new PropertyValidator(blueprint) }];
}

function isSame(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  return a.size === b.size && [...a].every(([id, version]) => b.get(id) === version);
}

function toPut(blueprint: Blueprint, before: LoadedBlueprint | undefined): BlueprintPut {
  return {
    identifier: blueprint.identifier,
    document: blueprint as unknown as Json, // it came from JSON
    hasOldEntities: before !== undefined && concernsEntities(before.blueprint, blueprint),
    expectedVersion: before?.version ?? null,
  };
}
