import type { JqValue } from "../../src/jq/jq-engine.ts";
import { describeOutcome, type Outcome } from "./outcome.ts";

/** What the engine under test did otherwise than real jq, and by which of its doors. */
export interface Difference {
  readonly class: string;
  readonly door: "all outputs" | "first output" | "outputs and error" | "printed program";
  readonly seed: number;
  readonly index: number;
  readonly program: string;
  readonly input: JqValue;
  readonly expected: Outcome;
  readonly actual: Outcome;
}

type Found = Omit<Difference, "class">;

/** Differences that docs/jq.md names, most specific first; what no row explains is a bug. */
const CLASSES: readonly { readonly name: string; readonly explains: (found: Found) => boolean }[] = [
  { name: "limit", explains: ({ actual }) => "none" in actual && actual.none === "limit" },
  { name: "negative zero", explains: (found) => isSameAfter(found, (text) => text.replaceAll(/-0(?![.\d])/g, "0")) },
  { name: "spelling of a number", explains: (found) => isSameAfter(found, (text) => replaceNumbers(text, String)) },
  {
    name: "last digits",
    explains: (found) => isSameAfter(found, (text) => replaceNumbers(text, (number) => number.toPrecision(12))),
  },
  {
    name: "sorting by not a number",
    explains: (found) =>
      /sort|group_by|unique/.test(found.program) && mayHoldNaN(found) && isSameAfter(found, sortParts),
  },
  { name: "order of keys", explains: (found) => mayHoldIndexKeys(found) && isSameAfter(found, sortParts) },
  {
    name: "keys that are calculated when compiled",
    explains: ({ expected, actual, program }) =>
      "none" in expected && expected.none === "refused" && !("none" in actual) && /\{.*\(.*\)\s*:/s.test(program),
  },
];

/** What the comparison does not see, because it looks neither at messages nor at what JSON cannot hold. */
const NOT_COMPARED = ["error texts", "time zone", "not a number, infinity"] as const;

/** The names of all differences there are, as docs/jq.md has them. */
export const DIFFERENCES: readonly string[] = [...CLASSES.map(({ name }) => name), ...NOT_COMPARED];

/** The class of what is a bug. */
export const UNNAMED = "unnamed";

export function classify(found: Found): string {
  return CLASSES.find(({ explains }) => explains(found))?.name ?? UNNAMED;
}

function isSameAfter({ expected, actual }: Found, blur: (text: string) => string): boolean {
  return blur(describeOutcome(expected)) === blur(describeOutcome(actual));
}

function replaceNumbers(text: string, write: (number: number) => string): string {
  return text.replaceAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, (digits) => write(Number(digits)));
}

/** The names and values of an outcome without their order, those of JSON in strings included. */
function sortParts(text: string): string {
  const parts = text.replaceAll("\\", "").match(/"[^"]*"|[^\s",:[\]{}]+/g) ?? [];
  return parts.sort().join(" ");
}

function mayHoldNaN({ program, input }: Found): boolean {
  return /nan|infinite/i.test(program + JSON.stringify(input));
}

/** Whether an object could have a key that is written like an index. */
function mayHoldIndexKeys({ program, input }: Found): boolean {
  return /INDEX|tostring|tojson|@|\\\(|"\d/.test(program + JSON.stringify(input));
}
