import { afterEach, beforeEach, expect, test } from "vitest";
import type { Entity } from "../src/model/entity.ts";
import { ConnectedCatalog } from "./fixtures/connected-catalog.ts";

let world: ConnectedCatalog;
beforeEach(async () => void (world = await ConnectedCatalog.open({ seed: 5, projects: 2, users: 8, issues: 80 })));
afterEach(() => world.close());

const CALLER = { actor: "somebody", dataSource: "by hand" };
const signal = new AbortController().signal;

function toResource(kind: string, blueprint: string, entity: string, selector = ""): string {
  return `  - kind: ${kind}
    selector: { query: "true"${selector} }
    port: { entity: { mappings: { identifier: .key, blueprint: '"${blueprint}"', ${entity} } } }
`;
}

const PROJECTS = toResource("project", "jiraProject", "title: .name");
const ISSUES = toResource(
  "issue",
  "jiraIssue",
  "title: .fields.summary, relations: { parentIssue: .fields.parent.key }",
  ', jql: ""',
);

/** Everything about entities but who wrote them, and when. */
function toContent(entities: ReadonlyMap<string, Entity>): unknown {
  return new Map([...entities].map(([id, { title, properties, relations }]) => [id, { title, properties, relations }]));
}

test("an issue that moves to another project is there under its new key alone", async () => {
  await world.sync();
  const [from = "", to = ""] = world.jira.site.projectKeys();
  const pointed = new Set(
    [...(await world.read("jiraIssue")).values()].map(({ relations }) => relations["parentIssue"]),
  );
  const key = [...(await world.read("jiraIssue")).values()].find(
    ({ identifier, relations, properties }) =>
      identifier.startsWith(`${from}-`) &&
      properties["status"] !== null &&
      relations["parentIssue"] === null &&
      !pointed.has(identifier),
  )?.identifier;
  const moved = world.jira.site.moveIssue(key ?? "", to);
  await world.sync();
  const issues = await world.read("jiraIssue");
  expect(issues.has(moved)).toBe(true);
  expect(issues.has(key ?? "")).toBe(false);
});

test("I9: two resources write one entity; when the second lets go of it, what only that had set is cleared", async () => {
  const [first = "", second = ""] = [...world.jira.site.issueKeys()];
  const labelled = toResource(
    "issue",
    "jiraIssue",
    "properties: { priority: .fields.priority.name }",
    `, jql: "key in (${first}, ${second})"`,
  );
  world.mapping = `resources:\n${ISSUES}${labelled}`;
  await world.sync();
  const priorityOf = async (key: string) => (await world.read("jiraIssue")).get(key)?.properties["priority"];
  expect(await priorityOf(first)).toBeTypeOf("string");
  world.mapping = world.mapping.replace(`${first}, ${second}`, second);
  await world.sync();
  expect(await priorityOf(first)).toBeNull();
  expect(await priorityOf(second)).toBeTypeOf("string");
  expect((await world.read("jiraIssue")).get(first)?.title).not.toBe("");
});

test("I8: what people delete and change in the catalog is restored by a verifying resync, with what points at it", async () => {
  world.mapping = `resources:\n${PROJECTS}${ISSUES}`;
  await world.sync();
  const before = await world.read("jiraIssue");
  const parent = [...before.values()].find(({ relations }) => relations["parentIssue"] !== null)?.relations[
    "parentIssue"
  ];
  const [other = ""] = [...before.keys()].filter((key) => key !== parent);
  await world.catalog.deleteEntities(
    [{ blueprint: "jiraIssue", identifier: String(parent) }],
    { deleteDependents: false },
    CALLER,
  );
  const change = { title: "by hand", properties: { priority: "own" } };
  const options = { createMissingRelatedEntities: false };
  await world.catalog.patchEntity({ blueprint: "jiraIssue", identifier: other }, change, options, CALLER);
  await world.sync();
  expect((await world.read("jiraIssue")).get(other)?.title).toBe("by hand");
  const preview = await world.connector.preview({ trigger: "manual", mode: "verifying", signal });
  expect(preview.changes.get("jiraIssue")).toMatchObject({ samples: { created: [String(parent)] } });
  expect(preview.changes.get("jiraIssue")?.updated).toBeGreaterThan(1); // it, and what pointed at the parent
  await world.sync({ mode: "verifying" });
  const after = await world.read("jiraIssue");
  expect(after.get(other)).toMatchObject({ title: before.get(other)?.title, properties: { priority: "own" } });
  const withoutOwn = new Map([...after].filter(([key]) => key !== other));
  expect(toContent(withoutOwn)).toEqual(toContent(new Map([...before].filter(([key]) => key !== other))));
});

test("a dry run tells what the run then does, and writes nothing", async () => {
  world.mapping = `resources:\n${PROJECTS}${ISSUES}`;
  await world.sync();
  const seqBefore = await world.store.feed.lastSeq();
  const idsBefore = await world.listIds();
  const keys = [...world.jira.site.issueKeys()];
  for (const key of keys.slice(0, 4)) world.jira.site.editIssue(key, { summary: `New ${key}` });
  const pointed = new Set(
    [...(await world.read("jiraIssue")).values()].map(({ relations }) => relations["parentIssue"]),
  );
  const gone = keys
    .slice(4)
    .filter((key) => !pointed.has(key))
    .slice(0, 3);
  for (const key of gone) world.jira.site.deleteIssue(key);
  const preview = await world.connector.preview({ trigger: "manual", signal });
  expect(await world.listIds()).toEqual(idsBefore);
  expect((await world.store.feed.listAfter(seqBefore, 10)).filter(({ subject }) => subject === "entity")).toEqual([]);
  expect(preview.changes.get("jiraIssue")).toMatchObject({
    created: 0,
    updated: 4,
    deleted: 3,
    samples: { updated: keys.slice(0, 4), deleted: gone },
  });
  const run = await world.sync();
  expect(run.deleted).toBe(3);
  const counts = (of: typeof run) => of.resources.map((resource) => resource.counts);
  expect(counts(preview.run)).toEqual(counts(run));
});

test("a dry run tells what would be held, and of a first run that everything would be created", async () => {
  world.mapping = `resources:\n${ISSUES}`;
  const first = await world.connector.preview({ trigger: "manual", signal });
  expect(first.changes.get("jiraIssue")).toMatchObject({ created: 80, updated: 0, deleted: 0 });
  expect(await world.listIds()).toEqual([]);
  await world.sync();
  world.mapping = `resources:\n${ISSUES.replace('query: "true"', "query: .key == null")}`;
  const second = await world.connector.preview({ trigger: "manual", signal });
  expect(second.held).toMatchObject([{ kind: "issue", entities: 80, known: 80 }]);
  expect(second.changes.size).toBe(0);
});

test("clean removes what was created and nothing else: not what was there before, not what others made", async () => {
  await world.sync();
  const all = await world.listIds();
  await world.connector.clean(signal);
  expect(await world.listIds()).toEqual([]);
  const [project = ""] = world.jira.site.projectKeys();
  const foreign = { blueprint: "jiraProject", identifier: "FOREIGN" };
  const mine = { blueprint: "jiraProject", identifier: project, title: "here before" };
  const options = { existing: "refuse", createMissingRelatedEntities: false } as const;
  await world.catalog.writeEntities([foreign, mine], options, CALLER);
  await world.sync();
  expect(await world.listIds()).toHaveLength(all.length + 1);
  expect(await world.connector.clean(signal)).toMatchObject({ left: 1 });
  expect(await world.listIds()).toEqual(["jiraProject/FOREIGN", `jiraProject/${project}`].toSorted());
});

test("a resource with a mistake of its own is left out and reported, the others run, and nothing of it is removed", async () => {
  world.mapping = `resources:\n${PROJECTS}${ISSUES}`;
  await world.sync();
  const before = await world.listIds();
  world.mapping = `resources:\n${PROJECTS}${ISSUES.replace(".fields.summary", ".fields.")}`;
  const run = await world.sync();
  expect(run).toMatchObject({ status: "incomplete", deleted: 0 });
  expect(run.resources.map(({ kind, status }) => [kind, status])).toEqual([
    ["project", "completed"],
    ["issue", "failed"],
  ]);
  expect(run.resources[1]?.error).toMatch(/^line \d+, column \d+: .*not valid jq/);
  expect(await world.listIds()).toEqual(before);
});

test("an object that cannot be mapped fails alone, with its key, the expression, the reason and what it looked at", async () => {
  world.mapping = `resources:\n${toResource("project", "jiraProject", "title: .name").replace("identifier: .key", 'identifier: .key | if . == "AL" then error("planted") else . end')}`;
  const keys = world.jira.site.projectKeys();
  const run = await world.sync();
  expect(keys).toContain("AL");
  expect(run.failures).toMatchObject([
    { level: "error", object: "AL", field: "identifier", code: "expression_failed", sample: '"AL"' },
  ]);
  expect(run.failures[0]?.message).toContain("planted");
  expect((await world.read("jiraProject")).size).toBe(keys.length - 1);
});

test("a second resync waits for the first, and aborts nothing", async () => {
  const order: string[] = [];
  const runs = ["first", "second"].map(async (name) => {
    const run = await world.sync({ onProgress: () => void (order.at(-1) === name || order.push(name)) });
    return run.status;
  });
  expect(await Promise.all(runs)).toEqual(["completed", "completed"]);
  expect(order).toEqual(["first", "second"]);
});
