import { expect, test } from "vitest";
import { evaluateJql } from "./evaluate-jql.ts";
import { createIssueReader } from "./issue-subject.ts";
import type { JqlContext } from "./jql-value.ts";
import { parseJql } from "./parse-jql.ts";

const nowMs = Date.parse("2026-03-11T12:00:00Z");
const context: JqlContext = { nowMs, timeZone: "UTC", currentUser: "712020:me", firstDayOfWeek: 1 };

const issue = {
  id: "10001",
  key: "ABC-12",
  fields: {
    summary: "Login fails for café guests",
    project: { id: "100", key: "ABC", name: "Alpha" },
    issuetype: { id: "3", name: "子任务", subtask: true },
    status: { id: "5", name: "In Review", statusCategory: { id: 4, key: "indeterminate", name: "处理中" } },
    priority: { id: "2", name: "High" },
    resolution: null,
    assignee: null,
    reporter: { accountId: "712020:me", displayName: "Mia Example" },
    labels: ["Backend", "db"],
    components: [],
    fixVersions: [{ id: "7", name: "1.0", released: true, archived: false }],
    parent: { id: "9000", key: "ABC-1" },
    created: "2026-03-10T23:30:00.000+0100",
    updated: "2026-03-11T11:00:30.500+0000",
    duedate: "2026-03-12",
    customfield_10020: [{ id: 44, name: "Sprint 4", state: "active" }],
    customfield_10016: 5,
  },
  changelog: {
    total: 1,
    histories: [
      {
        created: "2026-03-11T10:00:00.000+0000",
        author: { accountId: "712020:me" },
        items: [{ field: "status", from: "1", fromString: "To Do", to: "5", toString: "In Review" }],
      },
    ],
  },
};

const read = createIssueReader({
  fields: [
    {
      id: "customfield_10020",
      name: "Sprint",
      schema: { type: "array", items: "json", custom: "com.pyxis.greenhopper.jira:gh-sprint" },
    },
    { id: "customfield_10016", name: "Story Points", schema: { type: "number" } },
  ],
});

function verdict(jql: string, changes: Partial<JqlContext> = {}): string {
  return evaluateJql(parseJql(jql), read(issue), { ...context, ...changes });
}

test.each([
  "",
  "statusCategory != Done",
  'statusCategory = "In Progress"',
  "statusCategory = 处理中 AND statusCategory = indeterminate AND statusCategory = 4",
  "project = abc AND project = Alpha AND project in (100)",
  "key = abc-12 AND id = 10001 AND issue in (X-1, ABC-12)",
  "key > ABC-9 AND key <= ABC-12",
  "parent = ABC-1",
  "issuetype in subTaskIssueTypes()",
  "assignee is EMPTY AND assignee = EMPTY AND assignee in (EMPTY, x)",
  "reporter = currentUser() AND reporter = 'mia example'",
  "labels = db AND labels in (none, Backend) AND labels != other",
  "component is EMPTY",
  "fixVersion in releasedVersions() AND fixVersion = '1.0'",
  "sprint in openSprints() AND sprint = 44 AND sprint = 'sprint 4'",
  "'Story Points' >= 5 AND cf[10016] < 5.5 AND 'Story Points[Number]' is not EMPTY",
  "created >= -1w AND created < startOfDay() AND created >= '2026-03-10 22:30'",
  "updated >= 1773226830500 AND updated < 1773226830501",
  "due > now() AND due = startOfDay(1) AND due >= 2026-03-12",
  "summary ~ login AND summary ~ 'guests fails'",
  "status was 'To Do' AND status changed to 'In Review' by currentUser() after -1d",
])("%s matches", (jql) => {
  expect(verdict(jql)).toBe("yes");
});

test.each([
  "assignee = x",
  "assignee != x",
  "assignee not in (x)",
  "status = Done",
  "status not in (5)",
  "key > ABD-1",
  "labels != db",
  "sprint in closedSprints()",
  "created < -1w",
  "due < now()",
  "NOT project = ABC",
  "status was Done",
  "component = x",
])("%s does not match", (jql) => {
  expect(verdict(jql)).toBe("no");
});

test.each([
  ["an absent field", "environment is EMPTY"],
  ["a function of Jira's own", "reporter in membersOf('staff')"],
  ["an entity property", "issue.property[a].b = 1"],
  ["a field that nobody described", "Team = x"],
  ["a stem", "summary ~ logins"],
  ["labels that differ in case alone", "labels = DB"],
  ["a negation that empty fields could tell apart", "NOT assignee = x"],
  ["the minute in which it was updated", "updated = '2026-03-11 11:00'"],
  ["priorities without their order", "priority > Low"],
  ["people who may be found by an address that is hidden", "reporter = mia"],
])("%s is unknown", (_what, jql) => {
  expect(verdict(jql)).toBe("unknown");
});

test("unknown parts do not matter when the others decide", () => {
  expect(verdict("environment is EMPTY OR project = ABC")).toBe("yes");
  expect(verdict("environment is EMPTY AND project = X")).toBe("no");
});

test("the context answers functions and orders", () => {
  const functions: JqlContext["functions"] = (name) => (name === "membersof" ? ["712020:me"] : undefined);
  expect(verdict("reporter in membersOf('staff')", { functions })).toBe("yes");
  const rank: JqlContext["rank"] = (_field, value) =>
    ["low", "high"].indexOf(value === "2" ? "high" : value.toLowerCase());
  expect(verdict("priority > Low", { rank })).toBe("yes");
});

test("without a zone, days are unknown only where a zone could decide", () => {
  expect(verdict("created >= 2026-03-11", { timeZone: undefined })).toBe("unknown");
  expect(verdict("created >= 2026-03-09", { timeZone: undefined })).toBe("yes");
  expect(verdict("created >= 2026-03-13", { timeZone: undefined })).toBe("no");
  expect(verdict("created >= -1w", { timeZone: undefined })).toBe("yes");
  expect(verdict("created < startOfDay()", { timeZone: undefined })).toBe("unknown");
});

test("a due date on the edge of what a date may mean is certain where every meaning agrees", () => {
  // A month before the week of 12 April, or the week of a month before: 12 March, which is the due date, or 15 March.
  const eve = { nowMs: Date.parse("2026-04-18T12:00:00Z"), firstDayOfWeek: 0 } as const;
  const verdicts = ["<=", ">", "<", ">=", "="].map((operator) => verdict(`due ${operator} startOfWeek('-1M')`, eve));
  expect(verdicts).toEqual(["yes", "no", "unknown", "unknown", "unknown"]);
});

test("the zone of the reader decides what a day is", () => {
  expect(verdict("created >= 2026-03-11", { timeZone: "Europe/Berlin" })).toBe("no");
  expect(verdict("created >= 2026-03-11", { timeZone: "Asia/Tokyo" })).toBe("yes");
});
