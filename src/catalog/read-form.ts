import type { Entity } from "../model/entity.ts";
import { own } from "../model/json.ts";
import { toTimestamp } from "../runtime/clock.ts";
import { aggregate, type AggregationServices } from "./aggregate.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";
import { withAllKeys, type EntityState } from "./calculate.ts";
import { computeValues } from "./compute-values.ts";
import { withInheritedTeams } from "./ownership.ts";
import type { PlanServices } from "./plan-entities.ts";

export interface ReadOptions {
  /** Leaves out what is mirrored, calculated and aggregated, and does none of the work for it. */
  readonly excludesComputed?: boolean;
}

/**
 * Entities as Port's API shows them: every property and relation of the blueprint is present. What is computed is
 * computed now, so that a calculation which looks at the time is right.
 */
export async function toEntities(
  stored: readonly EntityState[],
  services: AggregationServices & Pick<PlanServices, "jq">,
  { excludesComputed = false }: ReadOptions = {},
): Promise<readonly Entity[]> {
  const states = await withInheritedTeams(stored, services);
  if (excludesComputed) {
    return states.map((state) => {
      const loaded = services.registry.getById(state.blueprintId);
      return toEntity(state, loaded, Object.keys(loaded.blueprint.schema.properties));
    });
  }
  const computed = await computeValues(states, services, await aggregate(states, services));
  return states.map((state, index) => {
    const loaded = services.registry.getById(state.blueprintId);
    const { schema, mirrorProperties, calculationProperties, aggregationProperties } = loaded.blueprint;
    const parts = [schema.properties, mirrorProperties, calculationProperties, aggregationProperties];
    const properties = { ...state.properties, ...computed[index] };
    return toEntity({ ...state, properties }, loaded, parts.flatMap(Object.keys));
  });
}

function toEntity(state: EntityState, { blueprint }: LoadedBlueprint, keys: readonly string[]): Entity {
  const { identifier, title, icon, team, relations, createdBy, updatedBy } = state;
  return {
    identifier,
    title,
    icon,
    blueprint: blueprint.identifier,
    team,
    properties: withAllKeys(state.properties, keys),
    relations: Object.fromEntries(
      Object.entries(blueprint.relations).map(([name, { many }]) => [name, own(relations, name) ?? (many ? [] : null)]),
    ),
    createdAt: toTimestamp(state.createdAtMs),
    createdBy,
    updatedAt: toTimestamp(state.updatedAtMs),
    updatedBy,
  };
}
