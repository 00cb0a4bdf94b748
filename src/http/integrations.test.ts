import { beforeEach, afterEach, expect, test } from "vitest";
import { expectPortError, openTestApp, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeEach(async () => {
  api = await openTestApp();
});
afterEach(() => api.close());

const path = "/v1/integration/my-jira";
const created = {
  installationId: "my-jira",
  installationAppType: "jira",
  version: "0.1.0",
  config: {},
  changelogDestination: {},
  actionsProcessingEnabled: false,
};

interface Shown {
  readonly integration: Record<string, unknown> & { readonly resyncState: { readonly updatedAt: string } };
}

async function json(response: Promise<Response>): Promise<unknown> {
  return (await response).json();
}

async function requestedAt(): Promise<unknown> {
  const { request } = (await json(api.send("GET", `${path}/resync-request`))) as { request: { updatedAt: string } };
  return request.updatedAt;
}

test("the start-up of an integration works call by call", async () => {
  await expectPortError(await api.send("GET", `${path}?oceanCoreVersion=0.48.12`), 404, "not_found");
  expect(await json(api.send("GET", "/v1/integration/provision-enabled"))).toEqual({ ok: true, integrations: [] });
  expect(await json(api.send("GET", "/v1/organization"))).toHaveProperty("organization.featureFlags", []);
  expect((await api.send("POST", "/v1/integration", created)).status).toBe(201);
  await api.send("PATCH", `${path}/config`, { config: { resources: [] } }, { "x-skip-resync": "true" });
  await api.send("PATCH", path, { arePortResourcesInitialized: true });
  const { integration } = (await json(api.send("GET", path))) as Shown;
  expect(integration).toMatchObject({
    ...created,
    config: { resources: [] },
    identifier: "my-jira",
    integrationType: "jira",
    installationType: "OnPrem",
    arePortResourcesInitialized: true,
    logAttributes: { ingestUrl: "http://localhost/v1/integration/my-jira/ingest/logs" },
    metricAttributes: { ingestUrl: "http://localhost/v1/integration/my-jira/ingest" },
  });
});

test("an identifier is registered once", async () => {
  await api.send("POST", "/v1/integration", created);
  await expectPortError(await api.send("POST", "/v1/integration", created), 409, "identifier_taken");
  expect(await json(api.send("GET", "/v1/integration"))).toMatchObject({
    integrations: [{ installationId: "my-jira" }],
  });
});

test("creating and changing an integration asks for a resync; its own report and a skipped one do not", async () => {
  await api.send("POST", "/v1/integration", created);
  expect(await requestedAt()).toBe("2024-05-01T10:00:00.000Z");
  api.advance(1000);
  await api.send("PATCH", `${path}/resync-state`, { status: "running" });
  await api.send("PATCH", `${path}/config`, { config: {} }, { "x-skip-resync": "true" });
  expect(await requestedAt()).toBe("2024-05-01T10:00:00.000Z");
  await api.send("PATCH", `${path}/config`, { config: {} });
  expect(await requestedAt()).toBe("2024-05-01T10:00:01.000Z");
  api.advance(1000);
  await api.send("PATCH", path, {});
  expect(await requestedAt()).toBe("2024-05-01T10:00:02.000Z");
});

test("a reported state moves both times to the same instant, and keeps what was reported before", async () => {
  await api.send("POST", "/v1/integration", created);
  api.advance(1000);
  await api.send("PATCH", `${path}/resync-state`, { status: "running", intervalInMinuets: 15 });
  api.advance(1000);
  const { integration } = (await json(api.send("PATCH", `${path}/resync-state`, { status: "completed" }))) as Shown;
  expect(integration.resyncState).toEqual({
    status: "completed",
    intervalInMinuets: 15,
    updatedAt: "2024-05-01T10:00:02.000Z",
  });
  expect(integration["updatedAt"]).toBe(integration.resyncState.updatedAt);
});

test("what the server tells cannot be set, and the mapping survives other changes", async () => {
  await api.send("POST", "/v1/integration", { ...created, config: { resources: [1] } });
  await api.send("PATCH", path, {
    title: "Jira",
    createdAt: "never",
    _id: "x",
    logAttributes: {},
    processingMode: "ocean-core",
  });
  const { integration } = (await json(api.send("GET", path))) as Shown;
  expect(integration).toMatchObject({
    title: "Jira",
    config: { resources: [1] },
    processingMode: "ocean-core",
    createdAt: "2024-05-01T10:00:00.000Z",
    _id: expect.stringMatching(/^integration_/),
    logAttributes: { ingestUrl: expect.any(String) },
  });
});

test("changes at the same time are all kept", async () => {
  await api.send("POST", "/v1/integration", created);
  await Promise.all(Array.from({ length: 10 }, (_, index) => api.send("PATCH", path, { [`flag${index}`]: index })));
  const { integration } = (await json(api.send("GET", path))) as Shown;
  expect(Object.keys(integration).filter((key) => key.startsWith("flag"))).toHaveLength(10);
});

test("examples are kept by kind, whose name may have slashes", async () => {
  await api.send("POST", "/v1/integration", created);
  const kind = "apps/v1/deployments";
  await api.send("POST", `${path}/kinds/${encodeURIComponent(kind)}/examples`, { examples: [{ id: 1 }, { id: 2 }] });
  await api.send("POST", `${path}/kinds/issue/examples`, { examples: [{ key: "A-1" }] });
  expect(await json(api.send("GET", `${path}/kinds`))).toEqual({
    ok: true,
    data: {
      [kind]: {
        examples: [
          { _id: `${kind}-0`, data: { id: 1 } },
          { _id: `${kind}-1`, data: { id: 2 } },
        ],
      },
      issue: { examples: [{ _id: "issue-0", data: { key: "A-1" } }] },
    },
  });
});

test("an integration that is removed is gone with its examples", async () => {
  await api.send("POST", "/v1/integration", created);
  await api.send("POST", `${path}/kinds/issue/examples`, { examples: [{}] });
  expect((await api.send("DELETE", path)).status).toBe(200);
  await expectPortError(await api.send("DELETE", path), 404, "not_found");
  await api.send("POST", "/v1/integration", created);
  expect(await json(api.send("GET", `${path}/kinds`))).toEqual({ ok: true, data: {} });
});

async function createdId(): Promise<string> {
  const { integration } = (await json(api.send("POST", "/v1/integration", created))) as Shown;
  return String(integration["_id"]);
}

test("logs are kept at the address the integration is given, and read back by level, sync and place", async () => {
  const id = await createdId();
  const logs = [
    { message: "one", level: "INFO", timestamp: "2024-05-01T09:00:00Z", extra: { event_id: "e1", kind: "issue" } },
    { message: "two", level: "critical", timestamp: 1714554000.5, extra: {} },
    { message: { not: "a text" } },
  ];
  expect((await api.send("POST", `${path}/ingest/logs`, { logs })).status).toBe(200);
  const list = async (query = ""): Promise<Record<string, unknown>[]> =>
    ((await json(api.send("GET", `${path}/logs${query}`))) as { data: Record<string, unknown>[] }).data;
  const texts = async (query: string): Promise<unknown[]> => (await list(query)).map(({ message }) => message);
  expect(await list()).toEqual([
    {
      _id: "log_3",
      timestamp: "2024-05-01T10:00:00.000Z",
      level: "INFO",
      message: '{"not":"a text"}',
      eventId: null,
      extra: {},
    },
    { _id: "log_2", timestamp: "2024-05-01T09:00:00.500Z", level: "FATAL", message: "two", eventId: null, extra: {} },
    {
      _id: "log_1",
      timestamp: "2024-05-01T09:00:00.000Z",
      level: "INFO",
      message: "one",
      eventId: "e1",
      extra: { event_id: "e1", kind: "issue" },
    },
  ]);
  expect(await texts("?level=FATAL&level=ERROR")).toEqual(["two"]);
  expect(await texts("?eventId=e1")).toEqual(["one"]);
  expect(await texts("?limit=0")).toEqual([]);
  expect(await texts("?timestamp=2024-05-01T09:00:00.500Z&log_id=log_2")).toEqual(["one"]);
  expect(await texts("?timestamp=2024-05-01T09:00:00.500Z&log_id=log_2&direction=up")).toEqual(['{"not":"a text"}']);
  for (const query of ["level=LOUD", `log_id=log_${"9".repeat(20)}`]) {
    await expectPortError(await api.send("GET", `${path}/logs?${query}`), 422, "invalid_request");
  }
  expect(await json(api.send("GET", `/v1/integration/${id}?byField=logIngestId`))).toMatchObject({
    integration: { installationId: "my-jira" },
  });
});

test("metrics are kept by sync and kind, and a sync is as far as its kinds are", async () => {
  const id = await createdId();
  const toMetric = (kindIdentifier: string, syncState: string) => ({ eventId: "e1", kindIdentifier, syncState });
  const states = async (): Promise<unknown> =>
    ((await json(api.send("GET", `/v1/integration/${id}/syncsMetadata`))) as { data: unknown }).data;
  await api.send("POST", `${path}/ingest/syncMetrics`, {
    syncKindsMetrics: [toMetric("issue-0", "pending"), toMetric("board-1", "pending")],
  });
  expect(await states()).toMatchObject([{ eventId: "e1", syncState: "pending" }]);
  api.advance(1000);
  const phase = { load: { object_count_type: { loaded: { object_count: 3 } } } };
  await api.send("PUT", `${path}/ingest/syncMetrics/resync/e1/kind/issue-0`, {
    syncKindMetrics: { ...toMetric("x", "completed"), blueprint: "jiraIssue", kindIndex: 0, metrics: { phase } },
  });
  expect(await states()).toEqual([
    {
      eventId: "e1",
      syncState: "syncing",
      createdAt: "2024-05-01T10:00:00.000Z",
      updatedAt: "2024-05-01T10:00:01.000Z",
    },
  ]);
  const { count, data } = (await json(api.send("GET", `/v1/integration/${id}/syncMetrics`))) as {
    count: number;
    data: unknown[];
  };
  expect(count).toBe(2);
  expect(data[1]).toEqual({
    integrationType: "jira",
    integrationIdentifier: "my-jira",
    integrationVersion: "0.1.0",
    oceanVersion: "",
    kindIdentifier: "issue-0",
    kind: "issue",
    kindIndex: 0,
    eventId: "e1",
    syncState: "completed",
    blueprint: "jiraIssue",
    metrics: { phase },
    createdAt: "2024-05-01T10:00:00.000Z",
    updatedAt: "2024-05-01T10:00:01.000Z",
  });
  expect(await json(api.send("GET", `/v1/integration/${id}/syncMetrics?resyncId=e2`))).toMatchObject({ count: 0 });
  await expectPortError(await api.send("GET", `${path}/syncMetrics`), 404, "not_found");
});

test("what an integration logs and measures goes with it, and an unknown one keeps nothing", async () => {
  await createdId();
  await api.send("POST", `${path}/ingest/logs`, { logs: [{ message: "x" }] });
  await api.send("DELETE", path);
  const calls = [
    ["POST", "logs", { logs: [] }],
    ["POST", "heartbeat", { eventId: "e" }],
    ["POST", "syncMetrics", { syncKindsMetrics: [] }],
    ["PUT", "syncMetrics/resync/e/kind/issue-0", { syncKindMetrics: {} }],
  ] as const;
  for (const [method, end, body] of calls) {
    await expectPortError(await api.send(method, `${path}/ingest/${end}`, body), 404, "not_found");
  }
  await createdId();
  expect(await json(api.send("GET", `${path}/logs`))).toEqual({ ok: true, data: [] });
  for (const [method, end, body] of calls)
    expect((await api.send(method, `${path}/ingest/${end}`, body)).status).toBe(200);
});

test("what everybody may know of integrations is little", async () => {
  await createdId();
  expect(await json(api.send("GET", "/v1/integration/metadata"))).toEqual({
    ok: true,
    integrations: [
      {
        identifier: "my-jira",
        installationId: "my-jira",
        integrationType: "jira",
        title: null,
        updatedAt: "2024-05-01T10:00:00.000Z",
      },
    ],
  });
});

test("a mapping may come as YAML, and one that is none is refused with its place", async () => {
  await api.send("POST", "/v1/integration", { ...created, config: "resources: []\nnote: here" });
  expect(await json(api.send("GET", path))).toMatchObject({ integration: { config: { resources: [], note: "here" } } });
  const response = await api.send("PATCH", `${path}/config`, { config: "resources: []\nnote: [" });
  expect(await expectPortError(response.clone(), 422, "invalid_request")).toContain("line 2, column 8");
  await expectPortError(await api.send("PATCH", `${path}/config`, { config: "text" }), 422, "invalid_request");
});
