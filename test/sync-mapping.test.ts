import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../src/model/json.ts";
import { ConnectedCatalog } from "./fixtures/connected-catalog.ts";

let world: ConnectedCatalog;
beforeEach(async () => void (world = await ConnectedCatalog.open({ seed: 5, projects: 2, users: 8, issues: 80 })));
afterEach(() => world.close());

const CALLER = { actor: "somebody", dataSource: "by hand" };
const MERGE = { existing: "merge", createMissingRelatedEntities: false } as const;

function createBlueprint(identifier: string, properties: JsonObject, relations: JsonObject = {}): Promise<unknown> {
  return world.catalog.createBlueprint({ identifier, title: identifier, schema: { properties }, relations }, CALLER);
}

async function write(blueprint: string, identifier: string, rest: JsonObject = {}): Promise<void> {
  const [written] = await world.catalog.writeEntities([{ blueprint, identifier, ...rest }], MERGE, CALLER);
  expect(written?.result).toBe("created");
}

/** A resource whose mapping has these lines. */
function toResource(kind: string, lines: readonly string[], port: readonly string[] = []): string {
  const indent = (all: readonly string[], by: number): string =>
    all.map((line) => `${" ".repeat(by)}${line}\n`).join("");
  const selector = kind === "issue" ? '{ query: "true", jql: "" }' : '{ query: "true" }';
  return `  - kind: ${kind}
    selector: ${selector}
    port:
${indent(port, 6)}      entity:
        mappings:
${indent(lines, 10)}`;
}

test("a search for the identifier finds the entity that somebody else made, and writes to no other", async () => {
  await createBlueprint("service", { project: { type: "string" }, issues: { type: "number" } });
  await write("service", "billing", { properties: { project: "AL" } });
  await write("service", "shop", { properties: { project: "nothing of Jira" } });
  world.mapping = `resources:\n${toResource("project", [
    "identifier: { combinator: '\"and\"', rules: [{ property: '\"project\"', operator: '\"=\"', value: .key }] }",
    "blueprint: '\"service\"'",
    "properties: { issues: .insight.totalIssueCount }",
  ])}`;
  const run = await world.sync();
  const services = await world.read("service");
  expect([...services.keys()].toSorted()).toEqual(["billing", "shop"]);
  expect(services.get("billing")?.properties).toMatchObject({ project: "AL", issues: expect.any(Number) as number });
  expect(services.get("shop")?.properties["issues"]).toBeNull();
  // The project that no service names is a failure of its own.
  expect(run.failures.map(({ object }) => object)).toEqual(world.jira.site.projectKeys().filter((key) => key !== "AL"));
});

test("a search for the targets of a relation finds them by what they are", async () => {
  await createBlueprint("area", {});
  await createBlueprint("work", {}, { area: { target: "area" } });
  await write("area", "area-1", { title: "AL" });
  world.mapping = `resources:\n${toResource("issue", [
    "identifier: .key",
    "blueprint: '\"work\"'",
    "relations:",
    "  area: { combinator: '\"and\"', rules: [{ property: '\"$title\"', operator: '\"=\"', value: .fields.project.key }] }",
  ])}`;
  await world.sync();
  const areas = new Set(
    [...(await world.read("work")).values()].map(
      ({ identifier, relations }) => `${identifier.split("-")[0]}: ${String(relations["area"])}`,
    ),
  );
  expect(areas).toContain("AL: area-1");
  expect([...areas].filter((each) => each.endsWith("area-1"))).toEqual(["AL: area-1"]);
});

test("itemsToParse: an entity for each element, and one whose element is gone goes", async () => {
  await createBlueprint("label", { issue: { type: "string" }, hasList: { type: "boolean" } });
  const mapping = (transform: boolean): string =>
    `resources:\n${toResource(
      "issue",
      [
        'identifier: .key + "/" + .label',
        "blueprint: '\"label\"'",
        'properties: { issue: .key, hasList: .fields | has("labels") }',
      ],
      ["itemsToParse: .fields.labels", "itemsToParseName: label", `itemsToParseTopLevelTransform: ${transform}`],
    )}`;
  const { site } = world.jira;
  const [key = ""] = site.issueKeys();
  site.editIssue(key, { labels: ["one", "two"] });
  world.mapping = mapping(true);
  await world.sync();
  const mine = async (): Promise<readonly (readonly [string, unknown])[]> =>
    [...(await world.read("label")).values()]
      .filter(({ properties }) => properties["issue"] === key)
      .toSorted((a, b) => a.identifier.localeCompare(b.identifier))
      .map(({ identifier, properties }) => [identifier, properties["hasList"]]);
  expect(await mine()).toEqual([
    [`${key}/one`, false],
    [`${key}/two`, false],
  ]);
  site.editIssue(key, { labels: ["two", "three"] });
  world.mapping = mapping(false);
  await world.sync();
  expect(await mine()).toEqual([
    [`${key}/three`, true],
    [`${key}/two`, true],
  ]);
});

const PROJECT = ["identifier: .key", "blueprint: '\"area\"'", "title: .name"];

test.each([
  [true, "stays"],
  [false, "is cleared"],
])("enableMergeEntity %s: what the mapping does not set %s", async (merges, fate) => {
  await createBlueprint("area", { owner: { type: "string" } });
  await write("area", "AL", { properties: { owner: "Ada" } });
  world.mapping = `enableMergeEntity: ${merges}\nresources:\n${toResource("project", PROJECT)}`;
  await world.sync();
  expect((await world.read("area")).get("AL")?.properties["owner"]).toBe(fate === "stays" ? "Ada" : null);
});

test.each([true, false])(
  "createMissingRelatedEntities %s: a stub, or a relation that is left out and told",
  async (makes) => {
    await createBlueprint("area", {});
    await createBlueprint("work", {}, { area: { target: "area" } });
    const work = ["identifier: .key", "blueprint: '\"work\"'", "relations: { area: .fields.project.key }"];
    world.mapping = `createMissingRelatedEntities: ${makes}\nresources:\n${toResource("issue", work)}`;
    const run = await world.sync();
    const projects = world.jira.site.projectKeys();
    expect(run.stubs).toBe(makes ? projects.length : 0);
    expect([...(await world.read("area")).keys()].toSorted()).toEqual(makes ? projects.toSorted() : []);
    expect(run.failureCount).toBe(makes ? 0 : world.jira.site.countIssues());
    expect((await world.read("work")).size).toBe(world.jira.site.countIssues());
    if (!makes)
      expect(run.failures[0]).toMatchObject({
        code: "not_found",
        message: expect.stringContaining('"area"') as string,
      });
  },
);

test.each([true, false])(
  "deleteDependentEntities %s: what requires a removed entity goes along, or keeps it alive",
  async (deletes) => {
    await createBlueprint("area", {});
    await createBlueprint("badge", {}, { area: { target: "area", required: true } });
    const head = `deleteDependentEntities: ${deletes}\nentityDeletionThreshold: 1\nresources:\n`;
    world.mapping = head + toResource("project", PROJECT);
    await world.sync();
    await write("badge", "gold", { relations: { area: "AL" } });
    world.mapping = world.mapping.replace('query: "true"', `query: '.key != "AL"'`);
    await world.sync();
    expect((await world.read("area")).has("AL")).toBe(!deletes);
    expect((await world.read("badge")).has("gold")).toBe(!deletes);
  },
);

test.each([
  [1, 0, "go through"],
  [0.4, 1, "are held"],
])("entityDeletionThreshold %s: half of a resource %s plans, they %s", async (threshold, held) => {
  await createBlueprint("area", {});
  world.mapping = `entityDeletionThreshold: ${threshold}\nresources:\n${toResource("project", PROJECT)}`;
  await world.sync();
  world.mapping = world.mapping.replace('query: "true"', `query: '.key != "AL"'`);
  expect(await world.sync()).toMatchObject({ deleted: 1 - held, held });
});
