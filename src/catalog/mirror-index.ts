import type { Blueprint, Relation } from "../model/blueprint.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";

export interface PathStep {
  readonly relation: string;
  readonly isMany: boolean;
  /** The blueprint that the relation leads to. */
  readonly blueprintId: number;
  readonly blueprint: Blueprint;
}

/** A mirror property whose path leads somewhere. */
export interface Mirror {
  readonly name: string;
  readonly steps: readonly PathStep[];
  /** Of the entities at the end. */
  readonly property: string;
}

/** Relations to walk against their direction, from an entity that a mirror looks at to those that have the mirror. */
export type MirrorChain = readonly { readonly relation: string; readonly fromBlueprintId: number }[];

export type FindBlueprint = (identifier: string) => Pick<LoadedBlueprint, "id" | "blueprint"> | undefined;

/** Which blueprints mirror what of which others, as all of them are at one time. */
export class MirrorIndex {
  readonly #mirrors = new Map<number, readonly Mirror[]>();
  readonly #chains = new Map<number, Map<string, MirrorChain>>();

  constructor(blueprints: readonly LoadedBlueprint[], find: FindBlueprint) {
    for (const { id, blueprint } of blueprints) {
      const mirrors = Object.entries(blueprint.mirrorProperties).flatMap(
        ([name, { path }]) => toMirror(name, path, blueprint, find) ?? [],
      );
      if (mirrors.length > 0) this.#mirrors.set(id, mirrors);
      for (const { steps } of mirrors) this.#addChains(id, steps);
    }
  }

  get isEmpty(): boolean {
    return this.#mirrors.size === 0;
  }

  mirrorsOf(blueprintId: number): readonly Mirror[] {
    return this.#mirrors.get(blueprintId) ?? [];
  }

  /** The ways on which a change of an entity of this blueprint can reach the mirrors of others. */
  chainsFrom(blueprintId: number): Iterable<MirrorChain> {
    return this.#chains.get(blueprintId)?.values() ?? [];
  }

  #addChains(id: number, steps: readonly PathStep[]): void {
    let chain: MirrorChain = [];
    let fromBlueprintId = id;
    for (const { relation, blueprintId } of steps) {
      chain = [{ relation, fromBlueprintId }, ...chain];
      const known = this.#chains.get(blueprintId) ?? new Map<string, MirrorChain>();
      this.#chains.set(blueprintId, known.set(JSON.stringify(chain), chain));
      fromBlueprintId = blueprintId;
    }
  }
}

/** Undefined when a relation of the path does not exist (any more). */
export function toMirror(name: string, path: string, blueprint: Blueprint, find: FindBlueprint): Mirror | undefined {
  const parts = path.split(".");
  const property = parts.pop() ?? "";
  const steps = toSteps(parts, blueprint, find);
  return steps && { name, steps, property };
}

/** The blueprints along a path of relations; undefined when one of them does not exist. */
export function toSteps(
  relations: readonly string[],
  from: Blueprint,
  find: FindBlueprint,
): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  let here: Blueprint | undefined = from;
  for (const relation of relations) {
    const definition: Relation | undefined =
      here !== undefined && Object.hasOwn(here.relations, relation) ? here.relations[relation] : undefined;
    const target: ReturnType<FindBlueprint> = definition && find(definition.target);
    if (definition === undefined || target === undefined) return undefined;
    here = target.blueprint;
    steps.push({ relation, isMany: definition.many, blueprintId: target.id, blueprint: here });
  }
  return steps;
}
