import {
  assertOk,
  unauthorized,
  unreadable,
  type Case,
  type Document,
  type Make,
  type OperationCases,
  type World,
} from "./case.ts";

const integration = (world: World): Document => ({
  installationId: `my-jira-${world.index}-${world.dice.below(1e9)}`,
  installationAppType: "jira",
  title: "Jira",
  version: "1.2.3",
  config: { resources: [] },
});

const withIntegration =
  (toCase: (path: string, document: Document, world: World) => Case | Promise<Case>): Make =>
  async (world) => {
    const document = integration(world);
    assertOk(await world.api.send("POST", "/v1/integration", document));
    return toCase(`/v1/integration/${String(document["installationId"])}`, document, world);
  };

const absentIntegration = (method: string, suffix = ""): Make[] => {
  const path = `/v1/integration/absent${suffix}`;
  const body = method === "GET" || method === "DELETE" ? {} : { body: {} };
  return [() => ({ method, path, ...body, status: 404, code: "not_found" }), ...unauthorized(method, path)];
};

const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "FATAL"] as const;

/** An integration that has logged and measured something, by the `_id` that it was given. */
const withTelemetry =
  (toCase: (id: string, path: string, sent: { readonly log: Document; readonly metric: Document }) => Case): Make =>
  (world) =>
    withIntegration(async (path, _, { api, dice, index }) => {
      const log = {
        message: `message ${index}`,
        level: dice.pick(LEVELS),
        timestamp: "2024-05-01T10:00:00.000Z",
        extra: { event_id: `event-${index}`, kind: "issue" },
      };
      const counts = { object_count_type: { loaded: { object_count: dice.below(100) } } };
      const metric = {
        integrationType: "jira",
        integrationIdentifier: "x",
        integrationVersion: "1",
        oceanVersion: "2",
        kindIdentifier: "issue-0",
        kind: "issue",
        kindIndex: 0,
        eventId: `event-${index}`,
        syncState: dice.pick(["syncing", "completed", "failed"]),
        metrics: { phase: { load: counts, resync: { duration_seconds: dice.below(60), success: 1 } } },
      };
      assertOk(await api.send("POST", `${path}/ingest/logs`, { logs: [log] }));
      assertOk(await api.send("POST", `${path}/ingest/syncMetrics`, { syncKindsMetrics: [metric] }));
      const { integration: made } = (await api.send("GET", path)).body as { integration: { _id: string } };
      return toCase(made._id, path, { log, metric });
    })(world);

const RESOURCE = {
  kind: "issue",
  selector: { query: "true" },
  port: { entity: { mappings: { identifier: ".key", blueprint: '"jiraIssue"' } } },
};

const refusedConfig = (config: unknown): Make =>
  withIntegration((path) => ({
    method: "PATCH",
    path: `${path}/config`,
    body: { config },
    status: 422,
    code: "invalid_request",
  }));

export const INTEGRATION_CASES: Readonly<Record<string, OperationCases>> = {
  "GET /v1/integration": {
    valid: [() => ({ method: "GET", path: "/v1/integration", status: 200, has: {} })],
    invalid: unauthorized("GET", "/v1/integration"),
  },
  "GET /v1/integration/{identifier}": {
    valid: [
      withIntegration((path, document) => ({ method: "GET", path, status: 200, has: { integration: document } })),
    ],
    invalid: absentIntegration("GET"),
  },
  "PATCH /v1/integration/{identifier}": {
    valid: [
      withIntegration((path) => ({
        method: "PATCH",
        path,
        body: { title: "New" },
        status: 200,
        has: { integration: { title: "New" } },
        afterwards: { path, has: { integration: { title: "New" } } },
      })),
    ],
    invalid: [...absentIntegration("PATCH"), ...unreadable("PATCH", "/v1/integration/x")],
  },
  "PATCH /v1/integration/{identifier}/config": {
    valid: [
      withIntegration((path) => {
        const config = { resources: [RESOURCE] };
        return {
          method: "PATCH",
          path: `${path}/config`,
          body: { config },
          status: 200,
          has: { integration: { config } },
          afterwards: { path, has: { integration: { config } } },
        };
      }),
      withIntegration((path) => ({
        method: "PATCH",
        path: `${path}/config`,
        body: { config: "deleteDependentEntities: false\nresources: []" },
        status: 200,
        afterwards: { path, has: { integration: { config: { deleteDependentEntities: false, resources: [] } } } },
      })),
    ],
    invalid: [
      refusedConfig({ resources: [{ ...RESOURCE, prot: {} }] }),
      refusedConfig({ resources: [{ ...RESOURCE, kind: "isue" }] }),
      refusedConfig("resources: ["),
      refusedConfig(7),
      () => ({
        method: "PATCH",
        path: "/v1/integration/absent/config",
        body: { config: null },
        status: 404,
        code: "not_found",
      }),
      ...unauthorized("PATCH", "/v1/integration/x/config"),
      ...unreadable("PATCH", "/v1/integration/x/config"),
    ],
  },
  "DELETE /v1/integration/{identifier}": {
    valid: [withIntegration((path) => ({ method: "DELETE", path, status: 200, afterwards: { path, status: 404 } }))],
    invalid: absentIntegration("DELETE"),
  },
  "GET /v1/integration/metadata": {
    valid: [
      withIntegration((_, { installationId }) => ({
        method: "GET",
        path: "/v1/integration/metadata",
        status: 200,
        has: {},
        afterwards: { path: `/v1/integration/${String(installationId)}`, has: { integration: { installationId } } },
      })),
    ],
    invalid: unauthorized("GET", "/v1/integration/metadata"),
  },
  "GET /v1/integration/{identifier}/logs": {
    valid: [
      withTelemetry((_, path, { log }) => ({
        method: "GET",
        path: `${path}/logs?level=${String(log["level"])}&eventId=${String((log["extra"] as Document)["event_id"])}`,
        status: 200,
        has: { data: [log] },
      })),
      withTelemetry((_, path, { log }) => ({
        method: "GET",
        path: `${path}/logs?timestamp=2024-05-01T10:00:00.001Z&limit=1`,
        status: 200,
        has: { data: [log] },
      })),
    ],
    invalid: [
      ...["limit=301", "limit=-1", "timestamp=now", "direction=left", "level=LOUD", "log_id=x"].map((query): Make =>
        withIntegration((path) => ({
          method: "GET",
          path: `${path}/logs?${query}`,
          status: 422,
          code: "invalid_request",
        })),
      ),
      ...absentIntegration("GET", "/logs"),
    ],
  },
  "GET /v1/integration/{integrationInternalId}/syncMetrics": {
    valid: [
      withTelemetry((id, _, { metric }) => ({
        method: "GET",
        path: `/v1/integration/${id}/syncMetrics`,
        status: 200,
        has: { count: 1, data: [metric] },
      })),
      withTelemetry((id, _, { metric }) => ({
        method: "GET",
        path: `/v1/integration/${id}/syncMetrics?resyncId=${String(metric["eventId"])}`,
        status: 200,
        has: { count: 1, data: [metric] },
      })),
    ],
    invalid: absentIntegration("GET", "/syncMetrics"),
  },
  "GET /v1/integration/{integrationInternalId}/syncsMetadata": {
    valid: [
      withTelemetry((id, _, { metric }) => ({
        method: "GET",
        path: `/v1/integration/${id}/syncsMetadata`,
        status: 200,
        has: { count: 1, data: [{ eventId: metric["eventId"], syncState: metric["syncState"] }] },
      })),
    ],
    invalid: absentIntegration("GET", "/syncsMetadata"),
  },
};
