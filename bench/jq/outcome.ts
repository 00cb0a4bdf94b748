import type { JqValue } from "../../src/jq/jq-engine.ts";

/**
 * What a program gives for one input: all outputs, and whether it ended in an error. `none` says why there is no answer:
 * real jq refused the program or broke down, our engine left it to the fall-back or hit a limit.
 */
export type Outcome =
  | { readonly outputs: readonly JqValue[]; readonly failed: boolean }
  | { readonly none: "refused" | "not covered" | "limit" | "broken"; readonly reason?: string };

/** A program and the inputs it is run on. */
export interface Case {
  readonly program: string;
  readonly inputs: readonly JqValue[];
}

const FAILED = "error";

/**
 * Collects all outputs and then the error, if there is one: `[[output], ..., "error"]`. The line break ends a comment of
 * the program.
 */
export function toCollectingProgram(program: string): string {
  return `[try ((${program}\n) | [.]) catch "${FAILED}"]`;
}

export function toOutcome(collected: JqValue): Outcome {
  const items = collected as readonly (readonly [JqValue] | typeof FAILED)[]; // the shape is that of toCollectingProgram
  return {
    outputs: items.filter((item) => item !== FAILED).map(([output]) => output),
    failed: items.at(-1) === FAILED,
  };
}

/** One text per value, as jq prints it: no NaN, the largest number for infinity, -0 told from 0, keys in their order. */
export function toCanonicalText(value: JqValue): string {
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "null";
    if (Object.is(value, -0)) return "-0";
    return String(Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE));
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(toCanonicalText).join(",")}]`;
  return `{${Object.entries(value)
    .map(([key, child]) => `${JSON.stringify(key)}:${toCanonicalText(child)}`)
    .join(",")}}`;
}

export function describeOutcome(outcome: Outcome): string {
  if ("none" in outcome) return `(${outcome.none}${outcome.reason === undefined ? "" : `: ${outcome.reason}`})`;
  return [...outcome.outputs.map(toCanonicalText), ...(outcome.failed ? ["(error)"] : [])].join(" ") || "(empty)";
}

function isList(value: object): value is readonly JqValue[] {
  return Array.isArray(value);
}
