import { expect, test } from "vitest";
import { sortedKeys } from "./sorted-keys.ts";

function toObject(keys: readonly string[]): Record<string, null> {
  return Object.fromEntries(keys.map((key) => [key, null]));
}

const KEYS = ["h", "b", "d", "a", "c", "g", "f", "e", "i"];

test("keys come in order, again and again, and other keys of the same number do too", () => {
  const sorted = [...KEYS].sort();
  for (let round = 0; round < 3; round++) expect(sortedKeys(toObject(KEYS))).toEqual(sorted);
  expect(sortedKeys(toObject(KEYS.map((key) => `${key}${key}`)))).toEqual(sorted.map((key) => `${key}${key}`));
  expect(sortedKeys(toObject(KEYS))).toEqual(sorted);
  expect(sortedKeys(toObject([...KEYS].reverse()))).toEqual(sorted);
  expect(sortedKeys(toObject(KEYS.slice(1)))).toEqual(KEYS.slice(1).sort());
});

test("the order is that of code points, not of UTF-16 units", () => {
  const keys = [...KEYS, "\u{1f680}", "\uffff"];
  expect(sortedKeys(toObject(keys)).slice(-2)).toEqual(["\uffff", "\u{1f680}"]);
});
