import type { Random } from "../jq/random.ts";

/** The world from which issues and queries are drawn; small, so that queries hit. */
export const PROJECTS = [
  { id: "10000", key: "ABC", name: "Alpha" },
  { id: "10001", key: "DO", name: "Do it" },
  { id: "10002", key: "X1", name: "alpha beta" },
];
export const STATUSES = [
  { id: "1", name: "To Do", statusCategory: { id: 2, key: "new", name: "待办" } },
  { id: "2", name: "In Progress", statusCategory: { id: 4, key: "indeterminate", name: "In Progress" } },
  { id: "3", name: "Done", statusCategory: { id: 3, key: "done", name: "完成" } },
  { id: "4", name: "done", statusCategory: { id: 3, key: "done", name: "Done" } },
];
export const CATEGORY_NAMES: Readonly<Record<string, string>> = {
  new: "To Do",
  indeterminate: "In Progress",
  done: "Done",
};
export const USERS = [
  { accountId: "5b10ac8d82e05b22cc7d4ef5", displayName: "Ann Lee", emailAddress: "ann@example.com" },
  { accountId: "712020:0e2f6e53-7d3c-4c7c-9b8e-000000000001", displayName: "Bob" },
  { accountId: "557058:0e2f6e53-7d3c-4c7c-9b8e-000000000002", displayName: "ann lee" },
];
/** From least to most important. */
export const PRIORITIES = [
  { id: "5", name: "Lowest" },
  { id: "3", name: "Medium" },
  { id: "1", name: "Highest" },
];
export const VERSIONS = [
  { id: "71", name: "1.0", released: true, archived: false },
  { id: "72", name: "2.0", released: false, archived: false },
  { id: "73", name: "72", released: false, archived: false },
];
export const SPRINTS = [
  { id: 1, name: "Sprint 1", state: "closed" },
  { id: 2, name: "Sprint 2", state: "active" },
  { id: 3, name: "Sprint 3", state: "future" },
];
export const TYPES = [
  { id: "10", name: "Story", subtask: false },
  { id: "11", name: "子任务", subtask: true },
];
export const LABELS = ["db", "DB", "ops", "Done"];
export const WORDS = ["login", "payment", "zebra", "quokka", "logs", "paying", "upgrade"];

export interface RawIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: {
    readonly summary: string;
    readonly project: (typeof PROJECTS)[number];
    readonly issuetype: (typeof TYPES)[number];
    readonly status: (typeof STATUSES)[number];
    readonly priority: (typeof PRIORITIES)[number] | null;
    readonly assignee: Readonly<Record<string, string>> | null;
    readonly labels: readonly string[];
    readonly fixVersions: readonly (typeof VERSIONS)[number][];
    readonly parent?: { readonly id: string; readonly key: string };
    readonly created: string;
    readonly updated: string;
    readonly resolutiondate: string | null;
    readonly duedate: string | null;
    /** Sprints. */
    readonly customfield_10020: readonly (typeof SPRINTS)[number][] | null;
    /** Story points. */
    readonly customfield_10016: number | null;
  };
}

/** What `GET /rest/api/3/field` says of the two custom fields. */
export const FIELDS = [
  {
    id: "customfield_10020",
    name: "Sprint",
    schema: { type: "array", items: "json", custom: "com.pyxis.greenhopper.jira:gh-sprint" },
  },
  { id: "customfield_10016", name: "Story Points", schema: { type: "number" } },
];

const MINUTE_MS = 60_000;

/** An issue whose dates lie around an instant, many of them on the very minute or hour. */
export function makeIssue(random: Random, aroundMs: number): RawIssue {
  const project = random.pick(PROJECTS);
  const number = random.integer(1, 30);
  return {
    id: String(20_000 + number),
    key: `${project.key}-${number}`,
    fields: {
      summary: random.some(WORDS, 1, 3).join(" "),
      project,
      issuetype: random.pick(TYPES),
      status: random.pick(STATUSES),
      priority: random.chance(0.2) ? null : random.pick(PRIORITIES),
      assignee: random.chance(0.3) ? null : random.pick(USERS),
      labels: random.some(LABELS, 0, 2),
      fixVersions: random.some(VERSIONS, 0, 2),
      ...(random.chance(0.5) ? { parent: { id: "20001", key: `${project.key}-1` } } : {}),
      created: toJiraDate(random, nearby(random, aroundMs)),
      updated: toJiraDate(random, nearby(random, aroundMs)),
      resolutiondate: random.chance(0.4) ? null : toJiraDate(random, nearby(random, aroundMs)),
      duedate: random.chance(0.3) ? null : new Date(nearby(random, aroundMs)).toISOString().slice(0, 10),
      customfield_10020: random.chance(0.3) ? null : random.some(SPRINTS, 1, 2),
      customfield_10016: random.chance(0.3) ? null : random.pick([0, 0.5, 1, 3, 8]),
    },
  };
}

function nearby(random: Random, aroundMs: number): number {
  const reach = random.pick([180, 3 * 1440, 3 * 1440, 60 * 1440]);
  const instant = aroundMs + random.integer(-reach, reach) * MINUTE_MS;
  const grid = random.pick([60 * MINUTE_MS, MINUTE_MS, 1]);
  return Math.floor(instant / grid) * grid + (grid === 1 ? random.integer(0, 59_999) : 0);
}

/** Jira's form, with the zone of the site and no colon in it. */
function toJiraDate(random: Random, epochMs: number): string {
  const [offset, minutes] = random.pick([
    ["+0000", 0],
    ["+0800", 480],
    ["-0330", -210],
  ] as const);
  return new Date(epochMs + minutes * MINUTE_MS).toISOString().replace("Z", offset);
}
