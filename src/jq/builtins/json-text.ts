import { spendMemory } from "../jq-budget.ts";
import type { JqValue } from "../jq-engine.ts";
import { JqUnsupportedError } from "../jq-errors.ts";
import { fail } from "../jq-value.ts";

/** More than most texts take, but JavaScript cannot be interrupted while it reads one: 2 Mi characters are the most. */
const BYTES_PER_CHARACTER = 32;

/**
 * `fromjson`: JSON as JavaScript reads it, which covers all of it. The texts that only jq accepts (NaN, leading zeros),
 * and its message for the others, are left to real jq.
 */
export function parseJsonText(text: string): JqValue {
  if (text.trim() === "") return fail(`Expected JSON value (while parsing '${text}')`);
  if (/\\u[dD][89a-fA-F]/.test(text) && !isPaired(text))
    throw new JqUnsupportedError("half of a surrogate pair in a JSON text");
  spendMemory(BYTES_PER_CHARACTER * text.length);
  try {
    return JSON.parse(text) as JqValue; // JSON.parse makes nothing else
  } catch {
    throw new JqUnsupportedError("fromjson of a text that is not strict JSON");
  }
}

function isPaired(text: string): boolean {
  return !/\\u[dD][89a-fA-F]/.test(text.replaceAll(/\\u[dD][89abAB]..\\u[dD][c-fC-F]../g, ""));
}
