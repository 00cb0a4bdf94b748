import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import type { Entity } from "../src/model/entity.ts";
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
function toSettings(jira: Simulator, change: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    OCEAN__EVENT_LISTENER: '{"type":"ONCE"}',
    OCEAN__INITIALIZE_PORT_RESOURCES: "true",
    OCEAN__SEND_RAW_DATA_EXAMPLES: "true",
    OCEAN__INTEGRATION__CONFIG__JIRA_HOST: jira.url,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: jira.email,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: jira.token,
    QUAYSIDE_DATA: data.path,
    ...change,
  };
}

function siteFolder(jira: Simulator, base = data.path): string {
  return join(base, "sites", new URL(jira.url).host.replace(":", "_"));
}

test("with the container's variables it runs once, exits 0, and the catalog is what Jira has", async () => {
  const { code, stdout } = await runQuayside(["up"], toSettings(simulator));
  expect(stdout).toMatch(/^Resync completed in .* created, 0 updated, 0 deleted/);
  expect(code).toBe(0);
  const projects = await readEntities(siteFolder(simulator), "jiraProject");
  expect([...projects.keys()].toSorted()).toEqual(simulator.site.projectKeys().toSorted());
  expect((await readEntities(siteFolder(simulator), "jiraUser")).size).toBe(20);
});

test("a second sync writes nothing", async () => {
  await runQuayside(["sync"], toSettings(simulator));
  const before = await readEntities(siteFolder(simulator), "jiraIssue");
  const { code, stdout } = await runQuayside(["sync"], toSettings(simulator));
  expect(stdout).toContain("0 created, 0 updated, 0 deleted");
  expect(code).toBe(0);
  expect(await readEntities(siteFolder(simulator), "jiraIssue")).toEqual(before);
});

test("of 10 edits and 3 deletes exactly those arrive, with what depends on them", async () => {
  const jira = await startSimulator({ seed: 11, projects: 3, users: 20, issues: 400 });
  try {
    const settings = toSettings(jira);
    await runQuayside(["sync"], settings);
    const before = await readEntities(siteFolder(jira), "jiraIssue");
    const projectsBefore = await readEntities(siteFolder(jira), "jiraProject");
    // Own issues that nothing points at: a deleted one that is pointed at would stay as a stub.
    const pointedAt = new Set(
      [...before.values()].flatMap(({ relations }) => [relations["parentIssue"], relations["subtasks"]].flat()),
    );
    const lonely = [...before.values()].filter(
      ({ identifier, properties, relations }) =>
        properties["status"] !== null && relations["parentIssue"] === null && !pointedAt.has(identifier),
    );
    const edited = lonely.slice(0, 10).map(({ identifier }) => identifier);
    const deleted = lonely.slice(10, 13).map(({ identifier }) => identifier);
    for (const key of edited) jira.site.editIssue(key, { summary: `Edited ${key}` });
    for (const key of deleted) jira.site.deleteIssue(key);

    const { stdout } = await runQuayside(["sync"], settings);
    const after = await readEntities(siteFolder(jira), "jiraIssue");
    const changed = [...after.values()].filter((entity) => !isDeepStrictEqual(entity, before.get(entity.identifier)));
    expect(changed.map(({ identifier }) => identifier).toSorted()).toEqual(edited.toSorted());
    expect(changed.every(({ identifier, title }) => title === `Edited ${identifier}`)).toBe(true);
    expect([...before.keys()].filter((key) => !after.has(key)).toSorted()).toEqual(deleted.toSorted());

    // A project counts its issues, so those of the deleted ones change too; nothing else does.
    const projects = await readEntities(siteFolder(jira), "jiraProject");
    const shrunk = [...projects.values()].filter(
      (entity) => !isDeepStrictEqual(entity, projectsBefore.get(entity.identifier)),
    );
    expect(shrunk.map(({ identifier }) => identifier).toSorted()).toEqual(
      [...new Set(deleted.map((key) => key.replace(/-.*/, "")))].toSorted(),
    );
    expect(stdout).toContain(`0 created, ${10 + shrunk.length} updated, 3 deleted`);
  } finally {
    await jira.close();
  }
});

test("kill -9 in the middle of a first sync, and the next one completes it: nothing missing, twice or left over", async () => {
  const jira = await startSimulator({ seed: 13, projects: 3, users: 20, issues: 1200, latencyMs: 40 });
  const calm = makeFolder();
  try {
    const settings = toSettings(jira);
    for (const pattern of [/reading user/, /reading issue/, /reading issue/]) {
      const sync = new QuaysideProcess(["sync"], settings);
      await sync.waitFor(pattern);
      await waitForWrites(siteFolder(jira));
      sync.kill("SIGKILL");
      await sync.ended();
    }
    expect((await runQuayside(["sync"], settings)).code).toBe(0);
    expect((await runQuayside(["sync"], { ...settings, QUAYSIDE_DATA: calm.path })).code).toBe(0);
    for (const blueprint of ["jiraProject", "jiraUser", "jiraIssue"]) {
      const killed = await readEntities(siteFolder(jira), blueprint);
      const undisturbed = await readEntities(siteFolder(jira, calm.path), blueprint);
      expect(killed.size).toBeGreaterThan(0);
      expect(withoutTimes(killed)).toEqual(withoutTimes(undisturbed));
    }
  } finally {
    calm.remove();
    await jira.close();
  }
});

/** Resolves once the database file has grown since the call: something is being written at this moment. */
async function waitForWrites(folder: string): Promise<void> {
  const sizeOf = (): number => statSync(join(folder, "catalog.db-wal"), { throwIfNoEntry: false })?.size ?? 0;
  const before = sizeOf();
  while (sizeOf() === before) await new Promise((resolve) => setTimeout(resolve, 1));
}

function withoutTimes(entities: ReadonlyMap<string, Entity>): unknown {
  return Object.fromEntries(
    [...entities].map(([identifier, { createdAt: _1, updatedAt: _2, createdBy: _3, updatedBy: _4, ...entity }]) => [
      identifier,
      entity,
    ]),
  );
}

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
  const { code, stdout, stderr } = await runQuayside(["sync"], toSettings(simulator, change));
  expect(stderr).toContain(message);
  expect(stderr.match(/^error:/gm)).toHaveLength(1);
  expect(stdout).toBe("");
  expect(code).toBe(exitCode);
  const host = new URL(toSettings(simulator, change)["OCEAN__INTEGRATION__CONFIG__JIRA_HOST"] ?? "").host.replace(
    ":",
    "_",
  );
  expect((await readEntities(join(data.path, "sites", host), "jiraIssue")).size).toBe(0);
});

test("a mapping that cannot be used has its own exit code and says where, and nothing is written", async () => {
  const mapping = join(data.path, "mapping.yaml");
  writeFileSync(mapping, "resources:\n  - kind: isue\n    selector:\n      query: .a |\n");
  const { code, stdout, stderr } = await runQuayside(["sync"], toSettings(simulator, { QUAYSIDE_MAPPING: mapping }));
  expect(stderr).toContain('line 2, column 11: "isue" is not a kind that can be read: did you mean "issue"?');
  expect(stdout).toBe("");
  expect(code).toBe(3);
  expect((await readEntities(siteFolder(simulator), "jiraIssue")).size).toBe(0);
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
  const { code, stderr } = await runQuayside(["sync"], toSettings(simulator));
  expect(stderr).toContain("set QUAYSIDE_DATA to a folder you can write to");
  expect(code).toBe(2);
});

test("Ctrl-C during a sync ends it orderly with its own code, and the next one goes on", async () => {
  mkdirSync(data.path, { recursive: true });
  const slow = await startSimulator({ seed: 7, issues: 600, latencyMs: 300 });
  try {
    const settings = toSettings(slow);
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
