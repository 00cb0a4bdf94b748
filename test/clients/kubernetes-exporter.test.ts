/** What the Kubernetes exporter calls: registers, reconciles by its state key, polls, leaves. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "../../bench/conformance/api.ts";
import { openWire, WireClient, type Document } from "./wire.fixture.ts";

const STATE_KEY = "my-cluster";
const INTEGRATION = `/v1/integration/${STATE_KEY}`;
const CONFIG = { resources: [{ kind: "apps/v1/deployments", selector: { query: "true" }, port: { entity: {} } }] };

let api: Api;
let exporter: WireClient;
beforeAll(async () => {
  ({ api, client: exporter } = await openWire(`port-k8s-exporter/^0.3.4 (statekey/${STATE_KEY})`));
  await exporter.signIn(api.credentials);
});
afterAll(() => api.close());

test("it registers itself, and finds where its logs go in the answer", async () => {
  expect((await exporter.call("GET", INTEGRATION)).body).toMatchObject({
    error: "not_found",
    message: expect.stringContaining("was not found"),
  });
  const made = await exporter.get("POST", "/v1/integration", "integration", {
    title: STATE_KEY,
    version: "0.5.2",
    installationId: STATE_KEY,
    installationAppType: "K8S EXPORTER",
    changelogDestination: { type: "POLLING" },
    config: CONFIG,
  });
  expect(made).toMatchObject({ config: CONFIG, changelogDestination: { type: "POLLING" } });
  const { ingestUrl } = made["logAttributes"] as { ingestUrl: string };
  const log = { level: "info", message: "Starting", timestamp: "2026-01-01T00:00:00Z", extra: {} };
  await exporter.get("POST", ingestUrl, "ok", { logs: [log] });
  expect(await exporter.get("GET", `${INTEGRATION}/logs`, "data")).toMatchObject([
    { level: "INFO", message: "Starting" },
  ]);
});

const DEPLOYMENTS = "/v1/blueprints/deployment/entities";
const deployment = (name: string, rest: Document = {}): Document => ({
  identifier: `${name}-Deployment-default`,
  title: name,
  blueprint: "deployment",
  team: { combinator: "and", rules: [{ property: "$identifier", operator: "=", value: "platform" }] },
  properties: { replicas: 1, labels: { app: name } },
  relations: { namespace: "default" },
  ...rest,
});
const FLAGS = "upsert=true&merge=true&create_missing_related_entities=true";

test("it makes its blueprints, and writes twenty at a time, teams by search", async () => {
  const properties = { replicas: { type: "number" }, labels: { type: "object" } };
  const bare = (identifier: string, schema: object) => ({ identifier, title: identifier, icon: "Cluster", schema });
  for (const blueprint of [bare("namespace", { properties: {} }), bare("deployment", { properties })]) {
    expect((await exporter.call("GET", `/v1/blueprints/${blueprint.identifier}`)).status).toBe(404);
    await exporter.get("POST", "/v1/blueprints", "blueprint", blueprint);
  }
  const relations = { namespace: { target: "namespace", title: "Namespace", required: false, many: false } };
  await exporter.get("PATCH", "/v1/blueprints/deployment", "blueprint", { relations });
  await exporter.get("POST", "/v1/blueprints/_team/entities", "entity", { identifier: "platform", title: "Platform" });

  const entities = Array.from({ length: 20 }, (_, index) => deployment(`app${index}`));
  const { status, body } = await exporter.call("POST", `${DEPLOYMENTS}/bulk?${FLAGS}`, { entities });
  expect({ status, errors: body["errors"] }).toEqual({ status: 200, errors: [] });
  expect(await exporter.get("GET", `${DEPLOYMENTS}/app0-Deployment-default`, "entity")).toMatchObject({
    team: ["platform"],
    properties: { replicas: 1, labels: { app: "app0" } },
    relations: { namespace: "default" },
  });
  const partly = [deployment("ok"), deployment("bad", { properties: { replicas: "many" } })];
  const mixed = await exporter.call("POST", `${DEPLOYMENTS}/bulk?${FLAGS}`, { entities: partly });
  expect(mixed).toMatchObject({ status: 207, body: { errors: [{ index: 1, statusCode: 422 }] } });
});

test("it reconciles: finds what it wrote by its state key, and deletes what is not in the cluster any more", async () => {
  const elsewhere = new WireClient(api, "port-k8s-exporter/^0.3.4 (statekey/other-cluster)");
  await elsewhere.signIn(api.credentials);
  await elsewhere.get("POST", `${DEPLOYMENTS}?${FLAGS}`, "entity", deployment("theirs"));
  const rules = ["port-k8s-exporter", `statekey/${STATE_KEY}`].map((value) => {
    return { property: "$datasource", operator: "contains", value };
  });
  const search = "/v1/entities/search?exclude_calculated_properties=true&include=blueprint&include=identifier";
  const found = await exporter.get<readonly Document[]>("POST", search, "entities", { combinator: "and", rules });
  const ofDeployments = found.filter(({ blueprint }) => blueprint === "deployment");
  expect(ofDeployments).toHaveLength(21);
  expect(found).not.toContainEqual(expect.objectContaining({ identifier: "theirs-Deployment-default" }));
  const listed = await exporter.call("POST", "/v1/blueprints/entities/datasource-entities", {
    datasource_prefix: "port-k8s-exporter",
    datasource_suffix: `(statekey/${STATE_KEY})`,
  });
  const toIdentifiers = (entities: readonly Document[]) => new Set(entities.map(({ identifier }) => identifier));
  expect(toIdentifiers(listed.body["entities"] as Document[])).toEqual(toIdentifiers(found));
  for (const name of ["app18", "app19"]) {
    const path = `${DEPLOYMENTS}/${name}-Deployment-default?delete_dependents=false`;
    expect((await exporter.call("DELETE", path)).status).toBe(200);
    expect((await exporter.call("GET", path)).body).toMatchObject({
      message: expect.stringContaining("was not found"),
    });
  }
  expect(await exporter.get("GET", "/v1/blueprints/deployment/entities-count", "count")).toBe(20);
});

test("polling sees every change of the integration, by its time or by a request", async () => {
  const poll = async (): Promise<readonly unknown[]> => {
    const { updatedAt } = await exporter.get("GET", `${INTEGRATION}?isPolling=true`, "integration");
    const request = await exporter.get("GET", `${INTEGRATION}/resync-request`, "request");
    return [updatedAt, request["updatedAt"]];
  };
  const before = await poll();
  expect(await poll()).toEqual(before);
  await exporter.get("PATCH", INTEGRATION, "integration", { config: CONFIG });
  expect(await poll()).not.toEqual(before);
});

test("examples are kept by kind, whose name has slashes", async () => {
  const path = `${INTEGRATION}/kinds/${encodeURIComponent("apps/v1/deployments")}/examples`;
  await exporter.get("POST", path, "ok", { examples: [{ metadata: { name: "app0" } }] });
  expect(await exporter.get("GET", `${INTEGRATION}/kinds`, "data")).toMatchObject({
    "apps/v1/deployments": { examples: [{ data: { metadata: { name: "app0" } } }] },
  });
});

test("leaving is answered exactly 200", async () => {
  expect((await exporter.call("DELETE", INTEGRATION)).status).toBe(200);
});
