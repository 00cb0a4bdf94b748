import type { Blueprint } from "../model/blueprint.ts";
import type { EntityKey } from "../model/entity.ts";
import { own } from "../model/json.ts";
import type { Edge, Relations, WaitingEdge } from "../store/entity-store.ts";
import type { BlueprintRegistry, LoadedBlueprint } from "./blueprint-registry.ts";

/** A relation that is not named has no target. */
export function hasSameTargets(a: Relations, b: Relations): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => {
    const targets = toTargetList(own(b, name));
    const others = toTargetList(own(a, name));
    return targets.length === others.length && targets.every((target, index) => target === others[index]);
  });
}

export function toTargetList(value: Relations[string] | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "string" ? [value] : value;
}

/** The relations without these targets. */
export function withoutTargets(relations: Relations, gone: readonly Pick<Edge, "relation" | "target">[]): Relations {
  return Object.fromEntries(
    Object.entries(relations).map(([name, value]) => {
      const lost = new Set(gone.flatMap((edge) => (edge.relation === name ? [edge.target] : [])));
      if (typeof value === "string") return [name, lost.has(value) ? null : value];
      return [name, value === null ? null : value.filter((target) => !lost.has(target))];
    }),
  );
}

/** The relations of an entity after one that they may point at got another identifier. */
export function withRenamedTarget(
  relations: Relations,
  { relations: definitions }: Blueprint,
  key: EntityKey,
  identifier: string,
): Relations {
  const follow = (target: string): string => (target === key.identifier ? identifier : target);
  return Object.fromEntries(
    Object.entries(relations).map(([name, value]) => {
      if (value === null || definitions[name]?.target !== key.blueprint) return [name, value];
      return [name, typeof value === "string" ? follow(value) : value.map(follow)];
    }),
  );
}

/** One edge per target, with its place among the targets of its relation. */
export function toEdges(
  wanted: Relations,
  { blueprint }: LoadedBlueprint,
  registry: BlueprintRegistry,
): readonly WaitingEdge[] {
  const edges: WaitingEdge[] = [];
  for (const [relation, value] of Object.entries(wanted)) {
    const targets = toTargetList(value);
    if (targets.length === 0) continue;
    const targetBlueprintId = registry.get(blueprint.relations[relation]?.target ?? "").id;
    for (const [position, target] of targets.entries()) edges.push({ relation, targetBlueprintId, target, position });
  }
  return edges;
}
