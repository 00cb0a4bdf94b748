import type { Entity } from "../model/entity.ts";
import { toTimestamp } from "../runtime/clock.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";
import { calculate, withAllKeys, type EntityState } from "./calculate.ts";
import type { PlanServices } from "./plan-entities.ts";

/**
 * Entities as Port's API shows them: every property and relation of the blueprint is present. Calculated properties are
 * evaluated now, so that those which look at the time are right.
 */
export async function toEntities(
  states: readonly EntityState[],
  services: Pick<PlanServices, "registry" | "jq">,
): Promise<readonly Entity[]> {
  const calculated = await calculate(states, services);
  return states.map((state, index) => {
    const loaded = services.registry.getById(state.blueprintId);
    return toEntity({ ...state, properties: { ...state.properties, ...calculated[index] } }, loaded);
  });
}

function toEntity(state: EntityState, { blueprint }: LoadedBlueprint): Entity {
  const { identifier, title, icon, team, relations, createdBy, updatedBy } = state;
  const keys = [...Object.keys(blueprint.schema.properties), ...Object.keys(blueprint.calculationProperties)];
  return {
    identifier,
    title,
    icon,
    blueprint: blueprint.identifier,
    team,
    properties: withAllKeys(state.properties, keys),
    relations: Object.fromEntries(
      Object.entries(blueprint.relations).map(([name, { many }]) => [name, relations[name] ?? (many ? [] : null)]),
    ),
    createdAt: toTimestamp(state.createdAtMs),
    createdBy,
    updatedAt: toTimestamp(state.updatedAtMs),
    updatedBy,
  };
}
