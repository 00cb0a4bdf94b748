import type { JsonObject } from "../model/json.ts";
import { calculate, type EntityState } from "./calculate.ts";
import { mirror } from "./mirror.ts";
import type { PlanServices } from "./plan-entities.ts";

/**
 * Mirrored and calculated properties of each entity; a calculation sees what is mirrored, and what else is known about
 * the entity.
 */
export async function computeValues(
  states: readonly EntityState[],
  services: Pick<PlanServices, "registry" | "jq" | "entities">,
  known: readonly JsonObject[] = [],
): Promise<readonly JsonObject[]> {
  const mirrored = await mirror(states, services);
  const seen = states.map((state, index) => ({
    ...state,
    properties: { ...state.properties, ...mirrored[index], ...known[index] },
  }));
  const calculated = await calculate(seen, services);
  return mirrored.map((values, index) => ({ ...values, ...known[index], ...calculated[index] }));
}
