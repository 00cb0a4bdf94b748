import { expect, test } from "vitest";
import { matchText } from "./match-text.ts";

test.each([
  ["The Login fails!", "login", "yes"],
  ["The Login fails!", "fails login", "yes"],
  ["The Login fails!", "zebra", "no"],
  ["The Login fails!", "login zebra", "no"],
  ["The Login fails!", "fail", "unknown"],
  ["pre-login", "login", "unknown"],
  ["café", "xylophone", "unknown"],
  ["The Login fails!", "the", "unknown"],
  ["The Login fails!", "log*", "unknown"],
  ["The Login fails!", '"login fails"', "unknown"],
  ["he lies", "lying", "unknown"],
])("%j ~ %j is %s", (text, pattern, verdict) => {
  expect(matchText(text, pattern)).toBe(verdict);
});
