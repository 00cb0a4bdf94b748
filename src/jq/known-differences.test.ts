import { expect, test } from "vitest";
import { BUILTINS } from "./builtins/builtins.ts";
import { compileJq } from "./compile-jq.ts";
import { JqSyntaxError, JqUnsupportedError } from "./jq-errors.ts";

/** The page docs/jq.md names the classes these belong to. */
test.each([
  // The literal of a number is not kept.
  ["3.0 | tostring", "3"],
  ["100000000000000000 | tojson", "1e+17"],
  ["100000000000000001 == 100000000000000000", true],
  ["have_decnum, have_literal_numbers", false],
  // Zero has a sign only when it comes from arithmetic.
  ["-0", 0],
  ["0 | -. | tojson", "0"],
  ["-1 * 0 | tojson", "-0"],
  // Keys that look like indexes come first.
  ['{"b": 1, "10": 2} | keys_unsorted', ["10", "b"]],
  // The environment is empty.
  ["env", {}],
  ["$ENV", {}],
  // There is no time zone but UTC.
  ["0 | localtime | mktime", 0],
  ['0 | strftime("%Z")', "UTC"],
  // Functions of other versions of jq.
  ["[1] | toarray", [1]],
  ["1 | toarray", [1]],
  ["65 | ascii", "A"],
  ["[{a: 1} | leaf_paths]", [["a"]]],
  ["0 | date", "1970-01-01T00:00:00Z"],
  ['10 | dateadd("seconds"; 5)', 15],
  ['10 | datesub("seconds"; 5)', 5],
])("%s is %j", (program, output) => {
  expect(compileJq(program).first(null)).toEqual(output);
});

test("not a number and infinity leave as JavaScript has them, which JSON writes as null", () => {
  expect(compileJq("[nan, infinite, -infinite]").first(null)).toEqual([Number.NaN, Infinity, -Infinity]);
});

test("now is the clock that was given, in seconds", () => {
  expect(compileJq("now", { clock: () => 1500 }).first(null)).toBe(1.5);
});

test.each([
  "sin",
  "gamma",
  "fma(1; 2; 3)",
  "2 | pow(.; 0.5)",
  "0.5 | exp10",
  "ldexp(1; 0.5)",
  "infinite | frexp",
  "copysign(1; nan)",
  '"[1,]" | fromjson',
  '"\\"\\\\ud800\\"" | fromjson',
  "1e12 | todate",
  "nan | gmtime",
  "[2015, 1, -3] | mktime",
  "[2015, 1, 1, 0, 0, 20000] | mktime",
  "[1969, 11, 31, 23, 59, 58] | mktime",
  '0 | strftime("%Q")',
  '"1" | strptime("%j")',
  '"+1" | strptime("%d")',
  '"a" | test("a"; "l")',
  '"ß" | test("ss"; "i")',
  '"a" | test("ß"; "i")',
  '"é" | [match(""; "g")]',
  '"é" | [match("(?<=x)|y*"; "g")]',
  "path(reduce 1 as $x (.; empty))",
  "[first([5] as [$x] ?// $x | $x)]",
])("%s is left to real jq", (program) => {
  expect(() => compileJq(program).first(null)).toThrow(JqUnsupportedError);
});

test.each(
  "input inputs input_filename input_line_number debug stderr halt halt_error modulemeta get_search_list".split(" "),
)("%s is refused", (name) => {
  expect(() => compileJq(name)).toThrow(JqSyntaxError);
  expect(() => compileJq(name)).toThrow(`${name} is not available`);
});

test("a program may define a function by the name of one that is refused", () => {
  expect(compileJq("def input: 1; input").first(null)).toBe(1);
});

test("every name that builtins lists is available", () => {
  const listed = compileJq("builtins").first(null) as string[];
  expect(listed.length).toBeGreaterThan(200);
  expect(listed.filter((key) => BUILTINS.get(key)?.kind === "refused")).toEqual([]);
});
