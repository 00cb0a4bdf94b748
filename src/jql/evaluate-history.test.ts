import { expect, test } from "vitest";
import { evaluateJql } from "./evaluate-jql.ts";
import type { JqlChange, JqlItem, JqlSubject } from "./jql-value.ts";
import { parseJql } from "./parse-jql.ts";

const status = (name: string): JqlItem => ({ type: "named", id: name, name });
const at = (day: number): number => Date.UTC(2026, 0, day, 12);
const moved = (day: number, from: string, to: string, accountId: string): JqlChange => ({
  atMs: at(day),
  author: { type: "user", accountId, displayName: accountId, emailAddress: "" },
  from: status(from),
  to: status(to),
});

/** Open until the 5th, Doing until the 10th, Done since. */
const subject: JqlSubject = {
  read: () => status("Done"),
  history: (field) =>
    field === "status" ? [moved(5, "Open", "Doing", "ann"), moved(10, "Doing", "Done", "bob")] : undefined,
};

const verdict = (jql: string): string => evaluateJql(parseJql(jql), subject, { nowMs: at(20), timeZone: "UTC" });

test.each([
  "status was Open",
  "status was in (Doing, x)",
  "status was not Closed",
  "status was Doing by ann",
  "status was Doing on 2026-01-07",
  "status was Doing during ('2026-01-09', '2026-01-12')",
  "status was Done after 2026-01-19",
  "status was Doing before 2026-01-06",
  "status changed",
  "status changed from Open to Doing by ann on 2026-01-05",
  "status changed after -12d before -1d",
  "status changed to (Done, x) during (startOfMonth(), now())",
])("%s", (jql) => {
  expect(verdict(jql)).toBe("yes");
});

test.each([
  "status was Closed",
  "status was not Done",
  "status was Open by ann AND status was Closed",
  "status was Doing on 2026-01-12",
  "status was Done before 2026-01-09",
  "status changed by cid",
  "status changed from Open to Done",
  "status changed on 2026-01-06",
  "NOT status changed",
])("not: %s", (jql) => {
  expect(verdict(jql)).toBe("no");
});

test("without history, or about who chose the first value, only Jira can tell", () => {
  expect(verdict("priority was High")).toBe("unknown");
  expect(verdict("priority changed")).toBe("unknown");
  expect(verdict("status was Open by ann")).toBe("unknown");
});
