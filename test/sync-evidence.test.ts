import { afterEach, beforeEach, expect, test } from "vitest";
import { ConnectedCatalog } from "./fixtures/connected-catalog.ts";

let world: ConnectedCatalog;
let before: readonly string[];
let project: string;

beforeEach(async () => {
  world = await ConnectedCatalog.open({ seed: 5, projects: 3, users: 12, issues: 300 });
  await world.sync();
  before = await world.listIds();
  project = world.jira.site.projectKeys()[0] ?? "";
});
afterEach(() => world.close());

const listReasons = async (): Promise<string[]> =>
  (await world.store.plans.list("jira/test", 9)).map(({ kind, reason }) => `${kind} ${reason}`).toSorted();

test("I6: permission lost on one project: every entity stays, and the run says which project is hidden", async () => {
  world.jira.site.projectEdits.setBrowsable(project, false);
  const run = await world.sync();
  expect(await world.listIds()).toEqual(before);
  expect(run).toMatchObject({ deleted: 0, held: 2, viewer: { hidden: [project] } });
  expect(await listReasons()).toEqual(["issue projects_hidden", "project projects_hidden"]);
  // Neither is what is held forgotten or taken for gone later.
  expect(await world.sync({ mode: "verifying" })).toMatchObject({ deleted: 0, held: 2 });
  expect(await world.listIds()).toEqual(before);
});

test("I6: the permission comes back: nothing is missing, nothing is held any more", async () => {
  world.jira.site.projectEdits.setBrowsable(project, false);
  await world.sync();
  world.jira.site.projectEdits.setBrowsable(project, true);
  expect(await world.sync()).toMatchObject({ status: "completed", deleted: 0, held: 0, viewer: { hidden: [] } });
  expect(await world.listIds()).toEqual(before);
});

test("I6: permission lost on all projects: every entity stays", async () => {
  for (const key of world.jira.site.projectKeys()) world.jira.site.projectEdits.setBrowsable(key, false);
  expect(await world.sync()).toMatchObject({ deleted: 0 });
  expect(await world.listIds()).toEqual(before);
});

test("a project that was archived takes its issues along, as far as the guard allows", async () => {
  world.jira.site.projectEdits.archive(project);
  const run = await world.sync();
  const issues = before.filter((id) => id.startsWith("jiraIssue/"));
  const theirs = issues.filter((id) => id.startsWith(`jiraIssue/${project}-`));
  const isTooMany = theirs.length > 20 && theirs.length / issues.length > 0.2;
  expect(isTooMany).toBe(true);
  expect(await listReasons()).toEqual(["issue too_many"]);
  expect(run).toMatchObject({ held: 1, viewer: { hidden: [] } });
});

test.each([
  ["users", "/rest/api/3/users/search", 200, []],
  ["issues", "/rest/api/3/search/jql", 200, { issues: [] }],
  ["projects", "/rest/api/3/project/search", 200, { values: [], isLast: true, total: 0 }],
  ["users", "/rest/api/3/users/search", 403, { errorMessages: ["Forbidden"] }],
  ["issues", "/rest/api/3/search/jql", 403, { errorMessages: ["Forbidden"] }],
  ["projects", "/rest/api/3/project/search", 403, { errorMessages: ["Forbidden"] }],
])(
  "I6: when %s are answered by %s with %i, every entity stays and the run is not whole",
  async (_, path, status, body) => {
    world.proxy.answers.set(path, { status, body });
    const run = await world.sync();
    expect(await world.listIds()).toEqual(before);
    expect(run.status === "incomplete" || (run.held ?? 0) > 0).toBe(true);
    world.proxy.answers.clear();
    expect(await world.sync()).toMatchObject({ status: "completed", deleted: 0, held: 0 });
    expect(await world.listIds()).toEqual(before);
  },
);

test("I5: deletes of 19 % go through; 21 % are held until a person approves of them", async () => {
  const { site } = world.jira;
  const issues = await world.read("jiraIssue");
  // What others point at would stay as a stub.
  const pointedAt = new Set(
    [...issues.values()].flatMap(({ relations }) => [relations["parentIssue"], relations["subtasks"]].flat()),
  );
  const lonely = [...issues.values()].filter(
    ({ identifier, properties }) => properties["status"] !== null && !pointedAt.has(identifier),
  );
  const [bucket = ""] = (await world.store.ledger.listBuckets("jira/test")).filter((name) => name.includes("#issue/"));
  const countKnown = () => world.store.ledger.countEntities(bucket);
  const remove = async (share: number): Promise<{ readonly removed: readonly string[]; readonly known: number }> => {
    const known = await countKnown();
    const removed = lonely.splice(0, Math.ceil(known * share)).map(({ identifier }) => identifier);
    for (const key of removed) site.deleteIssue(key);
    return { removed, known };
  };
  const listLeft = async (keys: readonly string[]): Promise<readonly string[]> => {
    const left = await world.read("jiraIssue");
    return keys.filter((key) => left.has(key));
  };
  const first = await remove(0.19);
  expect(first.removed.length).toBeGreaterThan(20);
  expect(await world.sync()).toMatchObject({ held: 0 });
  expect(await listLeft(first.removed)).toEqual([]);
  const second = await remove(0.21);
  expect(await world.sync()).toMatchObject({ deleted: 0, held: 1 });
  expect(await listLeft(second.removed)).toEqual(second.removed);
  const [plan] = await world.store.plans.list("jira/test", 1);
  expect(plan).toMatchObject({ entities: second.removed.length, known: second.known, reason: "too_many" });
  await world.connector.approvePlan(plan?.id ?? "", { by: "maria", signal: new AbortController().signal });
  expect(await listLeft(second.removed)).toEqual([]);
});
