import { expect, test } from "vitest";
import { compileJq } from "./compile-jq.ts";
import type { JqLimits } from "./jq-budget.ts";
import { JqError, JqLimitError, type JqLimit } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";

/** The one that is meant is small, so that each case ends soon whatever the machine does. */
const SMALL: Readonly<Record<Exclude<JqLimit, "time" | "trap">, Partial<JqLimits>>> = {
  steps: { steps: 200_000, memoryBytes: 1e9 },
  memory: { memoryBytes: 4_000_000 },
  backtracking: { backtracking: 20_000 },
  output: {},
  depth: {},
};

function findLimit(program: string, input: JqValue = null, limits: Partial<JqLimits> = {}): JqLimit | undefined {
  try {
    // The time limit is tested alone.
    compileJq(program, { limits: { timeMs: 60_000, ...limits } }).all(input);
  } catch (error) {
    if (error instanceof JqLimitError) return error.limit;
    throw error;
  }
  return undefined;
}

test.each<[string, keyof typeof SMALL]>([
  ["range(1e12) | empty", "steps"],
  ["[range(1e8)]", "steps"],
  ["until(false; .)", "steps"],
  ["last(repeat(1))", "steps"],
  ["first(range(infinite) | select(. < 0))", "steps"],
  ["reduce range(1e9) as $i (0; . + 1)", "steps"],
  ["foreach range(1e9) as $i (0; . + 1; empty)", "steps"],
  ["label $out | repeat(empty)", "steps"],
  ["isempty(range(1e9) | select(. < 0))", "steps"],
  ["any(range(1e9); . < 0)", "steps"],
  ["[limit(1e9; repeat(1))]", "steps"],
  ["[range(20)] | [combinations(8)] | length", "steps"],
  ["[range(300)] | [.[] as $a | .[] as $b | .[] as $c | 1] | length", "steps"],
  ["[range(2e4)] | . - map(-.) | length", "steps"],
  ['"a" * 1e6 | [range(1e4) as $i | length]', "steps"],
  ['"😀" * 1e5 | [range(1e4) as $i | .[1:]]', "steps"],
  ["[range(1e4)] | [range(1e4) as $i | min]", "steps"],
  ["[range(1e4)] | [range(1e4) as $i | reverse | length]", "steps"],
  ["[range(1e4)] | [range(1e4) as $i | .[1:] | length]", "steps"],
  ["[range(1e4) | 0] | indices(.[:5000] + [1])", "steps"],
  ["[range(2e4) | {key: tostring}] | from_entries | [range(1e4) as $i | length]", "steps"],
  ["[range(2e4) | {key: tostring}] | from_entries | [range(1e4) as $i | keys]", "steps"],
  ['"a" * 1e6 | contains("ab" + "a" * 250000), split("a" * 1000 + "b"), index("ab" * 500)', "steps"],
  ['"a" * 1e3 | [range(1e4) as $i | test("(a)(?:\\\\1){2}c")]', "steps"],
  ["reduce range(40) as $i ([]; [., .]) | tojson", "steps"],
  ["reduce range(40) as $i ([]; [., .]) | flatten", "steps"],
  ["reduce range(40) as $i ([]; [., .]) | [..] | length", "steps"],
  ["reduce range(40) as $i ({}; {a: ., b: .}) | [paths] | length", "steps"],
  ["reduce range(40) as $i ([]; [., .]) | .[0] == .[1]", "steps"],
  ["def f: f; f", "depth"],
  ["def f: 1 + f; f", "depth"],
  ["def f: f, f; [f]", "depth"],
  ["[recurse([.])] | length", "depth"],
  ['"x" * 1e9', "memory"],
  ['"x" * 1e6 | . * 1e6', "memory"],
  ['"\\("x" * 5e6)\\("y" * 5e6)"', "memory"],
  ['reduce range(60) as $i ("a"; . + .) | length', "memory"],
  ["reduce range(60) as $i ([1]; . + .) | length", "memory"],
  ["reduce range(1e4) as $i ([]; . + [$i]) | length", "memory"],
  [".[1e8] = 1", "memory"],
  ["[range(1000)] | [., .[1:]] | [range(1e4)] | map([range(100)])", "memory"],
  ['"a,b" * 1e6 | split(",")', "memory"],
  ['"a" * 1e6 | explode', "memory"],
  ['"é" * 3e6 | @uri', "memory"],
  ['0 | strftime("%A" * 1e6)', "memory"],
  ['"x" | strptime("%A" * 1e6)', "memory"],
  ['"\\"" * 5e6 | [.] | @csv', "memory"],
  ['[range(300) as $i | "a" * 4e4] | @csv', "memory"],
  ["reduce range(40) as $i ([]; [., .])", "output"],
  ["reduce range(40) as $i ({}; {a: ., b: .})", "output"],
  ['"a" * 60 + "!" | test("^(a+)+$")', "backtracking"],
  ['"a" * 5e4 | test("(a|aa)+$")', "backtracking"],
  ['"a" * 5e4 | test("a*a*a*a*b")', "backtracking"],
  ['"a" * 1e3 | test("(?:(a)|a){2,}b")', "backtracking"],
])("%s ends: %s", (program, limit) => {
  expect(findLimit(program, null, SMALL[limit])).toBe(limit);
});

test("the time limit counts from when a program has turned out to be long, by the stopwatch it was given", () => {
  let now = 0;
  const program = compileJq("last(range(.))", { limits: { timeMs: 5 }, stopwatch: () => now++ });
  expect(program.first(3)).toBe(2);
  expect(program.tookLong()).toBe(false);
  expect(program.first(9000)).toBe(8999);
  expect(program.tookLong()).toBe(true);
  expect(() => program.first(1e6)).toThrow("the program did not end within 5 ms");
  expect(program.first(9000)).toBe(8999);
});

test("a search that may take long has the clock looked at after every match, however few steps it counts", () => {
  let now = 0;
  const program = compileJq('[scan("b*c|a")] | length', { limits: { timeMs: 50 }, stopwatch: () => now++ });
  expect(program.first("a".repeat(40))).toBe(40);
  expect(program.tookLong()).toBe(false);
  expect(() => program.first("a".repeat(3000))).toThrow("the program did not end within 50 ms");
});

test("a limit cannot be caught by the program, an error can", () => {
  expect(findLimit('try ("x" * 1e9) catch "caught"')).toBe("memory");
  expect(findLimit('("x" * 1e9)? // "caught"')).toBe("memory");
  expect(findLimit("def f: 1 + f; try f catch 0")).toBe("depth");
  expect(compileJq('try error("x") catch .').first(null)).toBe("x");
  expect(() => compileJq("error({a: 1})").first(null)).toThrow(new JqError({ a: 1 }, '{"a":1} (not a string)'));
});

test("values nested as deeply as JSON.parse gives them are handled, deeper ones end in a limit", () => {
  const nest = (depth: number): JqValue => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as JqValue;
  expect(compileJq("[..] | length").first(nest(500))).toBe(500);
  expect(compileJq("tojson | length").first(nest(500))).toBe(1000);
  expect(findLimit("tojson", nest(100_000))).toBe("depth");
  expect(findLimit(". == .", nest(100_000))).toBe("depth");
});
