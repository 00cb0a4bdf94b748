import { loadJq } from "jq-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { compileJq } from "./compile-jq.ts";
import { JqError, JqSyntaxError } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import { toJson } from "./jq-value.ts";
import { printJq } from "./print-jq.ts";
import { parseJq } from "./parse-jq.ts";
import { COLLECTIONS } from "./scenarios/collections.fixture.ts";
import { CORNERS } from "./scenarios/corners.fixture.ts";
import { CONTROL } from "./scenarios/control.fixture.ts";
import { DATES } from "./scenarios/dates.fixture.ts";
import { MATH } from "./scenarios/math.fixture.ts";
import { OPERATORS } from "./scenarios/operators.fixture.ts";
import { PATHS } from "./scenarios/paths.fixture.ts";
import { REGEX } from "./scenarios/regex.fixture.ts";
import { SPECIAL_FORMS } from "./scenarios/special-forms.fixture.ts";
import { STRINGS } from "./scenarios/strings.fixture.ts";

const SUBJECTS = {
  corners: CORNERS,
  "special forms": SPECIAL_FORMS,
  paths: PATHS,
  collections: COLLECTIONS,
  strings: STRINGS,
  regex: REGEX,
  dates: DATES,
  math: MATH,
  operators: OPERATORS,
  control: CONTROL,
};

/** All outputs, or the value of the error. */
type Outcome = { readonly v: readonly JqValue[] } | { readonly e: JqValue };

function askOurs(program: string, input: string): Outcome {
  try {
    // What NaN and infinity are in JSON is a matter of the text, so both sides go through it.
    return {
      v: compileJq(program)
        .all(deepFreeze(JSON.parse(input) as JqValue))
        .map(toPlain),
    };
  } catch (error) {
    if (error instanceof JqError) return { e: toPlain(error.value) };
    throw error;
  }
}

function toPlain(value: JqValue): JqValue {
  return JSON.parse(toJson(value)) as JqValue;
}

/** An engine that changes its input fails at once. */
function deepFreeze(value: JqValue): JqValue {
  if (typeof value === "object" && value !== null) for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}

let jq: Awaited<ReturnType<typeof loadJq>>;
beforeAll(async () => {
  jq = await loadJq();
});

function askRealJq(program: string, input: string): Outcome {
  const { stdout, stderr } = jq.raw(input, `try {v: [(\n${program}\n)]} catch {e: .}`, ["-c", "--"]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Outcome;
}

describe.each(Object.entries(SUBJECTS))("%s", (_, scenarios) => {
  test.each(scenarios)("%s of %s", (program, input) => {
    const outcome = askRealJq(program, input);
    expect(askOurs(program, input)).toEqual(outcome);
    expect(askOurs(printJq(parseJq(program)), input)).toEqual(outcome);
  });
});

test.each(["{(1): 2}", "{a: {([]): 1}}", "try {(null): 1} catch 1", "{([1, 2]): 3}?", ". as {(1): $x} | $x"])(
  "%s is refused when it is compiled",
  (program) => {
    expect(jq.raw("null", program, ["-c", "--"]).exitCode).toBe(3);
    expect(() => compileJq(program)).toThrow(JqSyntaxError);
  },
);

test("a difference would be seen", () => {
  expect(askRealJq(".[1:]", '"a😀b"')).not.toEqual({ v: ["😀b".slice(1)] });
});
