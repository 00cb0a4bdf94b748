/**
 * How many requests one read of everything costs Jira: ours, counted by the simulator, beside the shape of the
 * reference (https://github.com/port-labs/ocean): pages of 50, one request per issue for worklogs, all boards listed
 * anew by each kind that goes through them. Ends with 1 if ours are more than a fifth.
 *
 *   npm run bench:requests [-- --quick]    (it takes seconds either way)
 */
import { connectJira } from "../src/jira/jira-session.ts";
import { KINDS } from "../src/jira/kinds.ts";
import type { JsonObject } from "../src/model/json.ts";
import type { RawObject } from "../src/model/raw-object.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { silentLogger } from "../src/runtime/logger.ts";
import { startSimulator } from "../src/simulator/simulator.ts";

const SIZES = { seed: 1, projects: 25, users: 200, boards: 50, versionsPerProject: 8, teams: 20 };
const ISSUES = 5_000;
const MOST_ALLOWED_SHARE = 0.2;
const REFERENCE_PAGE = 50;

const SELECTORS: Readonly<Record<string, JsonObject>> = {
  issue: { jql: "" },
  worklog: { jql: "" },
  backlog: { jql: null },
  sprint: { sprintState: null },
  epic: { status: null },
  team: { includeMembers: true },
};

const simulator = await startSimulator({ ...SIZES, issues: ISSUES });
const signal = new AbortController().signal;
const { email: user, token: password } = simulator;
const session = await connectJira(
  {
    host: simulator.url,
    deployment: "cloud",
    credentials: { type: "basic", user, password },
    organizationId: simulator.credentials.organizationId,
  },
  { clock: systemClock, logger: silentLogger, random: Math.random, signal },
);

const objects: Record<string, RawObject[]> = {};
const ours: Record<string, number> = {};
for (const [name, kind] of Object.entries(KINDS)) {
  const before = simulator.requests.total;
  const found: RawObject[] = [];
  const options = { signal, skip: () => false, fields: ["summary", "status"] };
  for await (const page of kind.read(session, kind.parseSelector(SELECTORS[name] ?? {}), options)) {
    found.push(...page.objects);
  }
  objects[name] = found;
  ours[name] = simulator.requests.total - before;
}
await session.close();
await simulator.close();

const reference = countReference(objects);
console.log("kind        objects   ours   reference   share");
const rows = [...Object.keys(KINDS), "total"];
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
for (const name of rows) {
  const isTotal = name === "total";
  const count = isTotal ? Object.values(objects).flat().length : (objects[name]?.length ?? 0);
  const mine = isTotal ? sum(ours) : (ours[name] ?? 0);
  const theirs = isTotal ? sum(reference) : (reference[name] ?? 0);
  console.log(
    `${name.padEnd(10)} ${String(count).padStart(8)} ${String(mine).padStart(6)} ${String(theirs).padStart(11)} ${(mine / theirs).toFixed(3).padStart(7)}`,
  );
}
const share = sum(ours) / sum(reference);
console.log(JSON.stringify({ bench: "requests", issues: ISSUES, ours: sum(ours), reference: sum(reference), share }));
process.exitCode = share <= MOST_ALLOWED_SHARE ? 0 : 1;

/** What the reference sends for the same objects, by the rules of its paging and fan-out. */
function countReference(found: Readonly<Record<string, readonly RawObject[]>>): Record<string, number> {
  const list = (name: string): readonly RawObject[] => found[name] ?? [];
  const pages = (count: number): number => Math.max(1, Math.ceil(count / REFERENCE_PAGE));
  /** One listing for each parent, also for those that have nothing. */
  const perParent = (parents: readonly RawObject[], sizeOf: (parent: RawObject) => number): number =>
    parents.reduce((total, parent) => total + pages(sizeOf(parent)), 0);
  const projectPages = pages(list("project").length);
  const boardPages = pages(list("board").length);
  const issuePages = pages(list("issue").length);
  const countBy = (name: string, parentsOf: (body: JsonObject) => readonly unknown[]): ((key: unknown) => number) => {
    const counts = new Map<unknown, number>();
    for (const object of list(name)) {
      for (const parent of parentsOf(object.body())) counts.set(parent, (counts.get(parent) ?? 0) + 1);
    }
    return (key) => counts.get(key) ?? 0;
  };
  const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
  const sprints = countBy("sprint", (body) => toList(body["__boardIds"]));
  const epics = countBy("epic", (body) => toList(body["__boardIds"]));
  const backlog = countBy("backlog", (body) => toList(body["__boardId"]));
  const versions = countBy("release", (body) => toList(body["__projectKey"]));
  const components = countBy("component", (body) => toList(body["project"]));
  const worklogs = countBy("worklog", (body) => toList(body["__issueKey"]));
  const boards = list("board");
  const projects = list("project");
  return {
    project: projectPages,
    // The list does not tell its end, so there is always one more request that comes back empty.
    user: pages(list("user").length) + 1,
    issue: issuePages,
    team: pages(list("team").length) + perParent(list("team"), (team) => toList(team.body()["__members"]).length),
    release: projectPages + perParent(projects, ({ key }) => versions(key)),
    board: boardPages + boards.length,
    sprint: boardPages + perParent(boards, ({ id }) => sprints(Number(id))),
    backlog: boardPages + perParent(boards, ({ id }) => backlog(Number(id))),
    epic: boardPages + perParent(boards, ({ id }) => epics(Number(id))),
    worklog: issuePages + perParent(list("issue"), ({ key }) => worklogs(key)),
    component: projectPages + perParent(projects, ({ key }) => components(key)),
  };
}
