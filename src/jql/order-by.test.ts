import { expect, test } from "vitest";
import { createIssueReader } from "./issue-subject.ts";
import { compareByOrder } from "./order-by.ts";
import { parseJql } from "./parse-jql.ts";

const PRIORITIES = ["Low", "High"];
const read = createIssueReader({ fields: [{ id: "customfield_1", name: "Points", schema: { type: "number" } }] });

function issue(key: string, fields: Record<string, unknown>): unknown {
  return { id: key.slice(key.indexOf("-") + 1), key, fields };
}

const issues = [
  issue("ABC-10", {
    created: "2026-01-02T00:00:00.000+0000",
    priority: { name: "Low" },
    assignee: { accountId: "1", displayName: "bea" },
    duedate: "2026-02-01",
    customfield_1: 3,
    labels: ["b"],
  }),
  issue("ABC-9", {
    created: "2026-01-01T00:00:00.000+0000",
    priority: { name: "High" },
    assignee: { accountId: "2", displayName: "Ann" },
    duedate: "2026-01-01",
    customfield_1: null,
    labels: [],
  }),
  issue("AB-30", { created: "2026-01-02T00:00:00.000+0000", priority: null, customfield_1: 2.5, labels: ["A"] }),
];

function order(orderBy: string): string {
  const { orderBy: parsed } = parseJql(`ORDER BY ${orderBy}`);
  if (parsed === undefined) throw new Error("there is an ORDER BY");
  const compare = compareByOrder(parsed, { rank: (_field, name) => PRIORITIES.indexOf(name) });
  return issues
    .map(read)
    .sort(compare)
    .map((subject) => {
      const key = subject.read("issuekey");
      return key?.type === "issue" ? key.key : undefined;
    })
    .join(" ");
}

test.each([
  ["key", "AB-30 ABC-9 ABC-10"],
  ["key DESC", "ABC-10 ABC-9 AB-30"],
  ["created", "ABC-10 AB-30 ABC-9"],
  ["created ASC, key ASC", "ABC-9 AB-30 ABC-10"],
  ["priority ASC", "ABC-10 ABC-9 AB-30"],
  ["priority DESC", "AB-30 ABC-9 ABC-10"],
  ["cf[1]", "AB-30 ABC-10 ABC-9"],
  ["Points DESC", "ABC-9 ABC-10 AB-30"],
  ["labels", "AB-30 ABC-10 ABC-9"],
  ["assignee", "ABC-9 ABC-10 AB-30"],
  ["due", "ABC-9 ABC-10 AB-30"],
  ["nothing", "ABC-10 ABC-9 AB-30"],
])("ORDER BY %s gives %s", (orderBy, expected) => {
  expect(order(orderBy)).toBe(expected);
});
