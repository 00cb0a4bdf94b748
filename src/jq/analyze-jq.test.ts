import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyzeJq } from "./analyze-jq.ts";
import { compileJq } from "./compile-jq.ts";
import type { JqValue } from "./jq-engine.ts";
import type { JqPath } from "./trace-reads.ts";

const pathsOf = (source: string): readonly JqPath[] | "all" => analyzeJq(source).paths;

test.each<[string, readonly JqPath[]]>([
  [".a", [["a"]]],
  [".a.b.c", [["a", "b", "c"]]],
  ['.["a"].b', [["a", "b"]]],
  [".a[0].b", [["a", 0, "b"]]],
  [".a, .b", [["a"], ["b"]]],
  [".a + .b", [["a"], ["b"]]],
  [".a // .b", [["a"], ["b"]]],
  [".a[] | .b", [["a"]]],
  [".a | map(.b)", [["a"]]],
  [".a | .b | .c", [["a", "b", "c"]]],
  ["{x: .a, (.k): .b}", [["a"], ["k"], ["b"]]],
  ["[.a, .b]", [["a"], ["b"]]],
  ['"x\\(.a)y"', [["a"]]],
  [".a[1:]", [["a"]]],
  [".a[.k]", [["k"], ["a"]]],
  ["if .a then .b else .c end", [["a"], ["b"], ["c"]]],
  ["if .a then 1 elif .b then 2 else 3 end", [["a"], ["b"]]],
  ["try .a catch .", [["a"]]],
  [".a?", [["a"]]],
  [".a as $x | $x.b", [["a", "b"]]],
  [". as {a: $x, b: [$y]} | [$x, $y]", [["a"], ["b"]]],
  [". as {$a} | $a.c", [["a"]]],
  [".x as [$y] | 1", [["x", 0]]],
  ["def f: .a; f", [["a"]]],
  ["def f(g): .a | g; f(.b)", [["a", "b"]]],
  ["def f($x): $x; f(.a)", [["a"]]],
  ["def f(x): x; .a | f(.b)", [["a", "b"]]],
  ["reduce .a[] as $x (0; . + $x)", [["a"]]],
  ["reduce .a[] as $x (.s; . + $x.n)", [["s"], ["a"]]],
  ["foreach .a[] as $x (0; . + $x; [., .b])", [["a"]]],
  ['has("a")', [["a"]]],
  ['getpath(["a", "b"])', [["a", "b"]]],
  ["first(.a, .b)", [["a"], ["b"]]],
  ["limit(.n; .a[])", [["n"], ["a"]]],
  [
    ".a | select(.b == 1) | .c",
    [
      ["a", "b"],
      ["a", "c"],
    ],
  ],
  ["now", []],
  ["1 + 2", []],
  ["range(.n)", [["n"]]],
  ["pow(.a; 2)", [["a"]]],
  ["error(.a)", [["a"]]],
  [".a.b, .a", [["a"]]],
  ['.a | @base64 "x\\(.b)"', [["a", "b"]]],
  ["label $out | .a | ., break $out", [["a"]]],
  ["-.a", [["a"]]],
  ["any(.a[]; . == 1)", [["a"]]],
])("%s reads %j", (source, paths) => {
  expect(pathsOf(source)).toEqual(expect.arrayContaining([...paths]));
  expect(pathsOf(source)).toHaveLength(paths.length);
});

test.each([
  ".",
  "..",
  ".[]",
  ".[0:1]",
  ".[.k]",
  "keys",
  "to_entries",
  "tojson",
  "length",
  "map(.a)",
  "del(.a)",
  ".a = 1",
  ".a |= 1",
  "walk(.)",
  "paths",
  "@json",
  "[.]",
  "{x: .}",
  '"\\(.)"',
  ". as $x | $x",
  "def f: .; f",
  "getpath([.k])",
  "has(.k)",
  "select(.a)",
  "def f: .a | f; f",
  ". as [$x] ?// $x | $x",
  ".a |",
  "not a program at all (",
])("%s may depend on all of the input", (source) => {
  expect(pathsOf(source)).toBe("all");
});

test.each([
  [".a", false],
  [".a[]", true],
  [".a, .b", true],
  ["[.a[]]", false],
  [".a | map(.b)", false],
  ["..", true],
  ["if .a[] then 1 else 2 end", true],
  [".a // .b", false],
  ["{a: .x[]}", true],
  ['"\\(.x[])"', true],
  ["first(.a[])", false],
  ["range(3)", true],
  ["reduce .a[] as $x (0; . + $x)", false],
  ["foreach .a[] as $x (0; . + $x)", true],
  ["def f: 1, 2; f", true],
  ["def f: 1; f", false],
  ["def f: f; f", true],
  [".a = (1, 2)", true],
  [".a |= 1", false],
  [". as [$x] | $x", true],
  ["try .a catch .b[]", true],
  ["-.a", false],
  [".[0:1]", false],
  ["label $f | .a", false],
  ['scan("x")', true],
  ["@text", false],
])("%s may have several outputs: %s", (source, expected) => {
  expect(analyzeJq(source).mayHaveManyOutputs).toBe(expected);
});

test.each<[string, JqValue | undefined]>([
  ['"jiraIssue"', "jiraIssue"],
  ["true", true],
  ["-5", -5],
  ["-0", 0],
  ["[]", []],
  ['[1, [null], "x"]', [1, [null], "x"]],
  ['{a: 1, "b": {c: []}}', { a: 1, b: { c: [] } }],
  [".a", undefined],
  ["[.a]", undefined],
  ['"x\\(.a)"', undefined],
  ["{a: .b}", undefined],
  ["{(.a): 1}", undefined],
  ["-.a", undefined],
  ["[1, .a]", undefined],
])("the constant of %s is %j", (source, constant) => {
  expect(analyzeJq(source).constant).toEqual(constant);
});

test.each([
  ["env.HOME", true],
  [".a | $ENV.PATH", true],
  ["[.a[] | {x: (if .b then env else 1 end)}]", true],
  [".env", false],
  ['"env"', false],
  ["{env: 1}", false],
])("%s uses the environment: %s", (source, expected) => {
  expect(analyzeJq(source).usesEnvironment).toBe(expected);
});

const PROGRAMS = [
  ".a.b, .c",
  ".a // .c | .b?",
  "if .a.b then .c else .d end",
  ".a as {b: $x} | [$x, .c]",
  '[.a.b, (.c | tostring)] | join("-")',
  "def f(g): g + 1; try f(.a.b) catch .",
  "first(.a.b, .c)",
  "reduce (.a.b, .c) as $x (null; [., $x])",
  '"\\(.a.b) \\(.c)"',
  "{x: .a.b, y: .c} | tojson",
];

/** The input without whatever the analysis says is not read: every part is kept, replaced or gone by `fate`. */
function withoutUnread(
  value: JqValue,
  paths: readonly JqPath[],
  fate: (path: JqPath) => JqValue | undefined,
  at: JqPath = [],
): JqValue {
  if (
    paths.some((path) => path.every((key, index) => key === at[index])) ||
    typeof value !== "object" ||
    value === null
  )
    return value;
  if (Array.isArray(value)) return value as JqValue;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]: [string, JqValue]): [string, JqValue][] => {
      const path = [...at, key];
      const isOnTheWay = paths.some(
        (read) =>
          path.every((each, index) => each === read[index]) || read.every((each, index) => each === path[index]),
      );
      if (isOnTheWay) return [[key, withoutUnread(part, paths, fate, path)]];
      const replaced = fate(path);
      return replaced === undefined ? [] : [[key, replaced]];
    }),
  );
}

test("what the analysis does not list never changes a result", () => {
  const leaf = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string());
  const part = fc.oneof(leaf, fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), leaf));
  const input = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), part);
  fc.assert(
    fc.property(
      fc.constantFrom(...PROGRAMS),
      input,
      fc.option(leaf, { nil: undefined }),
      (source, value, replacement) => {
        const program = compileJq(source);
        const { paths } = program.analysis;
        if (paths === "all") throw new Error("these programs can be followed");
        expect(
          outcome(
            program,
            withoutUnread(value, paths, () => replacement),
          ),
        ).toEqual(outcome(program, value));
      },
    ),
    { numRuns: 2000 },
  );
});

test("the law above can fail: a path left out is noticed", () => {
  const program = compileJq(".a.b, .c");
  const value = { a: { b: 1 }, c: 2 };
  expect(
    outcome(
      program,
      withoutUnread(value, [["c"]], () => undefined),
    ),
  ).not.toEqual(outcome(program, value));
});

function outcome(program: ReturnType<typeof compileJq>, input: JqValue): unknown {
  try {
    return program.all(input);
  } catch (error) {
    return (error as Error).name;
  }
}
