/** What an Ocean integration calls, in its order: start-up, a resync, the end. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "../../bench/conformance/api.ts";
import { openWire, WireClient, type Document } from "./wire.fixture.ts";

const INTEGRATION = "/v1/integration/my-jira";
const EXPORTER = "port-ocean/jira/0.5.26/my-jira/exporter";
const RESYNC = "6f1c1a2e-0000-4000-8000-000000000001";

let api: Api;
let ocean: WireClient;
let exporter: WireClient;
beforeAll(async () => {
  ({ api, client: ocean } = await openWire("port-ocean/jira/0.5.26/my-jira"));
  exporter = new WireClient(api, EXPORTER);
});
afterAll(() => api.close());

const PROJECT = {
  identifier: "jiraProject",
  title: "Jira Project",
  icon: "Jira",
  schema: { properties: { url: { title: "Project URL", type: "string", format: "url" } } },
  calculationProperties: {},
};
const ISSUE = {
  identifier: "jiraIssue",
  title: "Jira Issue",
  icon: "Jira",
  schema: { properties: { status: { type: "string" }, points: { type: "number" } }, required: [] },
};
const RELATIONS = {
  project: { target: "jiraProject", title: "Project", required: false, many: false },
  parentIssue: { target: "jiraIssue", title: "Parent", required: false, many: false },
};
const MIRRORS = { projectName: { path: "project.$title", title: "Project" } };
const CALCULATIONS = { double: { calculation: ".properties.points * 2", type: "number" } };
const MAPPING = {
  deleteDependentEntities: true,
  createMissingRelatedEntities: true,
  resources: [
    {
      kind: "issue",
      selector: { query: "true", jql: "project = A" },
      port: { entity: { mappings: { identifier: ".key", blueprint: '"jiraIssue"', title: ".fields.summary" } } },
    },
  ],
};

test("start-up: signs in, registers, makes its blueprints in three passes, saves its mapping", async () => {
  await ocean.signIn(api.credentials);
  await exporter.signIn(api.credentials);
  const unknown = await ocean.call("GET", `${INTEGRATION}?oceanCoreVersion=0.48.12`);
  expect(unknown).toMatchObject({ status: 404, body: { error: "not_found" } });
  expect(await ocean.get("GET", "/v1/integration/provision-enabled", "integrations")).toEqual([]);
  const organization = await ocean.get("GET", "/v1/organization", "organization");
  expect(organization).toMatchObject({ id: expect.stringMatching(/^org_\w{16}$/), featureFlags: [] });
  // Without Kafka it must be refused, so that nobody waits for messages.
  expect((await ocean.call("GET", "/v1/kafka-credentials")).status).toBe(404);

  const created = await ocean.get("POST", "/v1/integration", "integration", {
    installationId: "my-jira",
    installationAppType: "jira",
    version: "0.5.26",
    changelogDestination: {},
    config: {},
    actionsProcessingEnabled: false,
    incrementalSyncEnabled: false,
    createPortResourcesOrigin: "Default",
  });
  expect(created).toMatchObject({ installationType: "OnPrem", integrationType: "jira", config: {} });

  for (const blueprint of [PROJECT, ISSUE]) {
    expect((await ocean.call("GET", `/v1/blueprints/${blueprint.identifier}`)).status).toBe(404);
  }
  for (const blueprint of [PROJECT, ISSUE]) {
    expect(await ocean.call("POST", "/v1/blueprints?create_catalog_page=false", blueprint)).toMatchObject({
      status: 201,
    });
  }
  const path = "/v1/blueprints/jiraIssue";
  await ocean.get("PATCH", path, "blueprint", { identifier: "jiraIssue", relations: RELATIONS });
  const finished = await ocean.get("PATCH", path, "blueprint", {
    identifier: "jiraIssue",
    mirrorProperties: MIRRORS,
    calculationProperties: CALCULATIONS,
    aggregationProperties: {},
  });
  expect(finished).toMatchObject({
    ...ISSUE,
    relations: RELATIONS,
    mirrorProperties: MIRRORS,
    calculationProperties: CALCULATIONS,
  });

  // Best effort: what is not there must say so, and no more.
  for (const other of ["/v1/actions", `${path}/scorecards`, "/v1/pages"]) {
    expect((await ocean.call("POST", other, { identifier: "x" })).status).toBe(404);
  }
  const skip = { "x-skip-resync": "true" };
  expect(await ocean.call("PATCH", `${INTEGRATION}/config`, { config: MAPPING }, skip)).toMatchObject({ status: 200 });
  await ocean.get("PATCH", INTEGRATION, "integration", { arePortResourcesInitialized: true });
  expect(await ocean.get("GET", INTEGRATION, "integration")).toMatchObject({
    arePortResourcesInitialized: true,
    config: MAPPING,
  });
});

test("a second start finds what the first one made, and changes only what differs", async () => {
  const found = await ocean.get("GET", `${INTEGRATION}?oceanCoreVersion=0.48.12`, "integration");
  expect(found).toMatchObject({ version: "0.5.26", changelogDestination: {}, actionsProcessingEnabled: false });
  expect(
    await ocean.call("POST", "/v1/integration", { installationId: "my-jira", installationAppType: "jira" }),
  ).toMatchObject({
    status: 409,
    body: { error: "identifier_taken" },
  });
  expect(await ocean.get("PATCH", INTEGRATION, "integration", { version: "0.5.27" })).toMatchObject({
    version: "0.5.27",
  });
});

test("polling: a resync is asked for from the start, and again by an empty change; not by its own reports", async () => {
  const read = () => ocean.get<{ readonly updatedAt: string }>("GET", `${INTEGRATION}/resync-request`, "request");
  const first = await read();
  expect(first).toMatchObject({ id: expect.any(String), updatedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
  const running = {
    status: "running",
    lastResyncStart: "2026-01-01T00:00:00Z",
    lastResyncEnd: null,
    intervalInMinuets: 60,
  };
  const { resyncState, updatedAt } = await ocean.get<{
    readonly resyncState: Document;
    readonly updatedAt: string;
  }>("PATCH", `${INTEGRATION}/resync-state`, "integration", running);
  expect(resyncState).toEqual({ ...running, updatedAt });
  expect(await read()).toEqual(first);
  await ocean.get("PATCH", INTEGRATION, "integration", {});
  expect((await read()).updatedAt > first.updatedAt).toBe(true);
});

const issue = (number: number, rest: Document = {}): Document => ({
  identifier: `A-${number}`,
  blueprint: "jiraIssue",
  title: `Issue ${number}`,
  icon: null,
  team: null,
  properties: { status: "Open", points: number },
  relations: { project: "A", parentIssue: number === 1 ? null : "A-1" },
  ...rest,
});
const BULK = "/v1/blueprints/jiraIssue/entities/bulk";
const FLAGS =
  "upsert=true&merge=true&create_missing_related_entities=true&validation_only=false&ocean_info_event_type=resync";

test("resync: metrics, bulk upserts, examples and logs, at the addresses that the integration was given", async () => {
  const { metricAttributes, logAttributes, _id } = await ocean.get<{
    readonly metricAttributes: { readonly ingestUrl: string };
    readonly logAttributes: { readonly ingestUrl: string };
    readonly _id: string;
  }>("GET", INTEGRATION, "integration");
  const metric = {
    integrationType: "jira",
    integrationIdentifier: "my-jira",
    integrationVersion: "0.5.27",
    oceanVersion: "0.48.12",
    kindIdentifier: "issue-0",
    kind: "issue",
    kindIndex: 0,
    eventId: RESYNC,
    metrics: { phase: { extract: { object_count_type: { raw_extracted: { object_count: 20 } } } } },
  };
  const metrics = `${metricAttributes.ingestUrl}/syncMetrics`;
  await ocean.get("POST", metrics, "ok", { syncKindsMetrics: [{ ...metric, syncState: "pending" }] });
  await ocean.get("POST", `${metricAttributes.ingestUrl}/heartbeat`, "ok", { eventId: RESYNC });

  const entities = Array.from({ length: 20 }, (_, index) => issue(index + 1));
  const written = await exporter.call("POST", `${BULK}?${FLAGS}&ocean_info_resync_id=${RESYNC}`, { entities });
  expect(written).toMatchObject({ status: 200, body: { errors: [] } });
  expect(written.body["entities"]).toEqual(
    entities.map(({ identifier }, index) => ({ index, identifier, created: true })),
  );
  const partly = await exporter.call("POST", `${BULK}?upsert=true&merge=true`, {
    entities: [issue(21, { relations: { project: "absent" } }), issue(20)],
  });
  expect(partly).toMatchObject({
    status: 207,
    body: { errors: [{ index: 0, identifier: "A-21", statusCode: 404, error: "not_found" }], entities: [{ index: 1 }] },
  });
  await ocean.get("POST", `${INTEGRATION}/kinds/issue/examples`, "ok", { examples: [{ key: "A-1" }] });
  const log = { message: "Fetched", level: "INFO", timestamp: "2026-01-01T00:00:00.000Z", extra: { event_id: RESYNC } };
  await ocean.get("POST", logAttributes.ingestUrl, "ok", { logs: [log] });
  const update = { syncKindMetrics: { ...metric, syncState: "completed" } };
  await ocean.get("PUT", `${metrics}/resync/${RESYNC}/kind/issue-0`, "ok", update);

  expect(await ocean.get("GET", `${INTEGRATION}/logs?eventId=${RESYNC}`, "data")).toMatchObject([
    { message: "Fetched" },
  ]);
  expect(await ocean.get("GET", `/v1/integration/${_id}/syncsMetadata`, "data")).toMatchObject([
    { eventId: RESYNC, syncState: "completed" },
  ]);
});

test("a bulk request that is too large is refused with 413, and its entities go one by one", async () => {
  const entities = Array.from({ length: 2 }, (_, index) => issue(30 + index, { title: "x".repeat(600_000) }));
  expect((await exporter.call("POST", `${BULK}?${FLAGS}`, { entities })).status).toBe(413);
  for (const entity of entities) {
    const answer = await exporter.call("POST", `/v1/blueprints/jiraIssue/entities?${FLAGS}`, entity);
    expect(answer.status).toBe(201);
  }
  await exporter.get(
    "POST",
    "/v1/blueprints/jiraIssue/bulk/entities/delete?delete_dependents=true",
    "deletedEntities",
    {
      entities: ["A-30", "A-31"],
    },
  );
});

test("the comparison with what is there finds it by identifier and data source, with the fields asked for", async () => {
  const query = {
    combinator: "and",
    rules: [
      { property: "$identifier", operator: "in", value: ["A-1", "A-2", "A-99"] },
      { property: "$blueprint", operator: "=", value: "jiraIssue" },
      { property: "$datasource", operator: "contains", value: "port-ocean/jira/" },
      { property: "$datasource", operator: "contains", value: "/my-jira/exporter" },
    ],
  };
  const flags =
    "exclude_calculated_properties=true&include=blueprint&include=identifier&include=title&include=properties.status";
  const found = await exporter.get<readonly Document[]>("POST", `/v1/entities/search?${flags}`, "entities", query);
  expect(found).toEqual([
    { identifier: "A-1", blueprint: "jiraIssue", title: "Issue 1", properties: { status: "Open" } },
    { identifier: "A-2", blueprint: "jiraIssue", title: "Issue 2", properties: { status: "Open" } },
  ]);
});

test("what is stale is listed by data source in pages, as it was before the resync, and deleted by the hundred", async () => {
  const body = {
    datasource_prefix: "port-ocean/jira/",
    datasource_suffix: "/my-jira/exporter",
    before: new Date(Date.now() + 1000).toISOString(),
    limit: 5000,
  };
  const all: Document[] = [];
  let from: unknown;
  do {
    const page = await exporter.call("POST", "/v1/blueprints/entities/datasource-entities", {
      ...body,
      ...(typeof from === "string" && { from }),
    });
    all.push(...(page.body["entities"] as Document[]));
    from = page.body["next"];
  } while (typeof from === "string");
  const ofIssues = all.filter(({ blueprint }) => blueprint === "jiraIssue");
  expect(ofIssues).toHaveLength(20);
  expect(ofIssues[0]).toMatchObject({
    identifier: "A-1",
    title: "Issue 1",
    icon: null,
    team: [],
    properties: { status: "Open", points: 1 },
    relations: { project: "A", parentIssue: null },
  });
  const earlier = { ...body, before: "2020-01-01T00:00:00Z" };
  expect(await exporter.get("POST", "/v1/blueprints/entities/datasource-entities", "entities", earlier)).toEqual([]);
  const entities = ["A-19", "A-20", "A-404"];
  const remove = "/v1/blueprints/jiraIssue/bulk/entities/delete?delete_dependents=true&ocean_info_event_type=resync";
  expect(await exporter.get("POST", remove, "deletedEntities", { entities })).toEqual(["A-19", "A-20"]);
  expect(await exporter.call("DELETE", "/v1/blueprints/jiraIssue/entities/A-18?delete_dependents=true")).toMatchObject({
    status: 200,
  });
  expect((await exporter.call("DELETE", "/v1/blueprints/jiraIssue/entities/A-18")).status).toBe(404);
  await ocean.get("PATCH", `${INTEGRATION}/resync-state`, "integration", {
    status: "completed",
    lastResyncEnd: "2026-01-01T00:01:00Z",
  });
});

test("a token that is not valid any more is told by 401, after which a new one goes on", async () => {
  ocean.forgetToken();
  expect(await ocean.call("GET", INTEGRATION)).toMatchObject({ status: 401, body: { error: "unauthorized" } });
  await ocean.signIn(api.credentials);
  expect((await ocean.call("GET", INTEGRATION)).status).toBe(200);
  const wrong = { clientId: "x", clientSecret: "y" };
  expect((await ocean.call("POST", "/v1/auth/access_token", wrong)).status).toBe(401);
});

test("the end: blueprints go with their entities, in the background, and then the integration", async () => {
  for (const name of ["jiraIssue", "jiraProject"]) {
    const path = `/v1/blueprints/${name}/all-entities?delete_blueprint=true&ocean_info_event_type=clean`;
    const id = await ocean.get<string>("DELETE", path, "migrationId");
    let status: unknown;
    do ({ status } = await ocean.get("GET", `/v1/migrations/${id}`, "migration"));
    while (["RUNNING", "INITIALIZING", "PENDING"].includes(String(status)));
    expect(status).toBe("COMPLETED");
    expect((await ocean.call("GET", `/v1/blueprints/${name}`)).status).toBe(404);
  }
  expect(await ocean.call("DELETE", INTEGRATION)).toMatchObject({ status: 200 });
  expect((await ocean.call("GET", INTEGRATION)).status).toBe(404);
});
