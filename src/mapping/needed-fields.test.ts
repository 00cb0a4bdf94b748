import { expect, test } from "vitest";
import { toDefaultMapping } from "./default-mapping.ts";
import { toNeededFields } from "./needed-fields.ts";
import { parseMapping } from "./parse-mapping.ts";

function neededBy(mapping: string, kind = "issue"): readonly string[] | "all" {
  const { document } = parseMapping(mapping, {
    kinds: ["project", "user", "issue"],
    unknownKeys: "refuse",
    name: "test",
  });
  const resource = document.resources.find((each) => each.kind === kind);
  if (resource === undefined) throw new Error(`the mapping has no ${kind}`);
  return toNeededFields(resource);
}

const DEFAULT = toDefaultMapping("cloud");
const withTitle = (expression: string): string =>
  DEFAULT.replace("title: .fields.summary", () => `title: '${expression}'`);

test("the default mapping needs the fields it names, and no others", () => {
  expect(neededBy(DEFAULT)).toEqual(
    "assignee components created creator issuetype labels parent priority project reporter resolutiondate status subtasks summary updated".split(
      " ",
    ),
  );
});

test("programs that read nothing below fields need none", () => {
  expect(neededBy(DEFAULT, "project")).toEqual([]);
});

test.each([
  [".fields.summary // .fields.description", "description"],
  ['.fields["customfield_10016"]', "customfield_10016"],
  [".fields | .environment", "environment"],
  [". as $issue | $issue.fields.duedate", "duedate"],
  ["if .fields.flagged then 1 else 2 end", "flagged"],
  ["def f: .fields.votes; f", "votes"],
])("%s needs %s", (expression, field) => {
  expect(neededBy(withTitle(expression))).toContain(field);
});

test.each([".fields | to_entries", "..", ".", "tojson", ".fields[.key]", "[paths]", ".[]", 'getpath(["fields", .x])'])(
  "%s needs everything",
  (expression) => {
    expect(neededBy(withTitle(expression))).toBe("all");
  },
);

test("the selector's query and itemsToParse count too", () => {
  expect(neededBy(DEFAULT.replace(/query: "true"\n(?= +jql)/, "query: .fields.security == null\n"))).toContain(
    "security",
  );
  const port = "port:\n      itemsToParse: .fields.comment.comments\n";
  expect(neededBy(DEFAULT.replace(/port:\n(?=(?:.*\n){4} +blueprint: '"jiraIssue"')/, port))).toContain("comment");
});
