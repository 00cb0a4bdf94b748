import type { JqEngine } from "../jq/jq-engine.ts";
import type { Blueprint } from "../model/blueprint.ts";
import type { Json } from "../model/json.ts";
import { ConflictError } from "../runtime/errors.ts";
import type { BlueprintRow, BlueprintStore } from "../store/blueprint-store.ts";
import type { WriteOrigin } from "../store/entity-store.ts";
import { assertCompatible, concernsEntities } from "./blueprint-changes.ts";
import { CatalogError } from "./catalog-error.ts";
import { parseBlueprint } from "./parse-blueprint.ts";
import { PropertyValidator } from "./property-validator.ts";

/** A blueprint as stored, with what is needed to write its entities. */
export interface LoadedBlueprint extends Omit<BlueprintRow, "identifier" | "document"> {
  readonly blueprint: Blueprint;
  readonly validator: PropertyValidator;
}

/** All blueprints, in memory: they are few, and every write needs them. They change one at a time. */
export class BlueprintRegistry {
  readonly #store: BlueprintStore;
  readonly #jq: JqEngine;
  readonly #byIdentifier = new Map<string, LoadedBlueprint>();
  readonly #byId = new Map<number, LoadedBlueprint>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(store: BlueprintStore, jq: JqEngine) {
    this.#store = store;
    this.#jq = jq;
  }

  static async open(store: BlueprintStore, jq: JqEngine): Promise<BlueprintRegistry> {
    const registry = new BlueprintRegistry(store, jq);
    for (const row of await store.list()) registry.#remember(row);
    return registry;
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
      return this.#put(blueprint, undefined, origin);
    });
  }

  /** `toDocument` makes the whole new blueprint from the one there is; the identifier stays. */
  change(
    identifier: string,
    toDocument: (blueprint: Blueprint) => unknown,
    origin: WriteOrigin,
  ): Promise<LoadedBlueprint> {
    return this.#inTurn(async () => {
      const before = this.get(identifier);
      const blueprint = parseBlueprint(toDocument(before.blueprint));
      if (blueprint.identifier !== identifier) {
        throw new CatalogError("invalid_request", `The identifier of the blueprint "${identifier}" cannot be changed`);
      }
      assertCompatible(before.blueprint, blueprint);
      return this.#put(blueprint, before, origin);
    });
  }

  /** All entities fit this version of the blueprint. */
  async settle({ blueprint, version }: LoadedBlueprint): Promise<void> {
    await this.#store.settle(blueprint.identifier, version);
  }

  remove(identifier: string, origin: WriteOrigin): Promise<void> {
    return this.#inTurn(async () => {
      const { version, id } = this.get(identifier);
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
        await this.#store.remove(identifier, version, origin);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        throw new CatalogError("has_dependents", `${error.message} (has_dependents)`);
      }
      this.#byIdentifier.delete(identifier);
      this.#byId.delete(id);
    });
  }

  async #put(blueprint: Blueprint, before: LoadedBlueprint | undefined, origin: WriteOrigin): Promise<LoadedBlueprint> {
    void new PropertyValidator(blueprint); // throws when a schema is not usable
    this.#assertTargets(blueprint);
    await this.#assertCalculations(blueprint);
    const row = {
      identifier: blueprint.identifier,
      document: blueprint as unknown as Json, // it came from JSON
      hasOldEntities: before !== undefined && concernsEntities(before.blueprint, blueprint),
      expectedVersion: before?.version ?? null,
    };
    return this.#remember(await this.#store.put(row, origin));
  }

  #assertTargets(blueprint: Blueprint): void {
    for (const [name, { target }] of Object.entries(blueprint.relations)) {
      if (target !== blueprint.identifier && !this.#byIdentifier.has(target)) {
        throw new CatalogError(
          "not_found",
          `The blueprint "${target}", target of the relation "${name}", was not found: create it first`,
        );
      }
    }
  }

  async #assertCalculations(blueprint: Blueprint): Promise<void> {
    for (const [name, { calculation }] of Object.entries(blueprint.calculationProperties)) {
      const problem = await this.#jq.check(calculation);
      if (problem !== undefined) {
        throw new CatalogError(
          "invalid_request",
          `"calculationProperties/${name}/calculation" is not valid jq: ${problem.message} (line ${problem.line}, column ${problem.column})`,
        );
      }
    }
  }

  #remember({ identifier, document, ...row }: BlueprintRow): LoadedBlueprint {
    const blueprint = document as unknown as Blueprint; // stored by #put alone
    const loaded = { ...row, blueprint, validator: new PropertyValidator(blueprint) };
    this.#byIdentifier.set(identifier, loaded);
    this.#byId.set(row.id, loaded);
    return loaded;
  }

  /** What a change is checked against must not change before it is stored. */
  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined); // its caller hears of it
    return done;
  }
}
