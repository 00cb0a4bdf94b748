import { expect, test } from "vitest";
import { toCountJql, toWalkJql } from "./compose-walk-jql.ts";

test.each([
  ["project = A", "project = A ORDER BY created ASC, key ASC"],
  ["project = A ORDER BY updated DESC", "project = A ORDER BY created ASC, key ASC"],
  ["", "project is not EMPTY ORDER BY created ASC, key ASC"],
  ["ORDER BY rank", "project is not EMPTY ORDER BY created ASC, key ASC"],
  ['summary ~ "order by"', 'summary ~ "order by" ORDER BY created ASC, key ASC'],
])("%j is walked as %j", (jql, walked) => {
  expect(toWalkJql(jql)).toBe(walked);
});

test("a query is counted without an order", () => {
  expect(toCountJql("project = A ORDER BY updated")).toBe("project = A");
});
