import type { JqBudget } from "./jq-budget.ts";
import { copyObject, getField, writeField, type JqObject } from "./jq-value.ts";

/** JavaScript copies objects with more keys slowly, and cannot be interrupted while it does. */
export const MANY_KEYS = 1000;

/** A copy that is paid for by its size. */
export function copyCharged(object: JqObject, budget: JqBudget): { [key: string]: JqObject[string] } {
  const keys = Object.keys(object);
  chargeCopy(keys.length, budget);
  if (keys.length <= MANY_KEYS) return copyObject(object);
  const copy: { [key: string]: JqObject[string] } = {};
  for (const key of keys) {
    budget.step();
    writeField(copy, key, getField(object, key));
  }
  return copy;
}

/** For a copy of so many keys. */
export function chargeCopy(keys: number, budget: JqBudget): void {
  budget.steps(keys >> 2);
  budget.allocate(16 * keys + 32);
}
