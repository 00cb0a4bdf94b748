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

/** What ends its argument early, which jq does with a break. */
const BREAKING = /\b(?:label|first|limit|nth|skip|until|any|all|isempty|IN|range)\b|\|=|\/\/=|[-+*/%]=/;

/** Differences that docs/jq.md names, most specific first; what no row explains is a bug. */
const CLASSES: readonly { readonly name: string; readonly explains: (found: Found) => boolean }[] = [
  { name: "limit", explains: ({ actual }) => "none" in actual && actual.none === "limit" },
  { name: "negative zero", explains: (found) => isSameAfter(found, (text) => text.replaceAll(/-0(?![.\d])/g, "0")) },
  { name: "spelling of a number", explains: (found) => isSameAfter(found, (text) => replaceNumbers(text, String)) },
  {
    name: "last digits",
    explains: (found) => isSameAfter(found, (text) => replaceNumbers(text, (number) => number.toPrecision(12))),
  },
  // In real jq a break is an error that `?//` catches: it goes on with the next pattern.
  { name: "break through ?//", explains: ({ program }) => program.includes("?//") && BREAKING.test(program) },
  // In real jq the first start uses up the input, so the source of the second one finds null.
  { name: "several starts of reduce", explains: (found) => found.program.includes("reduce") && endsSooner(found) },
];

export const UNEXPLAINED = "unexplained";

export function classify(found: Found): string {
  return CLASSES.find(({ explains }) => explains(found))?.name ?? UNEXPLAINED;
}

/** Whether real jq gave the first of our outputs and then an error. */
function endsSooner({ expected, actual }: Found): boolean {
  if ("none" in expected || "none" in actual || !expected.failed || actual.failed) return false;
  return describeOutcome(actual).startsWith(describeOutcome({ ...expected, failed: false }));
}

function isSameAfter({ expected, actual }: Found, blur: (text: string) => string): boolean {
  return blur(describeOutcome(expected)) === blur(describeOutcome(actual));
}

function replaceNumbers(text: string, write: (number: number) => string): string {
  return text.replaceAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, (digits) => write(Number(digits)));
}
