import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Catalog } from "../src/catalog/catalog.ts";
import { CompiledJqEngine } from "../src/jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../src/jq-wasm/jq-wasm-engine.ts";
import type { Entity } from "../src/model/entity.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { openPostgresStore } from "../src/store/postgres/open-postgres-store.ts";
import { createEmptyDatabase, runSql } from "../src/store/postgres/test-database.fixture.ts";
import { makeFolder } from "./fixtures/folder.ts";
import { readEntities } from "./fixtures/open-catalog.ts";
import { QuaysideProcess, runQuayside } from "./fixtures/quayside-process.ts";

let jira: Simulator;
let data: ReturnType<typeof makeFolder>;
let url = "";

/** What the same sync writes to a file. */
let wanted: object;

beforeAll(async () => {
  jira = await startSimulator({ seed: 7, projects: 3, users: 20, issues: 600 });
  data = makeFolder();
  await runQuayside(["sync"], toSettings("file", ""));
  const site = new URL(jira.url).host.replace(":", "_");
  wanted = toContent(await readEntities(join(data.path, "file", "sites", site), "jiraIssue"));
  data.remove();
});
afterAll(() => jira.close());
beforeEach(async () => {
  data = makeFolder();
  url = await createEmptyDatabase();
});
afterEach(() => data.remove());

/** Of one machine: each has a data folder of its own. */
function toSettings(machine = "one", databaseUrl = url): Record<string, string> {
  return {
    OCEAN__INTEGRATION__CONFIG__JIRA_HOST: jira.url,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: jira.email,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: jira.token,
    QUAYSIDE_DATA: join(data.path, machine),
    ...(databaseUrl !== "" && { QUAYSIDE_DATABASE_URL: databaseUrl }),
  };
}

async function readIssues(): Promise<ReadonlyMap<string, Entity>> {
  const store = await openPostgresStore({ url, clock: systemClock });
  const jq = new CompiledJqEngine(new JqWasmEngine());
  const catalog = await Catalog.open({ store, jq, clock: systemClock, newIdentifier: () => "e_test" });
  const entities = await catalog.listEntities("jiraIssue");
  await jq.close();
  await store.close();
  return new Map(entities.map((entity) => [entity.identifier, entity]));
}

/** Without what differs from run to run. */
function toContent(entities: ReadonlyMap<string, Entity>): object {
  return Object.fromEntries(
    [...entities].map(([identifier, { title, properties, relations }]) => [
      identifier,
      { title, properties, relations },
    ]),
  );
}

test("a sync fills the database as it fills a file, and a second one writes nothing", async () => {
  const first = await runQuayside(["sync"], toSettings());
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/created, 0 updated, 0 deleted/) });
  expect(toContent(await readIssues())).toEqual(wanted);
  const second = await runQuayside(["sync"], toSettings());
  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining("0 created, 0 updated, 0 deleted") });
  const runs = await runQuayside(["runs"], toSettings("anywhere"));
  expect(runs.stdout.match(/completed/g)).toHaveLength(2);
});

test("two syncs of one integration at the same time take turns: the second finds nothing to do", async () => {
  const all = await Promise.all([runQuayside(["sync"], toSettings("one")), runQuayside(["sync"], toSettings("two"))]);
  expect(all.map(({ code }) => code)).toEqual([0, 0]);
  expect(all.filter(({ stdout }) => stdout.includes("0 created, 0 updated, 0 deleted"))).toHaveLength(1);
  expect(all.filter(({ stderr }) => stderr.includes("another process works"))).toHaveLength(1);
  const versions = await runSql(
    url,
    "SELECT DISTINCT entity.version FROM entity JOIN blueprint b ON b.id = blueprint_id WHERE b.identifier = 'jiraUser'",
  );
  expect(versions).toEqual([{ version: 1 }]);
});

test("a sync that was killed is taken up by another machine", async () => {
  const killed = new QuaysideProcess(["sync"], toSettings("one"));
  // From its first page on; before, there is not even the table.
  const countPages = () =>
    runSql(url, "SELECT 1 FROM seen_page LIMIT 1").then(
      (rows) => rows.length,
      () => 0,
    );
  await expect.poll(countPages, { timeout: 30_000, interval: 5 }).toBe(1);
  killed.kill("SIGKILL");
  await killed.ended();
  const { code } = await runQuayside(["sync"], toSettings("two"));
  expect(code).toBe(0);
  expect(toContent(await readIssues())).toEqual(wanted);
  expect(await runSql(url, "SELECT document->>'status' AS status, document->>'attempt' AS attempt FROM run")).toEqual([
    { status: "completed", attempt: "2" },
  ]);
});

describe("what is wrong with the database is said, with what to do, and without the password", () => {
  const change = (edit: (url: URL) => void): string => {
    const changed = new URL(url);
    edit(changed);
    return changed.href;
  };
  test.each<[string, (url: URL) => void, RegExp]>([
    [
      "a wrong password",
      (to) => void (to.password = "hunter2"),
      /password authentication failed.*check user and password/,
    ],
    ["a host that does not answer", (to) => void (to.port = "1"), /127\.0\.0\.1:1\/.*check host and port/],
    ["a database that is not there", (to) => void (to.pathname = "/nothing"), /"nothing" does not exist.*createdb/],
    ["no database", (to) => void (to.pathname = "/"), /QUAYSIDE_DATABASE_URL must be postgres:/],
  ])("%s", async (_, edit, message) => {
    for (const command of [["sync"], ["runs"]]) {
      const { code, stdout, stderr } = await runQuayside(command, toSettings("one", change(edit)));
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
      for (const secret of ["hunter2", new URL(url).password, decodeURIComponent(new URL(url).password)]) {
        expect(stdout + stderr).not.toContain(secret);
      }
    }
  });

  test("a schema of a newer version, and nothing to look at yet", async () => {
    expect(await runQuayside(["runs"], toSettings())).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nothing in the database yet"),
    });
    await runSql(url, "CREATE SCHEMA quayside; CREATE TABLE schema_version AS SELECT 99 AS version");
    for (const command of [["sync"], ["runs"]]) {
      const { code, stderr } = await runQuayside(command, toSettings());
      expect(code).toBe(2);
      expect(stderr).toContain("written by a newer Quayside (schema 99");
    }
  });
});
