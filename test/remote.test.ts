import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Integrations } from "../src/catalog/integrations.ts";
import { readSavedMapping } from "../src/cli/read-saved-mapping.ts";
import { createApp } from "../src/http/app.ts";
import { startServer, type RunningServer } from "../src/http/server.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { silentLogger } from "../src/runtime/logger.ts";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { makeFolder } from "./fixtures/folder.ts";
import { openCatalog, type OpenCatalog } from "./fixtures/open-catalog.ts";
import { runQuayside } from "./fixtures/quayside-process.ts";

const credentials = { clientId: "client", clientSecret: "secret", tokenSecret: "a secret to sign tokens with" };
const newId = (): string => randomBytes(8).toString("hex");

let jira: Simulator;
let folder: ReturnType<typeof makeFolder>;
let data: ReturnType<typeof makeFolder>;
let remote: OpenCatalog & { readonly server: RunningServer; readonly integrations: Integrations };

beforeAll(async () => {
  jira = await startSimulator({ seed: 5, projects: 2, users: 15, issues: 250 });
});
afterAll(() => jira.close());

beforeEach(async () => {
  [folder, data] = [makeFolder(), makeFolder()];
  const open = await openCatalog(folder.path);
  const { catalog, store } = open;
  const integrations = new Integrations({ store, clock: systemClock, newId, readMapping: readSavedMapping });
  const app = createApp({
    catalog,
    integrations,
    credentials,
    clock: systemClock,
    logger: silentLogger,
    version: "0.0.0",
    health: { check: () => store.check() },
    randomHex: (length) => randomBytes(length / 2).toString("hex"),
    credentialsFile: "unused",
  });
  remote = {
    ...open,
    integrations,
    server: await startServer({ app, host: "127.0.0.1", port: 0, clock: systemClock }),
  };
});
afterEach(async () => {
  await remote.server.close();
  await remote.close();
  folder.remove();
  data.remove();
});

/** The variables of the reference's container, all of them, with a catalog of our own as the remote one. */
function toSettings(change: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    OCEAN__EVENT_LISTENER: '{"type":"ONCE"}',
    OCEAN__INITIALIZE_PORT_RESOURCES: "true",
    OCEAN__SEND_RAW_DATA_EXAMPLES: "true",
    OCEAN__INTEGRATION__CONFIG__JIRA_HOST: jira.url,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: jira.email,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: jira.token,
    OCEAN__PORT__CLIENT_ID: credentials.clientId,
    OCEAN__PORT__CLIENT_SECRET: credentials.clientSecret,
    OCEAN__PORT__BASE_URL: remote.server.url,
    QUAYSIDE_DATA: data.path,
    ...change,
  };
}

test("with all of the container's variables it fills the remote catalog once and exits 0", async () => {
  const { code, stdout, stderr } = await runQuayside(["up"], toSettings());
  expect(stderr).not.toContain("error:");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Resync completed/);
  expect((await remote.catalog.listEntities("jiraProject")).map(({ identifier }) => identifier)).toEqual(
    jira.site.projectKeys(),
  );
  expect(await remote.catalog.countEntities("jiraUser")).toBe(15);
  const issues = await remote.catalog.listEntities("jiraIssue");
  expect(issues.length).toBeGreaterThan(50);
  expect(issues.some(({ relations }) => relations["project"] !== null && relations["parentIssue"] !== null)).toBe(true);

  const integration = await remote.integrations.get("my-jira-integration");
  expect(integration).toMatchObject({ installationAppType: "jira", resyncState: { status: "completed" } });
  expect(integration.config).toMatchObject({ createMissingRelatedEntities: true });
  expect(Object.keys(await remote.integrations.listExamples("my-jira-integration"))).toEqual([
    "project",
    "user",
    "issue",
  ]);
});

test("a second run changes nothing, and neither does one that has forgotten everything", async () => {
  await runQuayside(["sync"], toSettings());
  const before = await remote.catalog.listEntities("jiraIssue");
  const second = await runQuayside(["sync"], toSettings());
  expect(second.stdout).toContain("0 created, 0 updated, 0 deleted");
  const other = makeFolder();
  const fresh = await runQuayside(["sync"], toSettings({ QUAYSIDE_DATA: other.path }));
  other.remove();
  expect(fresh.stdout).toContain("0 created, 0 updated, 0 deleted");
  expect(await remote.catalog.listEntities("jiraIssue")).toEqual(before);
});

test("raw examples are sent without what looks secret in them, and not at all when that is asked for", async () => {
  const secret = "ATATT3xFfGF0abcdefghijklmno";
  for (const key of jira.site.issueKeys()) jira.site.editIssue(key, { summary: `The token is ${secret}` });
  await runQuayside(["sync"], toSettings({ OCEAN__SEND_RAW_DATA_EXAMPLES: "false" }));
  expect(await remote.integrations.listExamples("my-jira-integration")).toEqual({});
  await runQuayside(["sync"], toSettings({ QUAYSIDE_DATA: join(data.path, "other") }));
  const examples = JSON.stringify(await remote.integrations.listExamples("my-jira-integration"));
  expect(examples).toContain('"summary":"[hidden]"');
  expect(examples).not.toContain(secret);
});

test("the mapping stored in the remote catalog is the one that counts", async () => {
  await runQuayside(["sync"], toSettings());
  const { config } = await remote.integrations.get("my-jira-integration");
  const resources = (config as { resources: { kind: string }[] }).resources.filter(({ kind }) => kind !== "user");
  const caller = { actor: "test", dataSource: "test" };
  await remote.integrations.change("my-jira-integration", { config: { ...config, resources } }, caller);
  const { stdout } = await runQuayside(["sync"], toSettings());
  // Users that issues point at stay, as stubs; the others are gone.
  expect(stdout).toMatch(/Resync completed .*[1-9]\d* deleted/);
  const users = await remote.catalog.listEntities("jiraUser");
  expect(users.length).toBeLessThan(15);
  expect(users.every(({ properties }) => properties["active"] === null)).toBe(true);
  expect(await remote.catalog.countEntities("jiraProject")).toBe(2);
});

test("wrong credentials for the remote catalog have the same exit code as those for Jira, and name their settings", async () => {
  const { code, stderr } = await runQuayside(["sync"], toSettings({ OCEAN__PORT__CLIENT_SECRET: "wrong" }));
  expect(stderr).toContain("OCEAN__PORT__CLIENT_SECRET");
  expect(code).toBe(4);
});
