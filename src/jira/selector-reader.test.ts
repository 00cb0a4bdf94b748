import { expect, test } from "vitest";
import { InputError } from "../runtime/errors.ts";
import { KINDS } from "./kinds.ts";

function problemsOf(kind: string, jql: string): InputError["problems"] {
  try {
    KINDS[kind]?.parseSelector({ jql });
  } catch (error) {
    if (error instanceof InputError) return error.problems;
  }
  return [];
}

test.each(["issue", "worklog", "backlog"])("%s: a JQL that is none is told, with the place inside of it", (kind) => {
  expect(problemsOf(kind, "status = Done ADN assignee = x")).toEqual([
    {
      code: "invalid_jql",
      path: ["jql"],
      message:
        "\"jql\" is not JQL: Expecting either 'OR' or 'AND' but got 'ADN'. (line 1, character 15); did you mean AND?",
      position: { line: 1, column: 15 },
      suggestion: "AND",
    },
  ]);
  expect(problemsOf(kind, "project = AL\n  AND status =")).toMatchObject([{ position: { line: 2, column: 15 } }]);
});

test.each(["issue", "worklog", "backlog"])("%s: no condition, an order alone and unknown fields are JQL", (kind) => {
  for (const jql of ["", "  ", "ORDER BY rank", "Squad = Blue"]) expect(problemsOf(kind, jql)).toEqual([]);
});
