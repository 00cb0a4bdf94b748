import type { Json, JsonObject } from "../model/json.ts";
import { isJsonObject } from "../model/json.ts";
import type { SimulatorOptions } from "../simulator/options.ts";
import { toIssueId, type Issue } from "../simulator/site/issue.ts";
import { toUserKey } from "../simulator/site/people.ts";
import type { SiteProject } from "../simulator/site/projects.ts";
import type { Site } from "../simulator/site/site.ts";
import { KINDS, SERVER_KINDS, type AnyKind } from "./kinds.ts";

/** Those parts of an object by which its states are told apart. */
type State = readonly (Json | undefined)[];
type Thing = readonly [id: string, state: State];
type ProjectState = SiteProject["state"];

/** What a kind has to yield, out of the simulator's own tables instead of its answers. */
export interface KindTruth {
  readonly kind: AnyKind;
  /** A Jira in which reading the kind takes several pages. */
  readonly sizes: Partial<SimulatorOptions>;
  /** Everything there is. */
  readonly selector: JsonObject;
  /**
   * What there is in projects of this state. What is in archived ones no list shows, but who has seen it in one before
   * may still read it.
   */
  readonly things: (site: Site, state: "live" | "archived") => Iterable<Thing>;
  /** The state of what was read. */
  readonly read: (body: JsonObject) => State;
}

const at = (body: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), body);

const projectsOf = (site: Site, wanted: ProjectState): SiteProject[] =>
  site.projects.filter(({ state }) => state === wanted);

const visibleBoards = (site: Site) =>
  [...site.boards.boards.values()].filter(({ projectIndex }) => site.isVisible(site.projects[projectIndex]));

const isEpic = (site: Site, { typeIndex }: Issue): boolean => site.workflows.types[typeIndex]?.hierarchyLevel === 1;

const isDone = (site: Site, { statusIndex }: Issue): boolean =>
  site.workflows.statuses[statusIndex]?.category === "done";

function* issuesOf(site: Site, wanted: ProjectState): Generator<Issue> {
  for (let n = 0; n < site.issues.end; n++) {
    const issue = site.issues.find(n);
    if (issue && site.projects[issue.projectIndex]?.state === wanted) yield issue;
  }
}

function* issues(site: Site, wanted: ProjectState): Generator<Thing> {
  for (const issue of issuesOf(site, wanted)) {
    const assignee = issue.assigneeIndex === undefined ? undefined : site.people[issue.assigneeIndex];
    const status = site.workflows.statuses[issue.statusIndex]?.name;
    yield [toIssueId(issue.n), [site.issues.keyOf(issue), issue.summary, status, assignee?.displayName]];
  }
}

const readIssue = (body: JsonObject): State => [
  body["key"],
  at(body, "fields", "summary"),
  at(body, "fields", "status", "name"),
  at(body, "fields", "assignee", "displayName"),
];

function* backlogs(site: Site, wanted: ProjectState): Generator<Thing> {
  for (const issue of issuesOf(site, wanted)) {
    if (isDone(site, issue) || isEpic(site, issue)) continue;
    if (issue.sprintIds.some((id) => site.boards.sprints.get(id)?.state !== "closed")) continue;
    for (const { id, type, projectIndex } of visibleBoards(site)) {
      const isOnBoard = type !== "kanban" && projectIndex === issue.projectIndex;
      if (isOnBoard) yield [`${id}/${toIssueId(issue.n)}`, [issue.summary, id]];
    }
  }
}

function* epics(site: Site, wanted: ProjectState): Generator<Thing> {
  const shown = new Set(visibleBoards(site).map(({ projectIndex }) => projectIndex));
  for (const issue of issuesOf(site, wanted)) {
    const isShown = isEpic(site, issue) && shown.has(issue.projectIndex);
    if (isShown) yield [toIssueId(issue.n), [issue.summary, isDone(site, issue)]];
  }
}

function* worklogs(site: Site, wanted: ProjectState): Generator<Thing> {
  for (const issue of issuesOf(site, wanted)) {
    const key = site.issues.keyOf(issue);
    for (const { id, timeSpentSeconds } of site.worklogs.list(issue.n)) yield [id, [key, timeSpentSeconds]];
  }
}

const base = { issues: 500, projects: 6, boards: 14, users: 70, teams: 7 };

const cloud: Readonly<Record<string, Omit<KindTruth, "kind">>> = {
  project: {
    sizes: { ...base, projects: 700, boards: 4 },
    selector: {},
    things: (site, state) => projectsOf(site, state).map(({ id, key, name }) => [id, [key, name]]),
    read: ({ key, name }) => [key, name],
  },
  user: {
    sizes: { ...base, users: 5500 },
    selector: {},
    things: (site) =>
      site.listUsers().map(({ accountId, displayName, isActive }) => [accountId, [displayName, isActive]]),
    read: ({ displayName, active }) => [displayName, active],
  },
  issue: {
    sizes: { ...base, issues: 1500 },
    selector: { jql: "", fields: "summary,status,assignee" },
    things: issues,
    read: readIssue,
  },
  team: {
    sizes: { ...base, teams: 120 },
    selector: { includeMembers: true },
    things: (site) =>
      site.teams.map(({ teamId, displayName, memberIndexes }) => [
        teamId,
        [displayName, ...memberIndexes.map((index) => site.people[index]?.accountId)],
      ]),
    read: ({ displayName, __members }) => [
      displayName,
      ...(Array.isArray(__members) ? __members.map((member: Json) => at(member, "accountId")) : []),
    ],
  },
  release: {
    sizes: { ...base, projects: 12, versionsPerProject: 30 },
    selector: {},
    things: (site, state) =>
      projectsOf(site, state).flatMap(({ key, versions }) =>
        versions.map(({ id, name, isReleased }) => [id, [key, name, isReleased]] as const),
      ),
    read: ({ __projectKey, name, released }) => [__projectKey, name, released],
  },
  component: {
    sizes: { ...base, projects: 30 },
    selector: {},
    things: (site, state) =>
      projectsOf(site, state).flatMap(({ key, components }) =>
        components.map(({ id, name }) => [id, [key, name]] as const),
      ),
    read: ({ __project, name }) => [at(__project, "key"), name],
  },
  board: {
    sizes: { ...base, projects: 25, boards: 75 },
    selector: {},
    things: (site) =>
      visibleBoards(site).map(({ id, name, projectIndex }) => [String(id), [name, site.projects[projectIndex]?.key]]),
    read: ({ name, __projectKeys }) => [name, ...(Array.isArray(__projectKeys) ? __projectKeys : [])],
  },
  sprint: {
    sizes: { ...base, boards: 18, sprintsPerBoard: 70 },
    selector: { sprintState: null },
    things: (site) => {
      const shown = visibleBoards(site).flatMap(({ hasSprints, sprintIds }) => (hasSprints ? sprintIds : []));
      const sprints = [...new Set(shown)].flatMap((id) => site.boards.sprints.get(id) ?? []);
      return sprints.map(({ id, name, state }) => [String(id), [name, state]]);
    },
    read: ({ name, state }) => [name, state],
  },
  backlog: {
    sizes: { ...base, issues: 1800 },
    selector: { jql: null },
    things: backlogs,
    read: (body) => [at(body, "fields", "summary"), body["__boardId"]],
  },
  epic: {
    sizes: { ...base, issues: 2400, projects: 2, boards: 8 },
    selector: { status: null },
    things: epics,
    read: ({ summary, done }) => [summary, done],
  },
  worklog: {
    sizes: base,
    selector: { jql: "" },
    things: worklogs,
    read: ({ __issueKey, timeSpentSeconds }) => [__issueKey, timeSpentSeconds],
  },
};

const server: Readonly<Record<string, Omit<KindTruth, "kind">>> = {
  project: {
    sizes: base,
    selector: {},
    things: (site, state) => projectsOf(site, state).map(({ id, key, name }) => [id, [key, name]]),
    read: ({ key, name }) => [key, name],
  },
  user: {
    sizes: { ...base, users: 900 },
    selector: {},
    things: (site) => site.listUsers().map((user) => [toUserKey(user), [user.displayName, user.isActive]]),
    read: ({ displayName, active }) => [displayName, active],
  },
  issue: {
    sizes: { ...base, issues: 1400 },
    selector: { jql: "", fields: "summary,status,assignee" },
    things: issues,
    read: readIssue,
  },
};

export const CLOUD_TRUTHS = toTruths(cloud, KINDS);

export const SERVER_TRUTHS = toTruths(server, SERVER_KINDS).map((truth): KindTruth => ({
  ...truth,
  sizes: { ...truth.sizes, deployment: "server" },
}));

/** In the order of the kinds; a kind that nobody has described fails here. */
function toTruths(
  described: Readonly<Record<string, Omit<KindTruth, "kind">>>,
  kinds: Readonly<Record<string, AnyKind>>,
): KindTruth[] {
  return Object.entries(kinds).map(([name, kind]) => {
    const truth = described[name];
    if (truth === undefined) throw new Error(`The kind "${name}" has no truth to be held against: describe it here`);
    return { kind, ...truth };
  });
}
