import type { JqEngine, JqValue } from "../jq/jq-engine.ts";
import type { CalculationProperty } from "../model/blueprint.ts";
import type { JsonObject } from "../model/json.ts";
import { toTimestamp } from "../runtime/clock.ts";
import type { EntityRow } from "../store/entity-store.ts";
import type { BlueprintRegistry, LoadedBlueprint } from "./blueprint-registry.ts";

/** An entity as far as it shows to the outside. */
export type EntityState = Pick<
  EntityRow,
  | "blueprintId"
  | "identifier"
  | "title"
  | "icon"
  | "team"
  | "properties"
  | "relations"
  | "createdAtMs"
  | "createdBy"
  | "updatedAtMs"
  | "updatedBy"
>;

/**
 * Calculated properties of each entity, one pass per blueprint. An error, and a value that is not of the property's
 * type, count as no value.
 */
export async function calculate(
  entities: readonly EntityState[],
  { registry, jq }: { readonly registry: BlueprintRegistry; readonly jq: JqEngine },
): Promise<readonly JsonObject[]> {
  const results: JsonObject[] = entities.map(() => ({}));
  for (const [blueprintId, members] of Map.groupBy(entities.entries(), ([, entity]) => entity.blueprintId)) {
    const loaded = registry.getById(blueprintId);
    const calculations = Object.entries(loaded.blueprint.calculationProperties);
    if (calculations.length === 0) continue;
    const { values } = await jq.evaluatePage(
      calculations.map(([, { calculation }]) => calculation),
      members.map(([, entity]) => toInput(entity, loaded)),
    );
    for (const [item, [index]] of members.entries()) {
      results[index] = Object.fromEntries(
        calculations.flatMap(([name, property], program) => {
          const value = values[program]?.[item];
          return value !== undefined && hasType(value, property.type) ? [[name, value]] : [];
        }),
      );
    }
  }
  return results;
}

/** What a calculation sees: the entity as it is read, every property but the calculated ones present. */
function toInput(entity: EntityState, { blueprint }: LoadedBlueprint): JqValue {
  const { identifier, title, icon, team, relations, createdBy, updatedBy } = entity;
  const { schema, mirrorProperties, aggregationProperties } = blueprint;
  return {
    identifier,
    title,
    icon,
    team,
    blueprint: blueprint.identifier,
    properties: withAllKeys(
      entity.properties,
      [schema.properties, mirrorProperties, aggregationProperties].flatMap(Object.keys),
    ),
    relations,
    createdBy,
    updatedBy,
    createdAt: toTimestamp(entity.createdAtMs),
    updatedAt: toTimestamp(entity.updatedAtMs),
  };
}

/** Null where there is nothing. */
export function withAllKeys(values: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
}

function hasType(value: JqValue, type: CalculationProperty["type"]): boolean {
  if (value === null) return false;
  if (Array.isArray(value)) return type === "array";
  return typeof value === type;
}
