import { expect, test } from "vitest";
import { toCountJql, toRestrictedJql, toWalkJql } from "./compose-walk-jql.ts";

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

test("what is no JQL here goes to Jira as it is: Jira is the judge", () => {
  expect(toWalkJql("project = = A")).toBe("project = = A");
  expect(toRestrictedJql("project = = A", "id in (1)")).toBe("(project = = A) AND id in (1)");
  expect(toRestrictedJql("a = 1 OR b = 2", "id in (1)")).toBe("(a = 1 OR b = 2) AND id in (1)");
});
