import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import { InputError } from "../runtime/errors.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { Site } from "../simulator/site/site.ts";
import type { JiraSession } from "./jira-session.ts";
import { KIND_NAMES, KINDS, SERVER_KINDS, type AnyKind } from "./kinds.ts";
import { readAll, startSession, type SimulatedSession } from "./simulated-session.fixture.ts";

let running: SimulatedSession | undefined;
afterEach(() => running?.close());

interface Truth {
  readonly selector: JsonObject;
  /** What there is, out of the simulator's own tables. */
  readonly ids: (site: Site) => Iterable<string>;
}

const toIssueId = (n: number): string => String(10_001 + n);
const liveProjects = (site: Site) => site.projects.filter(({ state, isBrowsable }) => state === "live" && isBrowsable);
const visibleBoards = (site: Site) =>
  [...site.boards.boards.values()].filter(({ projectIndex }) => site.isVisible(site.projects[projectIndex]));
const isEpic = (site: Site, typeIndex: number): boolean => site.workflows.types[typeIndex]?.hierarchyLevel === 1;
const isDone = (site: Site, statusIndex: number): boolean => site.workflows.statuses[statusIndex]?.category === "done";

const TRUTHS: Readonly<Record<string, Truth>> = {
  project: { selector: {}, ids: (site) => liveProjects(site).map(({ id }) => id) },
  user: { selector: {}, ids: (site) => site.people.map(({ accountId }) => accountId) },
  issue: { selector: { jql: "" }, ids: (site) => [...site.liveIssues()].map(({ n }) => toIssueId(n)) },
  team: { selector: { includeMembers: true }, ids: (site) => site.teams.map(({ teamId }) => teamId) },
  release: { selector: {}, ids: (site) => liveProjects(site).flatMap(({ versions }) => versions.map(({ id }) => id)) },
  component: {
    selector: {},
    ids: (site) => liveProjects(site).flatMap(({ components }) => components.map(({ id }) => id)),
  },
  board: { selector: {}, ids: (site) => visibleBoards(site).map(({ id }) => String(id)) },
  sprint: {
    selector: { sprintState: null },
    ids: (site) =>
      new Set(visibleBoards(site).flatMap((board) => (board.hasSprints ? board.sprintIds.map(String) : []))),
  },
  backlog: {
    selector: { jql: null },
    ids: (site) =>
      visibleBoards(site).flatMap((board) =>
        [...site.liveIssues()]
          .filter(
            (issue) =>
              board.type !== "kanban" &&
              issue.projectIndex === board.projectIndex &&
              !isDone(site, issue.statusIndex) &&
              !isEpic(site, issue.typeIndex) &&
              issue.sprintIds.every((id) => site.boards.sprints.get(id)?.state === "closed"),
          )
          .map(({ n }) => `${board.id}/${toIssueId(n)}`),
      ),
  },
  epic: {
    selector: { status: null },
    ids: (site) => {
      const projects = new Set(visibleBoards(site).map(({ projectIndex }) => projectIndex));
      const epics = [...site.liveIssues()].filter(
        ({ typeIndex, projectIndex }) => isEpic(site, typeIndex) && projects.has(projectIndex),
      );
      return epics.map(({ n }) => toIssueId(n));
    },
  },
  worklog: {
    selector: { jql: "" },
    ids: (site) => [...site.liveIssues()].flatMap(({ n }) => site.worklogs.list(n).map(({ id }) => id)),
  },
};

/** Jira may refuse a query that names an issue which is gone. */
const bothWays = KIND_NAMES.flatMap((name) =>
  [false, true].map((refusesUnknownIssues) => ({ name, refusesUnknownIssues })),
);

const getKind = (name: string): AnyKind => KINDS[name] ?? expect.unreachable(`no kind ${name}`);
const toIds = (objects: readonly { readonly id: string }[]): string[] => objects.map(({ id }) => id);

test("every kind has a truth to be held against", () => {
  expect(Object.keys(TRUTHS).toSorted()).toEqual(KIND_NAMES.toSorted());
});

const cases = Object.entries(TRUTHS).flatMap(([name, truth]) => [1, 2, 3].map((seed) => ({ name, seed, truth })));

test.each(cases)(
  "$name, seed $seed: every tenth request spoilt and pages short, it is what the site has",
  async (given) => {
    const { name, seed, truth } = given;
    const sizes = { seed, issues: 600, projects: 6, boards: 14, users: 70, teams: 7, hasShortPages: true };
    running = await startSession({ ...sizes, spoiltShare: 0.1 });
    const { session, simulator } = running;
    const spoilt = await readAll(getKind(name), session, truth.selector);
    const expected = new Set(truth.ids(simulator.site));
    expect(expected.size).toBeGreaterThan(0);
    expect(new Set(toIds(spoilt))).toEqual(expected);
    expect(spoilt).toHaveLength(expected.size);
  },
);

test("the faults of these tests do happen, each sort of them", async () => {
  running = await startSession({ issues: 4000, seed: 1, spoiltShare: 0.4 });
  await readAll(getKind("issue"), running.session, { jql: "" });
  expect(new Set(running.proxy?.faults).size).toBe(8);
  expect(Object.values(running.session.client.counts()).some(({ retries }) => retries > 0)).toBe(true);
});

test.each(bothWays)(
  "a Jira that changes under the walk loses nothing that stays, and nothing comes twice (%j)",
  async ({ name, refusesUnknownIssues }) => {
    const { selector, ids } = TRUTHS[name] ?? expect.unreachable(`no truth of ${name}`);
    const change = (index: number, { site }: Simulator): void => {
      if (index === 0) return;
      site.drift(3);
      const [key] = site.issueKeys();
      if (key !== undefined && index % 2 === 0) site.deleteIssue(key);
      site.createIssue({ project: site.projectKeys()[0] ?? "", summary: `Made before request ${index}` });
    };
    running = await startSession({
      seed: 4,
      issues: 900,
      projects: 4,
      hasShortPages: true,
      refusesUnknownIssues,
      onRequest: change,
    });
    const { session, simulator } = running;
    const before = new Set(ids(simulator.site));
    const found = toIds(await readAll(getKind(name), session, selector));
    const stayed = [...new Set(ids(simulator.site))].filter((id) => before.has(id));
    // What moves out of a backlog and back in, or from one status to another, is no miss.
    const steady = name === "backlog" || name === "epic" ? [] : stayed;
    expect(found).toEqual(expect.arrayContaining(steady));
    expect(new Set(found).size).toBe(found.length);
  },
);

test.each(KIND_NAMES)("%s: the same object has the same hash when it is read again", async (name) => {
  const { selector } = TRUTHS[name] ?? expect.unreachable(`no truth of ${name}`);
  running = await startSession({ issues: 120 });
  const again = await running.reconnect();
  const readHashes = async (session: JiraSession): Promise<Map<string, string>> =>
    new Map((await readAll(getKind(name), session, selector)).map(({ id, hash }) => [id, hash]));
  expect(await readHashes(again)).toEqual(await readHashes(running.session));
  await again.close();
});

test.each(bothWays)(
  "read bothWays an object is what the full read yields (%j)",
  async ({ name, refusesUnknownIssues }) => {
    const { selector } = TRUTHS[name] ?? expect.unreachable(`no truth of ${name}`);
    running = await startSession({ issues: 60, refusesUnknownIssues });
    const { session } = running;
    const kind = getKind(name);
    if (kind.readOne === undefined) {
      expect(["backlog", "component", "epic", "team"]).toContain(name);
      return;
    }
    const options = { signal: new AbortController().signal, fields: "all" } as const;
    const parsed = kind.parseSelector(selector);
    for (const object of (await readAll(kind, session, selector)).slice(0, 5)) {
      expect((await kind.readOne(session, parsed, object.id, options))?.body()).toEqual(object.body());
    }
    expect(await kind.readOne(session, parsed, "999999999", options)).toBeUndefined();
  },
);

test.each(["project", "issue"])("%s: an account that sees nothing any more is no empty Jira", async (name) => {
  running = await startSession({ issues: 20 });
  const { session, simulator } = running;
  for (const key of simulator.site.projectKeys()) simulator.site.getProject(key).isBrowsable = false;
  simulator.site.deniedPermissions.add("BROWSE_PROJECTS");
  await expect(readAll(getKind(name), session)).rejects.toThrow(/shows this account no project at all/);
});

test("boards are listed once for all kinds of a run, and again in the next", async () => {
  running = await startSession({ issues: 50, boards: 12 });
  const { simulator } = running;
  for (const run of [1, 2]) {
    const session = await running.reconnect();
    for (const name of ["sprint", "backlog", "epic"]) await readAll(getKind(name), session);
    expect(simulator.requests.count("GET /rest/agile/1.0/board")).toBe(run);
    await session.close();
  }
});

test("through the gateway with a scoped token, what Jira calls itself is the address of the site", async () => {
  running = await startSession({ issues: 10, gateway: true });
  const [project] = await readAll(getKind("project"), running.session);
  expect(project?.body()["self"]).toMatch(new RegExp(`^${running.session.siteUrl}/rest/api/3/project/`));
  expect(running.session.siteUrl).not.toContain("/ex/jira/");
});

test.each(Object.keys(SERVER_KINDS))("%s of a Data Center is what the site has, with faults", async (name) => {
  running = await startSession({ deployment: "server", seed: 5, issues: 700, users: 130, spoiltShare: 0.1 });
  const { session, simulator } = running;
  const kind = SERVER_KINDS[name] ?? expect.unreachable(`no kind ${name}`);
  const objects = await readAll(kind, session, name === "issue" ? { jql: "", fields: "summary" } : {});
  const { ids } = TRUTHS[name] ?? expect.unreachable(`no truth of ${name}`);
  expect(objects).toHaveLength(new Set(ids(simulator.site)).size);
  expect(new Set(toIds(objects)).size).toBe(objects.length);
});

describe("docs/jira.md", () => {
  const page = readFileSync(resolve(import.meta.dirname, "../../docs/jira.md"), "utf8");

  /** The rows of the table under a heading, as the texts of their cells, without the head of the table. */
  function rows(heading: string): string[][] {
    const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
    const lines = section.split("\n").filter((line) => line.startsWith("| `"));
    return lines.map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  }

  const names = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

  test("lists every kind, and how each notices changes, as the code has it", () => {
    expect(rows("Kinds").flatMap(([kind]) => names(kind))).toEqual(KIND_NAMES);
    expect(rows("Noticing changes")).toHaveLength(KIND_NAMES.length);
    for (const [kind, since, events, bothWays] of rows("Noticing changes")) {
      const documented = getKind(names(kind)[0] ?? "");
      expect({ since, events: names(events) }, kind).toEqual(documented.changes);
      expect(bothWays, kind).toBe("readOne" in documented ? "yes" : "no");
    }
  });

  test("names only selector keys that the kinds have", () => {
    const isKey = (kind: string, key: string): boolean => {
      try {
        getKind(kind).parseSelector({ [key]: null });
      } catch (error) {
        return error instanceof InputError && error.problems.every(({ code }) => code !== "unknown_selector_key");
      }
      return true;
    };
    for (const [kind, selector = ""] of rows("Kinds")) {
      const keys = selector.replaceAll(/ \([^()]*(\([^()]*\)[^()]*)*\)/g, "");
      for (const key of names(keys)) expect(isKey(names(kind)[0] ?? "", key), `${kind} ${key}`).toBe(true);
    }
    expect(isKey("issue", "planted")).toBe(false);
  });
});
