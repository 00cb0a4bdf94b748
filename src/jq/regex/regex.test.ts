import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compileJq } from "../compile-jq.ts";
import { JqUnsupportedError } from "../jq-errors.ts";
import { compileBacktracking } from "./match-regex.ts";
import { estimateCost, MAX_COST, toNativeRegex } from "./native-regex.ts";
import { parseRegex } from "./parse-regex.ts";

const FLAGS = { ignoresCase: false, isExtended: false, dotMatchesNewline: false };

const atom = fc.constantFrom(
  "a",
  "b",
  ".",
  "[ab]",
  "[^a]",
  "\\w",
  "\\d",
  "\\s",
  "[[:alpha:]]",
  "\\b",
  "^",
  "$",
  "(?=b)",
  "(?!a)",
  "\\p{Lu}",
  "é",
  "\\z",
  "\\B",
  "(?i:A)",
  "(?m:^)",
  "(?m:$)",
);
const pattern = fc
  .array(fc.tuple(atom, fc.constantFrom("", "", "", "*", "+", "?", "{1,2}", "*?", "{2}")), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) =>
    parts.map(([piece, times]) => (/^(?:\^|\$|\\[bBz]|\(\?)/.test(piece) ? piece : piece + times)).join(""),
  );
const alternatives = fc.array(pattern, { minLength: 1, maxLength: 3 }).map((parts) => `(?:${parts.join("|")})`);
const text = fc.string({ unit: fc.constantFrom("a", "b", "A", " ", "1", "é", "\n", "😀"), maxLength: 8 });

test("where JavaScript's matcher is used it finds what ours finds", () => {
  fc.assert(
    fc.property(alternatives, text, (source, subject) => {
      const { body, groups } = parseRegex(source, FLAGS);
      const native = toNativeRegex(body);
      fc.pre(native !== undefined && !native.looksBehind);
      const chars = Array.from(subject);
      const points = Int32Array.from(chars, (char) => char.codePointAt(0) ?? 0);
      const bounds = compileBacktracking(body, groups.length).find(points, 0, true, 100_000)?.bounds;
      const ours = bounds && chars.slice(bounds[0], bounds[1]).join("");
      const theirs = new RegExp(native?.source ?? "", native?.flags).exec(subject)?.[0];
      expect([source, ours]).toEqual([source, theirs]);
    }),
    { numRuns: 2000 },
  );
});

test("nested repetitions, and long texts with many of them, are not given to JavaScript", () => {
  expect(toNativeRegex(parseRegex("(a+)+$", FLAGS).body)).toBeUndefined();
  expect(toNativeRegex(parseRegex("(?:a|aa)+(?:b+)+", FLAGS).body)).toBeUndefined();
  const native = toNativeRegex(parseRegex("a*a*a*b", FLAGS).body);
  expect(native?.degree).toBe(3);
  for (const source of [
    "(?:a|aa)+$",
    "(?:a{1,2})+b",
    "(?:a?){9}(?:a?){9}(?:a?){9}b",
    "(?:[ab]{1,10}){10}c",
    "(?:(?:a|b)c?){10}(?:a|b|c){10}d",
  ]) {
    expect(toNativeRegex(parseRegex(source, FLAGS).body)).toBeUndefined();
  }
  expect(toNativeRegex(parseRegex("(?:[0-9]{3},)+(?:b|c)?", FLAGS).body)).toMatchObject({ degree: 1, choices: 4 });
  expect(native && [100, 1000].map((length) => estimateCost(native, length) <= MAX_COST)).toEqual([true, false]);
});

test.each([
  "(?<=a|bc)d",
  "[a[b]]",
  "[a&&b]",
  "\\h",
  "\\R",
  "\\K",
  "(?~a)",
  "\\g<1>(a)",
  "[z-a]",
  "[a-\\d]",
  "[\\d-",
  "a{2,1}",
  "a{1001}",
  "\\xff",
  "\\x{110000}",
  "*a",
  "^*",
  "(?z)",
  "(*F)",
  "\\k<x>",
  "a)",
  "[",
  "[]",
  "[^]",
  "\\",
  "\\p{Greek}",
  "[[:foo:]]",
  "(?#",
  "(?i)(a)\\1",
  "[^\\W\\P{L}]x\\2",
  "(".repeat(120),
])("%s is left to real jq", (source) => {
  const program = compileJq(`test(${JSON.stringify(source)})`);
  expect(() => program.first("abc")).toThrow(JqUnsupportedError);
});
