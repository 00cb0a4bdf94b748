import type { EntityKey } from "../model/entity.ts";

/** Identifiers by blueprint, each once. */
export function groupByBlueprint(keys: readonly EntityKey[]): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(keys, (key) => key.blueprint);
  return new Map(
    [...groups].map(([blueprint, group]) => [blueprint, [...new Set(group.map((key) => key.identifier))]]),
  );
}
