import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { evaluateJql } from "./evaluate-jql.ts";
import { createIssueReader, toIssueSubject } from "./issue-subject.ts";
import { parseJql } from "./parse-jql.ts";

test("a key that is missing is empty only when the issue is known to be complete", () => {
  const issue = { id: "1", key: "A-1", fields: {} };
  expect(toIssueSubject(issue).read("parent")).toBeUndefined();
  expect(createIssueReader({ isComplete: true })(issue).read("parent")).toEqual({ type: "empty" });
});

test("texts are read from strings and from documents", () => {
  const paragraph = {
    type: "paragraph",
    content: [
      { type: "text", text: "two" },
      { type: "text", text: "fold" },
    ],
  };
  const issue = { fields: { summary: "plain", description: { type: "doc", content: [paragraph, paragraph] } } };
  expect(toIssueSubject(issue).read("summary")).toEqual({ type: "text", text: "plain" });
  expect(toIssueSubject(issue).read("description")).toMatchObject({ text: "\n\ntwofold\ntwofold" });
});

test("custom fields are read by the type that is declared, and not guessed without", () => {
  const fields = [
    { id: "customfield_1", name: "When", schema: { type: "datetime" } },
    { id: "customfield_2", name: "Choice", schema: { type: "array", items: "option" } },
    { id: "customfield_3", name: "Odd", schema: { type: "any" } },
    { id: "customfield_4", name: "Twin", schema: { type: "number" } },
    { id: "customfield_5", name: "twin", schema: { type: "number" } },
  ];
  const issue = {
    fields: {
      customfield_1: "2026-01-01T00:00:00.000+0100",
      customfield_2: [{ id: "9", value: "Yes" }],
      customfield_3: { a: 1 },
      customfield_4: 4,
      customfield_6: "2026-01-01",
    },
  };
  const subject = createIssueReader({ fields })(issue);
  expect(subject.read("when")).toEqual({ type: "date", epochMs: Date.UTC(2025, 11, 31, 23) });
  expect(subject.read("choice")).toMatchObject({ items: [{ type: "named", id: "9", name: "Yes" }] });
  expect(subject.read("odd")).toEqual({ type: "opaque" });
  expect(subject.read("twin")).toBeUndefined();
  expect(subject.read("cf[4]")).toEqual({ type: "number", value: 4 });
  expect(subject.read("cf[6]")).toEqual({ type: "opaque" });
});

test("comments that Jira cut off make no list", () => {
  const comments = [{ body: "seen" }];
  expect(toIssueSubject({ fields: { comment: { comments, total: 1 } } }).read("comment")).toMatchObject({
    items: [{}],
  });
  expect(toIssueSubject({ fields: { comment: { comments, total: 2 } } }).read("comment")).toBeUndefined();
});

test("people of Data Center are found by their login", () => {
  const subject = toIssueSubject({
    fields: { assignee: { name: "mia", key: "JIRAUSER1", displayName: "Mia", emailAddress: "m@x" } },
  });
  const context = { nowMs: 0, timeZone: undefined };
  expect(evaluateJql(parseJql("assignee = mia"), subject, context)).toBe("yes");
  expect(evaluateJql(parseJql("assignee = bob"), subject, context)).toBe("no");
});

test("a changelog counts as history only when it is whole", () => {
  const histories = [
    {
      created: 1_000,
      author: { accountId: "a" },
      items: [{ field: "assignee", from: null, to: "b", toString: "Bea" }],
    },
  ];
  expect(toIssueSubject({ changelog: { total: 1, histories } }).history?.("assignee")).toEqual([
    {
      atMs: 1_000,
      author: expect.objectContaining({ accountId: "a" }),
      from: { type: "empty" },
      to: { type: "user", accountId: "b", username: "b", displayName: "Bea" },
    },
  ]);
  expect(toIssueSubject({ changelog: { total: 2, histories } }).history?.("assignee")).toBeUndefined();
  expect(toIssueSubject({}).history?.("assignee")).toBeUndefined();
});

test.each([
  undefined,
  null,
  5,
  "x",
  [],
  { fields: [] },
  { fields: { status: 5, created: "x", labels: [1], assignee: [] } },
])("%j is an issue of which nothing is known, and no reason to throw", (raw) => {
  const query = parseJql(
    "status = x OR created > -1w OR labels = x OR assignee = x OR statusCategory = x OR text ~ x OR comment ~ x",
  );
  expect(evaluateJql(query, toIssueSubject(raw), { nowMs: 0, timeZone: "UTC" })).toBe("unknown");
});

const corpus = process.env["QUAYSIDE_CORPUS"];

test.skipIf(corpus === undefined)("real issues are read, and are themselves (needs QUAYSIDE_CORPUS)", () => {
  const files = ["issue_cloud", "issue_agile_cloud", "issue_server"].map((name) => join(corpus ?? "", `${name}.jsonl`));
  const lines = files
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, "utf8").trim().split("\n"));
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) {
    // The corpus holds issues as Jira sent them.
    const { data } = JSON.parse(line) as {
      data: { key: string; fields: { status: { name: string }; project?: { key: string } } };
    };
    const jql = `key = "${data.key}" AND status = "${data.fields.status.name}" AND created > "2000-01-01" AND statusCategory != Nothing`;
    expect(evaluateJql(parseJql(jql), toIssueSubject(data), { nowMs: 0, timeZone: "UTC" })).toBe("yes");
  }
});
