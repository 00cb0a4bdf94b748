import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { makeFolder } from "./fixtures/folder.ts";
import { readEntities } from "./fixtures/open-catalog.ts";
import { QuaysideProcess, runQuayside } from "./fixtures/quayside-process.ts";

let simulator: Simulator;
let data: ReturnType<typeof makeFolder>;

beforeAll(async () => {
  simulator = await startSimulator({ seed: 7, projects: 3, users: 20, issues: 600 });
});
afterAll(() => simulator.close());
beforeEach(() => void (data = makeFolder()));
afterEach(() => data.remove());

/** The variables that the reference's container is started with, for this Jira. */
function toSettings(change: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    OCEAN__EVENT_LISTENER: '{"type":"ONCE"}',
    OCEAN__INITIALIZE_PORT_RESOURCES: "true",
    OCEAN__SEND_RAW_DATA_EXAMPLES: "true",
    OCEAN__INTEGRATION__CONFIG__JIRA_HOST: simulator.url,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: simulator.email,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: simulator.token,
    QUAYSIDE_DATA: data.path,
    ...change,
  };
}

function siteFolder(): string {
  return join(data.path, "sites", new URL(simulator.url).host.replace(":", "_"));
}

test("with the container's variables it runs once, exits 0, and the catalog is what Jira has", async () => {
  const { code, stdout } = await runQuayside(["up"], toSettings());
  expect(stdout).toMatch(/^Resync completed in .* created, 0 updated, 0 deleted/);
  expect(code).toBe(0);
  const projects = await readEntities(siteFolder(), "jiraProject");
  expect([...projects.keys()].toSorted()).toEqual(simulator.site.projectKeys().toSorted());
  expect((await readEntities(siteFolder(), "jiraUser")).size).toBe(20);
});

test("a second sync writes nothing", async () => {
  await runQuayside(["sync"], toSettings());
  const before = await readEntities(siteFolder(), "jiraIssue");
  const { code, stdout } = await runQuayside(["sync"], toSettings());
  expect(stdout).toContain("0 created, 0 updated, 0 deleted");
  expect(code).toBe(0);
  expect(await readEntities(siteFolder(), "jiraIssue")).toEqual(before);
});

test.each([
  ["a wrong token", { OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: "wrong" }, 4, "ATLASSIAN_USER_TOKEN"],
  [
    "an unreachable host",
    { OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "http://127.0.0.1:9" },
    5,
    "OCEAN__INTEGRATION__CONFIG__JIRA_HOST",
  ],
  ["a mapping that is not there", { QUAYSIDE_MAPPING: "/does/not/exist.yaml" }, 2, "check QUAYSIDE_MAPPING"],
  [
    "a setting that is missing",
    { OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: "" },
    2,
    "ATLASSIAN_USER_EMAIL is missing",
  ],
  ["an unknown setting", { QUAYSIDE_PROT: "1" }, 2, "did you mean QUAYSIDE_PORT?"],
])("%s has its own exit code and one message, and nothing is written", async (_, change, exitCode, message) => {
  const { code, stdout, stderr } = await runQuayside(["sync"], toSettings(change));
  expect(stderr).toContain(message);
  expect(stderr.match(/^error:/gm)).toHaveLength(1);
  expect(stdout).toBe("");
  expect(code).toBe(exitCode);
  const host = new URL(toSettings(change)["OCEAN__INTEGRATION__CONFIG__JIRA_HOST"] ?? "").host.replace(":", "_");
  expect((await readEntities(join(data.path, "sites", host), "jiraIssue")).size).toBe(0);
});

test("a mapping that cannot be used has its own exit code and says where, and nothing is written", async () => {
  const mapping = join(data.path, "mapping.yaml");
  writeFileSync(mapping, "resources:\n  - kind: isue\n    selector:\n      query: .a |\n");
  const { code, stdout, stderr } = await runQuayside(["sync"], toSettings({ QUAYSIDE_MAPPING: mapping }));
  expect(stderr).toContain('line 2, column 11: "isue" is not a kind that can be read: did you mean "issue"?');
  expect(stdout).toBe("");
  expect(code).toBe(3);
  expect((await readEntities(siteFolder(), "jiraIssue")).size).toBe(0);
});

test("a data folder that another process holds is refused with its number", async () => {
  const up = new QuaysideProcess(["up"], { QUAYSIDE_DATA: data.path, QUAYSIDE_PORT: "0" });
  await up.waitFor(/Catalog +http/);
  const { code, stderr } = await runQuayside(["sync"], { QUAYSIDE_DATA: data.path });
  expect(stderr).toMatch(/is in use by another Quayside \(process \d+\)/);
  expect(code).toBe(8);
  up.kill("SIGTERM");
  expect((await up.ended()).code).toBe(0);
});

test("a Jira whose folder cannot be made is a matter of the configuration", async () => {
  writeFileSync(join(data.path, "sites"), "a file where a folder should be");
  const { code, stderr } = await runQuayside(["sync"], toSettings());
  expect(stderr).toContain("set QUAYSIDE_DATA to a folder you can write to");
  expect(code).toBe(2);
});

test("Ctrl-C during a sync ends it orderly with its own code, and the next one goes on", async () => {
  mkdirSync(data.path, { recursive: true });
  const slow = await startSimulator({ seed: 7, issues: 600, latencyMs: 300 });
  try {
    const settings = toSettings({
      OCEAN__INTEGRATION__CONFIG__JIRA_HOST: slow.url,
      OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: slow.email,
      OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: slow.token,
    });
    const sync = new QuaysideProcess(["sync"], settings);
    await sync.waitFor(/reading issue/);
    sync.kill("SIGINT");
    const { code, stderr } = await sync.ended();
    expect(stderr).toContain("Stopping");
    expect(code).toBe(130);
    expect((await runQuayside(["sync"], settings)).code).toBe(0);
  } finally {
    await slow.close();
  }
});
