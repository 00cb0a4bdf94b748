import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startServer } from "../http/server.ts";
import { CLIENT, openTestApp } from "../http/test-app.fixture.ts";
import type { JsonObject } from "../model/json.ts";
import { systemClock } from "../runtime/clock.ts";
import type { PortClient } from "./port-client.ts";
import { RemoteIntegration } from "./remote-integration.ts";
import { startStrictPort, STRICT_CLIENT } from "./strict-port.fixture.ts";
import { createClient, createQuickClock } from "./test-client.fixture.ts";

interface Remote {
  readonly url: string;
  readonly credentials: { readonly clientId: string; readonly clientSecret: string };
  close(): Promise<void>;
}

const REMOTES: Readonly<Record<string, () => Promise<Remote>>> = {
  "a strict Port": async () => {
    const port = await startStrictPort();
    return { url: port.url, credentials: STRICT_CLIENT, close: () => port.close() };
  },
  "Quayside's own API": async () => {
    const api = await openTestApp();
    const server = await startServer({ app: api.app, host: "127.0.0.1", port: 0, clock: systemClock });
    const close = async (): Promise<void> => {
      await server.close();
      await api.close();
    };
    return { url: server.url, credentials: CLIENT, close };
  },
};

/** The first points at the second, and the other way round. */
const BLUEPRINTS: readonly JsonObject[] = [
  {
    identifier: "issue",
    title: "Issue",
    schema: { properties: { points: { type: "number" } } },
    relations: { owner: { target: "person", required: false, many: false } },
    calculationProperties: { double: { title: "Double", type: "number", calculation: ".properties.points * 2" } },
  },
  {
    identifier: "person",
    title: "Person",
    schema: { properties: {} },
    relations: { current: { target: "issue", required: false, many: false } },
  },
];
const DEFAULTS = { blueprints: BLUEPRINTS, mapping: { resources: [{ kind: "issue" }] } };

describe.each(Object.entries(REMOTES))("before %s", (_name, openRemote) => {
  let remote: Remote;
  let client: PortClient;
  beforeEach(async () => {
    remote = await openRemote();
    client = createClient({ ...remote.credentials, baseUrl: remote.url, clock: createQuickClock() });
  });
  afterEach(async () => {
    await client.close();
    await remote.close();
  });

  const open = (version = "0.1.0"): RemoteIntegration =>
    new RemoteIntegration({ client, clock: systemClock, identifier: "my-jira", type: "jira", version });
  const read = async (path: string, key: string): Promise<JsonObject> =>
    (await client.request("GET", path))[key] as JsonObject;

  test("the first start registers, stores the mapping and creates blueprints that point at each other", async () => {
    const result = await open().initialize(DEFAULTS, { createsResources: true });
    expect(result).toEqual({ created: ["issue", "person"], existing: [] });
    expect(await open().loadMapping()).toEqual(DEFAULTS.mapping);
    expect(await read("/v1/blueprints/issue", "blueprint")).toMatchObject(BLUEPRINTS[0] ?? {});
    expect(await read("/v1/blueprints/person", "blueprint")).toMatchObject(BLUEPRINTS[1] ?? {});
  });

  test("a later start leaves mapping and blueprints alone, even those that were deleted", async () => {
    await open().initialize(DEFAULTS, { createsResources: true });
    await open().saveMapping({ resources: [] });
    await client.request("PATCH", "/v1/blueprints/person", { body: { relations: {} } });
    await client.request("PATCH", "/v1/blueprints/issue", { body: { relations: {} } });
    await client.request("DELETE", "/v1/blueprints/person");
    const result = await open("0.2.0").initialize(DEFAULTS, { createsResources: true });
    expect(result).toEqual({ created: [], existing: [] });
    expect(await open().loadMapping()).toEqual({ resources: [] });
    expect(await read("/v1/integration/my-jira", "integration")).toMatchObject({ version: "0.2.0" });
  });

  test("one blueprint that exists is reason to create none", async () => {
    await client.request("POST", "/v1/blueprints", {
      body: { identifier: "person", title: "P", schema: { properties: {} } },
    });
    const result = await open().initialize(DEFAULTS, { createsResources: true });
    expect(result).toEqual({ created: [], existing: ["person"] });
    await expect(client.request("GET", "/v1/blueprints/issue")).rejects.toThrow(/not found/);
  });

  test("without leave to create resources it only registers", async () => {
    await open().initialize(DEFAULTS, { createsResources: false });
    expect(await listOwnBlueprints(client)).toEqual([]);
    expect(await open().loadMapping()).toEqual(DEFAULTS.mapping);
  });

  test("blueprints that cannot be finished are taken back", async () => {
    const broken = { ...BLUEPRINTS[1], relations: { boss: { target: "nobody", required: false, many: false } } };
    const defaults = { ...DEFAULTS, blueprints: [BLUEPRINTS[0] ?? {}, broken] };
    await expect(open().initialize(defaults, { createsResources: true })).rejects.toThrow(/nobody/);
    expect(await listOwnBlueprints(client)).toEqual([]);
  });

  test("the state of a resync, examples and requests travel", async () => {
    const integration = open();
    await integration.initialize(DEFAULTS, { createsResources: false });
    await integration.reportResync({ status: "running", startedAtMs: 0, intervalMinutes: 15 });
    expect(await read("/v1/integration/my-jira", "integration")).toMatchObject({
      resyncState: {
        status: "running",
        lastResyncStart: "1970-01-01T00:00:00.000Z",
        lastResyncEnd: null,
        intervalInMinuets: 15,
      },
    });
    await integration.sendExamples("issue", [{ key: "A-1" }]);
    const request = await integration.findResyncRequest();
    expect(request === undefined || !Number.isNaN(Date.parse(request))).toBe(true);
  });
});

/** Identifiers of blueprints that are not the system's own. */
async function listOwnBlueprints(client: PortClient): Promise<readonly string[]> {
  const { blueprints } = await client.request("GET", "/v1/blueprints");
  const identifiers = (blueprints as readonly { readonly identifier: string }[]).map(({ identifier }) => identifier); // Port's contract
  return identifiers.filter((identifier) => !identifier.startsWith("_"));
}
