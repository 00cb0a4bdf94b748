import type { JqEngine, JqValue } from "../jq/jq-engine.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { CalculationProperty } from "../model/blueprint.ts";
import type { Relations } from "../store/entity-store.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";

interface Calculable {
  readonly loaded: LoadedBlueprint;
  readonly identifier: string;
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  readonly properties: JsonObject;
  readonly relations: Relations;
}

/**
 * Calculated properties of each entity, one pass per blueprint. An error, and a value that is not of the property's
 * type, count as no value.
 */
export async function calculate(entities: readonly Calculable[], jq: JqEngine): Promise<readonly JsonObject[]> {
  const results: JsonObject[] = entities.map(() => ({}));
  const groups = Map.groupBy(entities.entries(), ([, entity]) => entity.loaded);
  for (const [{ blueprint }, members] of groups) {
    const calculations = Object.entries(blueprint.calculationProperties);
    if (calculations.length === 0) continue;
    const inputs = members.map(([, entity]) => toInput(entity));
    const { values } = await jq.evaluatePage(
      calculations.map(([, { calculation }]) => calculation),
      inputs,
    );
    for (const [item, [index]] of members.entries()) {
      results[index] = Object.fromEntries(
        calculations.flatMap(([name, property], program) => {
          const value = values[program]?.[item];
          return value !== undefined && hasType(value, property.type) ? [[name, value as Json]] : [];
        }),
      );
    }
  }
  return results;
}

/** What a calculation sees: the entity as it is read, every property present. */
function toInput({ loaded, identifier, title, icon, team, properties, relations }: Calculable): JqValue {
  const all = Object.fromEntries(
    Object.keys(loaded.blueprint.schema.properties).map((name) => [name, properties[name] ?? null]),
  );
  return { identifier, title, icon, team, blueprint: loaded.blueprint.identifier, properties: all, relations };
}

function hasType(value: JqValue, type: CalculationProperty["type"]): boolean {
  if (value === null) return false;
  if (Array.isArray(value)) return type === "array";
  return typeof value === type;
}
