import { expect, test } from "vitest";
import { closest } from "./closest.ts";

test.each([
  ["projct", "project"],
  ["ISSUE", "issue"],
  ["isue", "issue"],
  ["user", "user"],
  ["usre", "user"],
])("%s is taken for %s", (written, meant) => {
  expect(closest(written, ["project", "issue", "user"])).toBe(meant);
});

test("a word that resembles nothing has no suggestion", () => {
  expect(closest("worklog", ["project", "issue"])).toBeUndefined();
});
