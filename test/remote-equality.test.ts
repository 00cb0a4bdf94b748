import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openInstallation, type Installation } from "../src/cli/installation.ts";
import { toJiraSite } from "../src/cli/jira-site.ts";
import { readConfig } from "../src/config/config.ts";
import { startServer, type RunningServer } from "../src/http/server.ts";
import { CLIENT, openTestApp } from "../src/http/test-app.fixture.ts";
import { DEFAULT_BLUEPRINTS } from "../src/mapping/default-blueprints.ts";
import type { Entity } from "../src/model/entity.ts";
import type { JsonObject } from "../src/model/json.ts";
import { startStrictPort, STRICT_CLIENT, type StrictPort } from "../src/port/strict-port.fixture.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import type { ResyncOptions } from "../src/sync/resync.ts";
import { makeFolder } from "./fixtures/folder.ts";

/** Of the default blueprints, the properties that are written. They have this shape. */
const STORED: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  (DEFAULT_BLUEPRINTS as unknown as readonly Blueprint[]).map(({ identifier, schema }) => [
    identifier,
    Object.keys(schema.properties),
  ]),
);
const BLUEPRINTS = Object.keys(STORED);
const ME = { actor: "a person", dataSource: "the portal" };

interface Blueprint {
  readonly identifier: string;
  readonly schema: { readonly properties: JsonObject };
}

type Stored = ReturnType<typeof toStored>;
/** Entities by blueprint and identifier. */
type Contents = Readonly<Record<string, Readonly<Record<string, Stored>>>>;

/** A catalog that an installation of its own fills from the same Jira. */
interface Filled {
  readonly name: string;
  readonly installation: Installation;
  read(blueprint: string): Promise<readonly Stored[]>;
  retitleByHand(blueprint: string, identifier: string): Promise<void>;
  deleteByHand(blueprint: string, identifier: string): Promise<void>;
}

let jira: Simulator;
let api: Awaited<ReturnType<typeof openTestApp>>;
let server: RunningServer;
let strict: StrictPort;
let all: readonly Filled[];
const folder = makeFolder();
const stop = new AbortController();

beforeAll(async () => {
  jira = await startSimulator({ seed: 11, projects: 3, users: 15, issues: 150, teams: 4 });
  api = await openTestApp();
  server = await startServer({ app: api.app, host: "127.0.0.1", port: 0, clock: systemClock });
  strict = await startStrictPort();
  const embedded = await open("embedded");
  const socket = await open("socket", { ...CLIENT, url: server.url });
  const double = await open("double", { ...STRICT_CLIENT, url: strict.url });
  all = [
    { name: "embedded", installation: embedded, ...throughCatalog(embedded.catalog) },
    { name: "over a socket", installation: socket, ...throughCatalog(api.catalog) },
    {
      name: "strict Port",
      installation: double,
      read: async (blueprint) =>
        [...strict.data.entities(blueprint).keys()].map(
          (identifier) => toStored(strict.data.find(blueprint, identifier) as unknown as Entity), // in Port's read form
        ),
      retitleByHand: async (blueprint, identifier) => strict.data.retitleByHand(blueprint, identifier, "by hand"),
      deleteByHand: async (blueprint, identifier) => void strict.data.delete(blueprint, [identifier], false),
    },
  ];
});
afterAll(async () => {
  for (const { installation } of all) await installation.close();
  await strict.close();
  await server.close();
  await api.close();
  await jira.close();
  folder.remove();
});

function open(
  name: string,
  remote?: { readonly clientId: string; readonly clientSecret: string; readonly url: string },
): Promise<Installation> {
  const env = {
    OCEAN__INTEGRATION__CONFIG__JIRA_HOST: jira.url,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: jira.email,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: jira.token,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_ORGANIZATION_ID: jira.organizationId,
    QUAYSIDE_DATA: join(folder.path, name),
    ...(remote && {
      OCEAN__PORT__CLIENT_ID: remote.clientId,
      OCEAN__PORT__CLIENT_SECRET: remote.clientSecret,
      OCEAN__PORT__BASE_URL: remote.url,
    }),
  };
  const { config } = readConfig(env);
  return openInstallation(config, toJiraSite(config, env), stop.signal);
}

function throughCatalog(catalog: Installation["catalog"]): Pick<Filled, "read" | "retitleByHand" | "deleteByHand"> {
  return {
    read: async (blueprint) => (await catalog.listEntities(blueprint)).map(toStored),
    retitleByHand: async (blueprint, identifier) => {
      const options = { createMissingRelatedEntities: false };
      await catalog.patchEntity({ blueprint, identifier }, { title: "by hand" }, options, ME);
    },
    deleteByHand: async (blueprint, identifier) => {
      await catalog.deleteEntities([{ blueprint, identifier }], { deleteDependents: false }, ME);
    },
  };
}

/** What a sink has written: not who did when, nor what the catalog computes. */
function toStored({ blueprint, identifier, title, icon, team, properties, relations }: Entity) {
  const stored = Object.entries(properties).filter(([name]) => STORED[blueprint]?.includes(name));
  return { identifier, title, icon, team, properties: Object.fromEntries(stored), relations: toUnordered(relations) };
}

/** Targets of a relation have no order. */
function toUnordered(relations: Entity["relations"]) {
  return Object.fromEntries(
    Object.entries(relations).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? new Set(value) : value,
    ]),
  );
}

async function sync(options: Partial<ResyncOptions> = {}): Promise<void> {
  for (const { name, installation } of all) {
    const run = await installation.connector.resync({ trigger: "manual", signal: stop.signal, ...options });
    expect({ name, status: run.status, failures: run.failures }).toEqual({ name, status: "completed", failures: [] });
  }
}

async function read(filled: Filled): Promise<Contents> {
  const lists = BLUEPRINTS.map(async (blueprint) => {
    const entities = await filled.read(blueprint);
    return [blueprint, Object.fromEntries(entities.map((entity) => [entity.identifier, entity]))] as const;
  });
  return Object.fromEntries(await Promise.all(lists));
}

async function expectEqual(): Promise<Contents> {
  const [embedded, ...remotes] = all;
  if (embedded === undefined) throw new Error("there are three");
  const expected = await read(embedded);
  for (const remote of remotes) expect(await read(remote), remote.name).toEqual(expected);
  return expected;
}

test("our own API over a socket and a strict Port end with the entities of the embedded sink, whatever happens to Jira and to them", async () => {
  const { site } = jira;
  await sync();
  const first = await expectEqual();
  for (const blueprint of BLUEPRINTS) expect(Object.keys(first[blueprint] ?? {}).length, blueprint).toBeGreaterThan(2);

  site.drift(20);
  const keys = [...site.issueKeys()];
  for (const key of keys.slice(0, 10)) site.deleteIssue(key); // with their subtasks
  site.moveIssue(keys.at(-1) ?? "", site.projectKeys()[0] ?? "");
  site.createIssue({ project: site.projectKeys()[1] ?? "", summary: "New" });
  site.renameUser(site.people[0]?.accountId ?? "", "Somebody Else");
  await sync({ mode: "verifying" });
  const second = await expectEqual();
  expect(second).not.toEqual(first);

  const [project] = site.projectKeys();
  const issues = Object.keys(second["jiraIssue"] ?? {});
  for (const filled of all) {
    await filled.deleteByHand("jiraProject", project ?? "");
    await filled.deleteByHand("jiraIssue", issues[0] ?? "");
    await filled.retitleByHand("jiraIssue", issues[1] ?? "");
    await filled.retitleByHand("jiraUser", site.people[1]?.accountId ?? "");
  }
  await sync({ mode: "verifying" });
  expect(await expectEqual()).toEqual(second);
});

test("a dry run foretells the same before each of them, and changes nothing", async () => {
  jira.site.drift(10);
  jira.site.createIssue({ project: jira.site.projectKeys()[0] ?? "", summary: "Foretold" });
  jira.site.deleteIssue([...jira.site.issueKeys()].at(-2) ?? "");
  const before = await expectEqual();
  const foretold = [];
  for (const { installation } of all) {
    const preview = await installation.connector.preview({ trigger: "manual", signal: stop.signal });
    foretold.push(
      [...preview.changes].map(([blueprint, { created, updated, deleted }]) => ({
        blueprint,
        created,
        updated,
        deleted,
      })),
    );
  }
  expect(foretold[0]).not.toEqual([]);
  expect(foretold).toEqual([foretold[0], foretold[0], foretold[0]]);
  expect(await expectEqual()).toEqual(before);
});
