import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JqSyntaxError } from "./jq-errors.ts";
import { parseJq } from "./parse-jq.ts";
import { printJq } from "./print-jq.ts";
import { COLLECTIONS } from "./scenarios/collections.fixture.ts";
import { CONTROL } from "./scenarios/control.fixture.ts";
import { OPERATORS } from "./scenarios/operators.fixture.ts";
import { PATHS } from "./scenarios/paths.fixture.ts";

const PROGRAMS = [...OPERATORS, ...CONTROL, ...PATHS, ...COLLECTIONS].map(([program]) => program);

function withoutPositions(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === "at" ? undefined : value)));
}

describe("printing", () => {
  test.each([...new Set(PROGRAMS)])("%s gives the same tree again", (program) => {
    const tree = parseJq(program);
    expect(withoutPositions(parseJq(printJq(tree)))).toEqual(withoutPositions(tree));
  });

  test("programs put together from others keep their tree", () => {
    const program = fc.constantFrom(...PROGRAMS);
    const joined = fc
      .tuple(program, fc.constantFrom("|", ",", "//", "+", "*", "and", "==", "|="), program)
      .map(([left, operator, right]) => `(${left}\n) ${operator} (${right}\n)`);
    fc.assert(
      fc.property(joined, (text) => {
        const tree = parseJq(text);
        expect(withoutPositions(parseJq(printJq(tree)))).toEqual(withoutPositions(tree));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["1 + 2 * 3", "1 + 2 * 3"],
    ["(1 + 2) * 3", "(1 + 2) * 3"],
    ["1 - (2 - 3)", "1 - (2 - 3)"],
    ["(1 | 2), 3", "(1 | 2), 3"],
    ["-(1 + .a)", "-(1 + .a)"],
    ['.["a b"].c["d"]?', '."a b".c.d?'],
    ["{a, $b, (1|tostring): 2}", "{a: .a, b: $b, (1 | tostring): 2}"],
    ["if . then 1 elif .a then 2 end", "if . then 1 else if .a then 2 end end"],
    ['"a\\(1)b"', '"a\\(1)b"'],
    ["(.a as [$x, {$y: $z}] | $x) + 1", "(.a as [$x, {$y: $z}] | $x) + 1"],
    ["1e1000", "1e1000"],
    ["(1).a", "(1).a"],
    ["(..).a", "(..).a"],
  ])("%s is written %s", (program, printed) => {
    expect(printJq(parseJq(program))).toBe(printed);
  });
});

describe("mistakes", () => {
  test.each([
    ["", 1, 1, "the program is empty"],
    ["# only a comment", 1, 17, "the program is empty"],
    [".a +", 1, 5, "the program ends, expected an expression"],
    [".a |\n  foo(", 2, 7, "the program ends, expected an expression"],
    ["{a: 1 as $x | 2}", 1, 7, "unexpected as, expected an operator or , or }"],
    ["{1: 2}", 1, 2, "unexpected 1, expected a key"],
    ["1 == 1 == 1", 1, 8, "parentheses: == and == do not chain"],
    [". a", 1, 3, "unexpected a, expected an operator or the end of the program"],
    [".a . b", 1, 6, "a name right behind the dot"],
    [".a?//1", 1, 3, "write ? // with a space"],
    ["'a'", 1, 1, "' has no meaning here: strings stand between double quotes"],
    ['"abc', 1, 2, "the string is not closed"],
    ['"\\x"', 1, 2, "\\x is not an escape of a string"],
    ['"\\ud83d"', 1, 2, "half of a surrogate pair"],
    ['"\\(1;2)"', 1, 5, ") that closes \\("],
    ["def and: 1; 2", 1, 5, "the name of the function"],
    ["def f(1): 1; 2", 1, 7, "the name of a parameter"],
    [". as [] | 1", 1, 7, "a pattern: $name, [ or {"],
    [". as {1: $x} | 1", 1, 7, "a key"],
    ["label x | 1", 1, 7, "$name"],
    ["@base64 @base64 1", 1, 9, "unexpected @base64"],
    [".@base64 1", 1, 10, "a string"],
    ['import "a" as a; 1', 1, 1, "import is not available: a program stands alone"],
    ["a::b", 1, 1, "a::b is not available: there are no modules"],
    ["def a::b: 1; 2", 1, 1, "a::b is not available: there are no modules"],
    ["(".repeat(500), 1, 134, "the program is nested too deeply"],
  ])("%j at line %i, column %i: %s", (program, line, column, message) => {
    const error = captureError(program);
    expect(error).toMatchObject({ line, column, message: expect.stringContaining(message) as string });
  });

  test("say what could have stood there and count characters from the start", () => {
    expect(captureError("[1\n")).toMatchObject({ offset: 3, expected: ["]"] });
  });
});

function captureError(program: string): JqSyntaxError {
  try {
    parseJq(program);
  } catch (error) {
    if (error instanceof JqSyntaxError) return error;
  }
  throw new Error(`${program} was accepted`);
}
