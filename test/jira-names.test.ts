import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { adfToMarkdown } from "../src/adf/adf-to-markdown.ts";
import type { Entity } from "../src/model/entity.ts";
import type { JsonObject } from "../src/model/json.ts";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { makeFolder } from "./fixtures/folder.ts";
import { readEntities } from "./fixtures/open-catalog.ts";
import { runQuayside, type Finished } from "./fixtures/quayside-process.ts";

let jira: Simulator;
let data: ReturnType<typeof makeFolder>;

beforeEach(async () => {
  jira = await startSimulator({ seed: 7, projects: 2, users: 10, issues: 60 });
  data = makeFolder();
});
afterEach(async () => {
  await jira.close();
  data.remove();
});

function run(args: readonly string[], host: string, change: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return runQuayside(args, {
    OCEAN__INTEGRATION__CONFIG__JIRA_HOST: host,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: jira.email,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: jira.token,
    QUAYSIDE_DATA: data.path,
    ...change,
  });
}

async function sync(host: string, change: Readonly<Record<string, string>>): Promise<void> {
  const { code, stderr } = await run(["sync"], host, change);
  expect(code, stderr).toBe(0);
}

function read(host: string, blueprint: string): Promise<ReadonlyMap<string, Entity>> {
  const { host: name, pathname } = new URL(host);
  const folder = `${name}${pathname}`.replace(/\/$/, "").replaceAll(/[^\w.-]+/g, "_");
  return readEntities(join(data.path, "sites", folder), blueprint);
}

test("through the API gateway the default mapping links to the site, where people can open it", async () => {
  const token = jira.credentials.grantScopedToken();
  await sync(jira.gatewayUrl, { OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: token });
  const issues = [...(await read(jira.gatewayUrl, "jiraIssue")).values()];
  // Others are stubs: only named by issues that the JQL selects.
  const selected = issues.filter(({ properties }) => (properties["url"] ?? null) !== null);
  expect(selected.length).toBeGreaterThan(10);
  for (const { identifier, properties } of selected) expect(properties["url"]).toBe(`${jira.url}/browse/${identifier}`);
  for (const { identifier, properties } of (await read(jira.gatewayUrl, "jiraProject")).values()) {
    expect(properties["url"]).toBe(`${jira.url}/projects/${identifier}`);
  }
});

function writeMapping(jql: string, status: string): Readonly<Record<string, string>> {
  const file = join(data.path, "mapping.yaml");
  mkdirSync(data.path, { recursive: true });
  writeFileSync(
    file,
    `resources:
  - kind: issue
    selector:
      query: "true"
      jql: ${jql}
    port:
      entity:
        mappings:
          identifier: .key
          blueprint: '"jiraIssue"'
          title: .fields.description | adf_to_markdown
          properties:
            priority: field("Story Points") | tostring
            issueType: field("Sprint") // [] | map(.name) | join(", ")
            status: ${status}
`,
  );
  return { QUAYSIDE_MAPPING: file };
}

test("a mapping names fields as people do, and reads documents as Markdown", async () => {
  await sync(jira.url, writeMapping("project = AL", ".key"));
  const entities = [...(await read(jira.url, "jiraIssue")).values()];
  expect(entities.length).toBeGreaterThan(10);
  for (const { identifier, title, properties } of entities) {
    const { fields } = jira.renderIssue(identifier) as { readonly fields: JsonObject }; // an issue has fields
    const sprints = (fields["customfield_10020"] ?? []) as readonly { readonly name: string }[]; // the field of sprints
    // An entity without a title is called by its identifier.
    expect(title).toBe(fields["description"] === null ? identifier : adfToMarkdown(fields["description"]));
    expect(properties["priority"]).toBe(JSON.stringify(fields["customfield_10028"] ?? null));
    expect(properties["issueType"]).toBe(sprints.map(({ name }) => name).join(", "));
  }
  expect(entities.some(({ title }) => title?.includes("\n"))).toBe(true);
  expect(entities.some(({ properties }) => properties["priority"] !== "null")).toBe(true);
  expect(entities.some(({ properties }) => properties["issueType"] !== "")).toBe(true);
});

test("names that Jira does not know are told, with the nearest ones, before Jira refuses them", async () => {
  const settings = writeMapping(`'"Cost center" is EMPTY'`, 'field("Story Pionts")');
  const { code, stderr } = await run(["sync"], jira.url, settings);
  expect(stderr).toContain("There is no field 'Cost center': did you mean 'Cost centre'?");
  expect(stderr).toContain(String.raw`Jira has no field \"Story Pionts\"; did you mean \"Story Points\"?`);
  expect(stderr).toContain("Field 'Cost center' does not exist");
  expect(code).toBe(6);
});

test("a field that is renamed is read on, one that is removed is missed, and both are kept on the run", async () => {
  const settings = writeMapping("project = AL", ".key");
  const readPoints = async (): Promise<unknown[]> =>
    [...(await read(jira.url, "jiraIssue")).values()].map(({ properties }) => properties["priority"]);
  const showRun = async (): Promise<string> => (await run(["runs", "show"], jira.url)).stdout;
  await sync(jira.url, settings);
  const points = await readPoints();
  expect(await showRun()).not.toContain("mapping:");
  jira.site.fieldEdits.rename("customfield_10028", "Effort");
  await sync(jira.url, settings);
  expect(await showRun()).toContain('mapping: "Story Points" is called "Effort" in Jira now: write field("Effort")');
  expect(await readPoints()).toEqual(points);
  jira.site.fieldEdits.remove("customfield_10028");
  await sync(jira.url, settings);
  expect(await showRun()).toContain(
    'mapping: field("Story Points") gives null: Jira has no field "Story Points"; it had one, customfield_10028',
  );
  expect(new Set(await readPoints())).toEqual(new Set(["null"]));
});
