import type { JqEngine, JqValue } from "../jq/jq-engine.ts";
import type { CalculationProperty } from "../model/blueprint.ts";
import { own, type JsonObject } from "../model/json.ts";
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
    const programs = calculations.map(([, { calculation }]) => calculation);
    const values = await evaluate(
      programs,
      members.map(([, entity]) => toInput(entity, loaded)),
      jq,
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

/** Of the first entities, before those that come in ever larger parts. */
const FIRST_PART = 8;
/** A program that has run into a limit so often is not tried on the entities after: each time may take all that it may. */
const MAX_LIMITS = 8;

/** `values[program][item]`; undefined where there is none. */
async function evaluate(
  programs: readonly string[],
  inputs: readonly JqValue[],
  jq: JqEngine,
): Promise<readonly (readonly (JqValue | undefined)[])[]> {
  const all: (JqValue | undefined)[][] = programs.map(() => []);
  const limits = programs.map(() => 0);
  for (let start = 0, size = FIRST_PART; start < inputs.length; start += size, size *= 2) {
    const tried = [...programs.keys()].filter((program) => (limits[program] ?? 0) < MAX_LIMITS);
    const part = inputs.slice(start, start + size);
    const { values, problems } = await jq.evaluatePage(
      tried.map((program) => programs[program] ?? ""),
      part,
    );
    for (const [row, program] of tried.entries()) {
      for (const [item, value] of (values[row] ?? []).entries()) {
        const column = all[program];
        if (column !== undefined) column[start + item] = value;
      }
    }
    for (const { program, limit } of problems) {
      const index = tried[program] ?? -1;
      if (limit !== undefined) limits[index] = (limits[index] ?? 0) + 1;
    }
  }
  return all;
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
  return Object.fromEntries(keys.map((key) => [key, own(values, key) ?? null]));
}

function hasType(value: JqValue, type: CalculationProperty["type"]): boolean {
  if (value === null) return false;
  if (Array.isArray(value)) return type === "array";
  return typeof value === type;
}
