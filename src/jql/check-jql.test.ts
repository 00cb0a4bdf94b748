import { expect, test } from "vitest";
import { checkJql } from "./check-jql.ts";
import { parseJql } from "./parse-jql.ts";

const check = (jql: string): ReturnType<typeof checkJql> => checkJql(parseJql(jql), ["Story Points", "Team Name"]);

test("an unknown field is reported with its place and the nearest name", () => {
  expect(check("project = ABC\nAND asignee = x")).toEqual([
    {
      message: "There is no field 'asignee': did you mean 'assignee'?",
      line: 2,
      column: 5,
      offset: 18,
      suggestion: "assignee",
    },
  ]);
});

test("fields of history clauses, negations and ORDER BY are checked too", () => {
  const problems = check("NOT (sttaus was x OR prioritty changed) ORDER BY 'Story Point', quux");
  expect(problems.map((problem) => problem.suggestion)).toEqual(["status", "priority", "Story Points", undefined]);
});

test("Jira's own fields, the site's, cf[…], typed names and properties are known", () => {
  expect(
    check(
      "ISSUEKEY = A-1 AND 'story points' = 1 AND 'Team Name[Dropdown]' = 1 AND cf[1] = 1 AND 'cf[1]' = 1 AND x[y].z = 1",
    ),
  ).toEqual([]);
});

test("more fields in ORDER BY than Jira takes are reported at the first one too many", () => {
  const sorts = ["key", "status", "priority", "created", "updated", "due", "assignee", "summary"];
  expect(check(`ORDER BY ${sorts.join(", ")}`)).toMatchObject([
    { column: `ORDER BY ${sorts.slice(0, 7).join(", ")}, `.length + 1 },
  ]);
});
