import type { JqEngine } from "../jq/jq-engine.ts";
import type { Blueprint } from "../model/blueprint.ts";
import type { Json } from "../model/json.ts";
import type { BlueprintRow, BlueprintStore } from "../store/blueprint-store.ts";
import type { WriteOrigin } from "../store/entity-store.ts";
import { CatalogError } from "./catalog-error.ts";
import { parseBlueprint } from "./parse-blueprint.ts";
import { assertSchemaUsable, PropertyValidator } from "./property-validator.ts";

/** A blueprint as stored, with what is needed to write its entities. */
export interface LoadedBlueprint {
  readonly id: number;
  readonly version: number;
  readonly blueprint: Blueprint;
  readonly validator: PropertyValidator;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

/** All blueprints, in memory: they are few, and every write needs them. */
export class BlueprintRegistry {
  readonly #store: BlueprintStore;
  readonly #jq: JqEngine;
  readonly #byIdentifier = new Map<string, LoadedBlueprint>();
  readonly #byId = new Map<number, LoadedBlueprint>();

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

  async create(document: unknown, origin: WriteOrigin): Promise<LoadedBlueprint> {
    const blueprint = parseBlueprint(document);
    if (this.#byIdentifier.has(blueprint.identifier)) {
      throw new CatalogError("identifier_taken", `A blueprint "${blueprint.identifier}" exists already`);
    }
    return this.#put(blueprint, null, origin);
  }

  /** `document` is the whole blueprint; its identifier stays. */
  async replace(identifier: string, document: unknown, origin: WriteOrigin): Promise<LoadedBlueprint> {
    const blueprint = parseBlueprint(document);
    if (blueprint.identifier !== identifier) {
      throw new CatalogError("invalid_request", `The identifier of the blueprint "${identifier}" cannot be changed`);
    }
    return this.#put(blueprint, this.get(identifier).version, origin);
  }

  async remove(identifier: string, origin: WriteOrigin): Promise<void> {
    const { version, id } = this.get(identifier);
    const referrer = this.list().find(
      (other) =>
        other.blueprint.identifier !== identifier &&
        Object.values(other.blueprint.relations).some((relation) => relation.target === identifier),
    );
    if (referrer !== undefined) {
      throw new CatalogError(
        "has_dependents",
        `The blueprint "${identifier}" is the target of a relation of "${referrer.blueprint.identifier}"`,
      );
    }
    await this.#store.remove(identifier, version, origin);
    this.#byIdentifier.delete(identifier);
    this.#byId.delete(id);
  }

  async #put(blueprint: Blueprint, expectedVersion: number | null, origin: WriteOrigin): Promise<LoadedBlueprint> {
    assertSchemaUsable(blueprint);
    this.#assertTargets(blueprint);
    await this.#assertCalculations(blueprint);
    const document = blueprint as unknown as Json; // it came from JSON
    return this.#remember(
      await this.#store.put({ identifier: blueprint.identifier, document, expectedVersion }, origin),
    );
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

  #remember(row: BlueprintRow): LoadedBlueprint {
    const blueprint = row.document as unknown as Blueprint; // stored by #put alone
    const { id, version, createdAtMs, createdBy, updatedAtMs, updatedBy } = row;
    const validator = new PropertyValidator(blueprint);
    const loaded = { id, version, blueprint, validator, createdAtMs, createdBy, updatedAtMs, updatedBy };
    this.#byIdentifier.set(blueprint.identifier, loaded);
    this.#byId.set(id, loaded);
    return loaded;
  }
}
