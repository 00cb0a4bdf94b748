import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../src/model/json.ts";
import { ConnectedCatalog } from "./fixtures/connected-catalog.ts";

let world: ConnectedCatalog;
beforeEach(async () => void (world = await ConnectedCatalog.open({ seed: 6, projects: 2, users: 8, issues: 120 })));
afterEach(() => world.close());

/** Issues that point at their parents, and back at their subtasks. */
function toIssues(jql: string): string {
  return `  - kind: issue
    selector: { query: "true", jql: "${jql}" }
    port:
      entity:
        mappings:
          identifier: .key
          title: .fields.summary
          blueprint: '"jiraIssue"'
          properties: { status: .fields.status.name }
          relations: { parentIssue: .fields.parent.key, subtasks: ".fields.subtasks | map(.key)" }
`;
}

const ALL = `resources:\n${toIssues("")}`;
const ONLY_SUBTASKS = "issuetype in subTaskIssueTypes()";

/** The relations that Jira has, by key. */
function listFamilies(): ReadonlyMap<string, { readonly parentIssue: string | null; readonly subtasks: string[] }> {
  const { site } = world.jira;
  return new Map(
    [...site.issueKeys()].map((key) => {
      // An issue as Jira renders it.
      const { fields } = world.jira.renderIssue(key) as {
        readonly fields: {
          readonly parent?: { readonly key: string };
          readonly subtasks?: readonly { readonly key: string }[];
        };
      };
      const subtasks = (fields.subtasks ?? []).map((subtask) => subtask.key);
      return [key, { parentIssue: fields.parent?.key ?? null, subtasks }];
    }),
  );
}

async function readFamilies(): Promise<ReadonlyMap<string, JsonObject>> {
  return new Map([...(await world.read("jiraIssue"))].map(([key, { relations }]) => [key, pick(relations)]));
}

function pick(relations: Readonly<Record<string, unknown>>): JsonObject {
  return { parentIssue: relations["parentIssue"], subtasks: relations["subtasks"] } as JsonObject; // relations are JSON
}

/** Entities that are there only because others point at them. */
async function listStubs(): Promise<readonly string[]> {
  return [...(await world.read("jiraIssue"))]
    .filter(([, { properties }]) => properties["status"] === null)
    .map(([key]) => key);
}

test("parents and subtasks point at each other in one sync: every relation of Jira is there, and no stub is left", async () => {
  world.mapping = ALL;
  const run = await world.sync();
  expect(run).toMatchObject({ status: "completed", stubs: 0, failureCount: 0 });
  const families = listFamilies();
  expect([...families.values()].filter(({ subtasks }) => subtasks.length > 0).length).toBeGreaterThan(5);
  expect(await readFamilies()).toEqual(families);
  expect(await listStubs()).toEqual([]);
});

test("issues in a circle, and one that is its own parent, come as they are, and let go again", async () => {
  const { site } = world.jira;
  world.mapping = ALL;
  await world.sync();
  const [first, second, third, own] = [...site.liveIssues()].filter(
    ({ parent, n }) => parent === undefined && site.issues.childrenOf(n).length === 0,
  );
  if (!first || !second || !third || !own) throw new Error("the site is too small");
  for (const [child, parent] of [
    [first, second],
    [second, third],
    [third, first],
    [own, own],
  ] as const) {
    site.editIssue(site.issues.keyOf(child), { parent: parent.n });
  }
  expect(await world.sync()).toMatchObject({ status: "completed", failureCount: 0, deleted: 0 });
  expect(await readFamilies()).toEqual(listFamilies());
  for (const issue of [first, second, third, own]) site.deleteIssue(site.issues.keyOf(issue));
  await world.sync({ mode: "verifying" });
  expect(await readFamilies()).toEqual(listFamilies());
});

test("a resource that points at what only a later one brings leaves no stub behind", async () => {
  world.mapping = `resources:\n${toIssues(ONLY_SUBTASKS)}${toIssues("issuetype in standardIssueTypes()")}`;
  expect(await world.sync()).toMatchObject({ status: "completed", failureCount: 0 });
  expect(await readFamilies()).toEqual(listFamilies());
  expect(await listStubs()).toEqual([]);
});

test("what is not selected is a stub as long as something points at it, and whole as soon as it is selected", async () => {
  world.mapping = `entityDeletionThreshold: 1\nresources:\n${toIssues(ONLY_SUBTASKS)}`;
  const families = listFamilies();
  const parents = new Set(
    [...families.values()]
      .filter(({ subtasks }) => subtasks.length > 0)
      .flatMap(({ subtasks }) => subtasks.map((key) => families.get(key)?.parentIssue)),
  );
  const run = await world.sync();
  expect(run.stubs).toBe(parents.size);
  expect(new Set(await listStubs())).toEqual(parents);
  world.mapping = ALL;
  await world.sync();
  expect(await listStubs()).toEqual([]);
  expect(await readFamilies()).toEqual(families);
  world.mapping = `entityDeletionThreshold: 1\nresources:\n${toIssues(ONLY_SUBTASKS)}`;
  await world.sync();
  expect(new Set(await listStubs())).toEqual(parents);
});
