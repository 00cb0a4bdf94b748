import { expect, test } from "vitest";
import { parseJql } from "./parse-jql.ts";
import { requiredIssues } from "./required-issues.ts";

test.each([
  ["id in (1, 2)", ["1", "2"]],
  ["(status != Done OR a = b) AND key in (ABC-1, 7) AND c = d", ["ABC-1", "7"]],
  ["key = A-1 OR (issue in (A-2) AND x = y)", ["A-1", "A-2"]],
  ["key = A-1 OR x = y", undefined],
  ["key != A-1", undefined],
  ["NOT key = A-1", undefined],
  ["key in linkedIssues(A-1)", undefined],
  ["", undefined],
])("%s can match only %j", (jql, expected) => {
  expect(requiredIssues(parseJql(jql))).toEqual(expected);
});
