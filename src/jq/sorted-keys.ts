import { compareStrings, hasSurrogates } from "./code-points.ts";
import { spendSteps } from "./jq-budget.ts";

/** The keys of an object as they stood, and in order. */
interface Sorting {
  readonly keys: readonly string[];
  readonly sorted: readonly string[];
}

/** Fewer keys are sorted as quickly as they are compared; more of them, or longer ones, are not worth the memory. */
const REMEMBERED = { fewest: 8, most: 256, characters: 8192 };
/** More keys are sorted so that it can be interrupted. */
const MAX_KEYS_AT_ONCE = 10_000;

/** By number of keys, so that objects with and without an optional field do not drive each other out. */
const sortings = new Map<number, Sorting>();

/**
 * The keys of an object in the order of code points. Objects that are looked at one after the other, such as the fields of
 * issues, mostly have the same keys in the same order, which then need no second sorting.
 */
export function sortedKeys(object: object): readonly string[] {
  const keys = Object.keys(object);
  spendSteps(keys.length);
  if (keys.length > MAX_KEYS_AT_ONCE) return keys.sort(compareKeys);
  if (keys.length < REMEMBERED.fewest || keys.length > REMEMBERED.most) return sort(keys);
  const known = sortings.get(keys.length);
  if (known !== undefined && isSame(known.keys, keys)) return known.sorted;
  const sorted = sort([...keys]);
  if (keys.join("").length <= REMEMBERED.characters) sortings.set(keys.length, { keys, sorted });
  return sorted;
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

function sort(keys: string[]): readonly string[] {
  // Without surrogates JavaScript's own order, which is much faster, is that of code points.
  return hasSurrogates(keys.join("")) ? keys.sort(compareStrings) : keys.sort();
}

function compareKeys(left: string, right: string): number {
  spendSteps(1);
  return compareStrings(left, right);
}
