import { expect, test } from "vitest";
import { toSimulatorOptions } from "../options.ts";
import { toWiki } from "../site/document.ts";
import type { Issue } from "../site/issue.ts";
import { Site } from "../site/site.ts";
import { TestClock } from "../test-clock.fixture.ts";
import { IssueSearch } from "./issue-search.ts";

const clock = new TestClock(Date.UTC(2026, 5, 3, 10, 0));
const site = new Site(
  toSimulatorOptions({ seed: 3, issues: 600, projects: 5, clock, timeZone: "UTC", originMs: clock.now() }),
);
const search = new IssueSearch(site);
const dayMs = 86_400_000;

const isDone = (issue: Issue): boolean => site.workflows.statuses[issue.statusIndex]?.category === "done";
const typeName = (issue: Issue): string | undefined => site.workflows.types[issue.typeIndex]?.name;
const statusName = (issue: Issue): string | undefined => site.workflows.statuses[issue.statusIndex]?.name;
const sprintStates = (issue: Issue): unknown[] => issue.sprintIds.map((id) => site.boards.sprints.get(id)?.state);
/** Every seventh generated issue blocks the one before it. */
const seventh = site.issues.keyOf(site.getIssue("10008"));
const account = site.people[3]?.accountId ?? "";

/** Each query beside what it means, read from the truth and not from the search. */
const queries: readonly (readonly [jql: string, means: (issue: Issue) => boolean])[] = [
  ["project = AL", (issue) => issue.projectIndex === 0],
  ["project in (10001, Atlas)", (issue) => issue.projectIndex < 2],
  ["project is not EMPTY", () => true],
  ["statusCategory = Done", isDone],
  ["statusCategory != done", (issue) => !isDone(issue)],
  ['status = "In Review"', (issue) => statusName(issue) === "In Review"],
  [
    'status in ("To Do", 3)',
    (issue) => statusName(issue) === "To Do" || (statusName(issue) === "In Progress" && issue.projectIndex % 2 === 0),
  ],
  ["issuetype = Epic", (issue) => typeName(issue) === "Epic"],
  ["issuetype in subTaskIssueTypes()", (issue) => site.workflows.types[issue.typeIndex]?.hierarchyLevel === -1],
  ["priority = High", (issue) => issue.priorityIndex === 1],
  ["priority > Medium", (issue) => issue.priorityIndex < 2],
  ["resolution is EMPTY", (issue) => issue.resolutionIndex === undefined],
  ["assignee is EMPTY", (issue) => issue.assigneeIndex === undefined],
  [`assignee = "${account}"`, (issue) => issue.assigneeIndex === 3],
  [`assignee != "${account}"`, (issue) => issue.assigneeIndex !== undefined && issue.assigneeIndex !== 3],
  ["reporter = currentUser()", (issue) => issue.reporterIndex === 0],
  ["created >= -30d", (issue) => issue.createdMs >= clock.now() - 30 * dayMs],
  ["created < 2025-12-01", (issue) => issue.createdMs < Date.UTC(2025, 11, 1)],
  [`updated >= ${clock.now() - dayMs}`, (issue) => issue.updatedMs >= clock.now() - dayMs],
  ["resolved >= startOfYear()", (issue) => (issue.resolvedMs ?? 0) >= Date.UTC(2026, 0, 1)],
  ["due < now()", (issue) => issue.dueDate !== undefined && issue.dueDate < "2026-06-03"],
  ["labels = backend", (issue) => issue.labels.includes("backend")],
  ["labels is EMPTY", (issue) => issue.labels.length === 0],
  ["component = API AND project = AL", (issue) => issue.projectIndex === 0 && issue.componentIds.includes("10000")],
  [
    "fixVersion in unreleasedVersions()",
    (issue) => issue.fixVersionIds.some((id) => site.findVersion(id)?.isReleased === false),
  ],
  ["sprint in openSprints()", (issue) => sprintStates(issue).includes("active")],
  ["sprint = 5", (issue) => issue.sprintIds.includes(5)],
  ["sprint is EMPTY", (issue) => issue.sprintIds.length === 0],
  ['"Story Points" >= 5', (issue) => issue.projectIndex % 2 === 0 && (issue.storyPoints ?? 0) >= 5],
  ["cf[10016] = 3", (issue) => issue.projectIndex % 2 === 1 && issue.storyPoints === 3],
  ["parent = AL-1", (issue) => issue.parent === 0],
  ["key in (AL-1, HB-2, 10003)", (issue) => [0, site.issues.serialOf("HB-2"), 2].includes(issue.n)],
  ["key >= AL-30 AND key < AL-40", (issue) => issue.projectIndex === 0 && issue.number >= 30 && issue.number < 40],
  ['summary ~ "cache"', (issue) => issue.summary.includes("cache")],
  [
    'description ~ "deploy"',
    (issue) => toWiki(issue.description, site.prose)?.toLowerCase().includes("deploy") === true,
  ],
  ['assignee in membersOf("jira-administrators")', (issue) => issue.assigneeIndex === 0 || issue.assigneeIndex === 1],
  [`issue in linkedIssues(${seventh})`, (issue) => site.linkedKeys(seventh).includes(site.issues.keyOf(issue))],
  ["timespent > 0", (issue) => site.worklogs.list(issue.n).length > 0],
  ['status WAS "To Do" AND project = HB', (issue) => issue.projectIndex === 1],
  [
    "project = AL AND NOT issuetype = Bug OR key = HB-1",
    (issue) => (issue.projectIndex === 0 && typeName(issue) !== "Bug") || site.issues.keyOf(issue) === "HB-1",
  ],
];

test.each(queries)("%s", (jql, means) => {
  const expected = [...site.liveIssues()].filter(means).map(({ n }) => n);
  const found = search.list(jql).map(({ n }) => n);
  expect(found.toSorted((left, right) => left - right)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(0);
});

test.each([
  ["", (issue: Issue) => -issue.n],
  [" ORDER BY created ASC", (issue: Issue) => issue.createdMs],
  [" ORDER BY id DESC", (issue: Issue) => -issue.n],
  [" ORDER BY updated DESC", (issue: Issue) => -issue.updatedMs],
  [" ORDER BY key ASC", (issue: Issue) => issue.projectIndex * 1e6 + issue.number],
  [" ORDER BY priority DESC, created", (issue: Issue) => issue.priorityIndex * 1e13 + issue.createdMs],
  [" ORDER BY nonsense", (issue: Issue) => -issue.n],
])("the order of%j is that of the truth", (order, toRank) => {
  const jql = `project in (AL, HB)${order}`;
  const ranks = search.list(jql).map(toRank);
  expect(ranks).toEqual(ranks.toSorted((left, right) => left - right));
  expect(ranks.length).toBeGreaterThan(200);
});
