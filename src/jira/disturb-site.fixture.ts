import { createRandom } from "../simulator/random.ts";
import type { Site } from "../simulator/site/site.ts";

const DISTURBANCES_PER_STEP = 4;

/** Does one thing to the site; `serial` makes names unique, `pick` chooses by the seed. */
type Disturbance = (site: Site, serial: number, pick: Pick) => void;
type Pick = <T>(things: Iterable<T>) => T | undefined;

/** Where there is none to be changed any more, nothing happens. */
function upon<T>(thing: T | undefined, change: (thing: T) => unknown): void {
  if (thing !== undefined) change(thing);
}

const issues: readonly Disturbance[] = [
  (site) => site.drift(3),
  (site, serial, pick) =>
    upon(pick(site.projectKeys()), (project) => site.createIssue({ project, summary: `${serial}` })),
  (site, _serial, pick) => upon(pick(site.issueKeys()), (key) => site.deleteIssue(key)),
  // Reading goes from the oldest to the newest: without the oldest, all others move up.
  (site) => upon([...site.issueKeys()][0], (key) => site.deleteIssue(key)),
  (site, serial, pick) => upon(pick(site.workflows.statuses), ({ id }) => site.renameStatus(id, `Status ${serial}`)),
];

const people: readonly Disturbance[] = [
  ({ peopleEdits }, serial) => peopleEdits.add(`Person ${serial}`),
  (site, serial, pick) =>
    upon(pick(site.listUsers()), ({ accountId }) => site.renameUser(accountId, `Person ${serial}`)),
  (site, _serial, pick) => upon(pick(site.listUsers().slice(1)), ({ accountId }) => site.peopleEdits.remove(accountId)),
  ({ teams }, serial, pick) => upon(pick(teams), (team) => (team.displayName = `Team ${serial}`)),
];

const projects: readonly Disturbance[] = [
  ({ projectEdits }, serial) => projectEdits.create({ key: `N${serial}`, name: `Project ${serial}` }),
  (site, serial, pick) => upon(pick(site.projectKeys()), (key) => site.projectEdits.rename(key, `Project ${serial}`)),
  (site, _serial, pick) => upon(pick(site.projectKeys().slice(3)), (key) => site.projectEdits.archive(key)),
];

const plans: readonly Disturbance[] = [
  ({ planEdits, projects }, serial, pick) =>
    upon(pick(projects), (project) => planEdits.createVersion(project, { name: `Version ${serial}` })),
  ({ planEdits, projects }, serial, pick) =>
    upon(pick(projects.flatMap(({ versions }) => versions)), (version) =>
      planEdits.editVersion(version, { name: `Version ${serial}` }),
    ),
  ({ planEdits, projects }, _serial, pick) =>
    upon(pick(projects.flatMap(({ versions }) => versions)), (version) => planEdits.deleteVersion(version)),
  ({ planEdits, projects }, serial, pick) =>
    upon(pick(projects), (project) => planEdits.createComponent(project, { name: `Component ${serial}` })),
  ({ planEdits, projects }, serial, pick) =>
    upon(pick(projects.flatMap(({ components }) => components)), (component) =>
      planEdits.editComponent(component, { name: `Component ${serial}` }),
    ),
  ({ planEdits, projects }, _serial, pick) =>
    upon(pick(projects.flatMap(({ components }) => components)), (component) => planEdits.deleteComponent(component)),
];

const boards: readonly Disturbance[] = [
  ({ planEdits, projects }, serial, pick) =>
    upon(pick(projects), (project) => planEdits.createBoard(project, { name: `M ${serial}`, type: "scrum" })),
  // Boards are listed by name, so that some of these jump from the end of the list to its start.
  ({ planEdits, boards }, serial, pick) =>
    upon(pick(boards.boards.values()), (board) => planEdits.renameBoard(board, `${pick("AZ")} ${serial}`)),
  ({ planEdits, boards }, _serial, pick) => upon(pick(boards.boards.values()), (board) => planEdits.deleteBoard(board)),
  ({ planEdits, boards }, serial, pick) =>
    upon(pick(boards.boards.keys()), (boardId) => planEdits.createSprint({ boardId, name: `Sprint ${serial}` })),
  ({ planEdits, boards }, serial, pick) =>
    upon(pick(boards.sprints.values()), (sprint) => planEdits.editSprint(sprint, { name: `Sprint ${serial}` })),
  ({ planEdits, boards }, _serial, pick) =>
    upon(pick([...boards.sprints.values()].filter(({ state }) => state === "future")), (sprint) =>
      planEdits.editSprint(sprint, { state: "active" }),
    ),
  ({ planEdits, boards }, _serial, pick) =>
    upon(pick(boards.sprints.values()), (sprint) => planEdits.deleteSprint(sprint)),
];

const remarks: readonly Disturbance[] = [
  (site, _serial, pick) =>
    upon(pick(site.issueKeys()), (key) =>
      site.remarkEdits.addWorklog(key, { startedMs: site.now(), timeSpentSeconds: 60, body: undefined }),
    ),
  (site, serial, pick) =>
    upon(pick(listWorklogs(site)), (worklog) => site.remarkEdits.editWorklog(worklog, { timeSpentSeconds: serial })),
  (site, _serial, pick) => upon(pick(listWorklogs(site)), (worklog) => site.remarkEdits.deleteWorklog(worklog)),
];

const disturbances = [...issues, ...people, ...projects, ...plans, ...boards, ...remarks];

function listWorklogs(site: Site) {
  return [...site.liveIssues()].flatMap(({ n }) => site.worklogs.list(n));
}

/** A few things that people do to a Jira while somebody reads it; which, and to what, depends on the seed and `step`. */
export function disturbSite(site: Site, step: number): void {
  const random = createRandom(site.options.seed);
  for (let part = 0; part < DISTURBANCES_PER_STEP; part++) {
    const serial = step * DISTURBANCES_PER_STEP + part;
    let picks = 0;
    const pick: Pick = (things) => {
      const list = [...things];
      return list[random(serial, 1501 + picks++) % Math.max(1, list.length)];
    };
    disturbances[random(serial, 1500) % disturbances.length]?.(site, serial, pick);
  }
}
