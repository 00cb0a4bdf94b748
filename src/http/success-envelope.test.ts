import { afterAll, beforeAll, expect, test } from "vitest";
import { BLUEPRINTS, createBlueprints, openTestApp, type Method, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
  await createBlueprints(api);
});
afterAll(() => api.close());

const issues = "/v1/blueprints/issue/entities";
const everything = { combinator: "and", rules: [] };

/** In order: later ones build on earlier ones. `keys` are those beside `ok`. */
const SCENARIOS: readonly {
  readonly send: readonly [Method, string, unknown?];
  readonly status: number;
  readonly keys: readonly string[];
}[] = [
  { send: ["GET", "/v1/organization"], status: 200, keys: ["organization"] },
  { send: ["GET", "/v1/blueprints"], status: 200, keys: ["blueprints"] },
  {
    send: ["POST", "/v1/blueprints", { identifier: "extra", title: "Extra", schema: { properties: {} } }],
    status: 201,
    keys: ["blueprint"],
  },
  { send: ["GET", "/v1/blueprints/extra"], status: 200, keys: ["blueprint"] },
  {
    send: ["PUT", "/v1/blueprints/extra", { title: "Other", schema: { properties: {} } }],
    status: 200,
    keys: ["blueprint"],
  },
  { send: ["PATCH", "/v1/blueprints/extra", { title: "Extra" }], status: 200, keys: ["blueprint"] },
  { send: ["DELETE", "/v1/blueprints/extra"], status: 200, keys: [] },
  { send: ["POST", issues, { identifier: "I-1", blueprint: "issue" }], status: 201, keys: ["entity"] },
  { send: ["POST", `${issues}?upsert=true`, { identifier: "I-1" }], status: 200, keys: ["entity"] },
  { send: ["POST", `${issues}?validation_only=true`, { identifier: "I-9" }], status: 200, keys: ["entity"] },
  {
    send: ["POST", `${issues}/bulk`, { entities: [{ identifier: "I-2" }] }],
    status: 200,
    keys: ["entities", "errors"],
  },
  {
    send: ["POST", `${issues}/bulk`, { entities: [{ identifier: "I-2" }, { identifier: "I-3" }] }],
    status: 207,
    keys: ["entities", "errors"],
  },
  { send: ["GET", issues], status: 200, keys: ["entities"] },
  { send: ["GET", `${issues}/I-1`], status: 200, keys: ["entity"] },
  { send: ["PUT", `${issues}/I-1`, {}], status: 200, keys: ["entity"] },
  { send: ["PATCH", `${issues}/I-1`, { title: "One" }], status: 200, keys: ["entity"] },
  { send: ["GET", "/v1/blueprints/issue/entities-count"], status: 200, keys: ["count"] },
  { send: ["POST", "/v1/entities/search", everything], status: 200, keys: ["matchingBlueprints", "entities"] },
  { send: ["POST", `${issues}/search`, { query: everything }], status: 200, keys: ["entities", "next"] },
  { send: ["POST", `${issues}/search/count`, { query: everything }], status: 200, keys: ["count"] },
  {
    send: ["POST", "/v1/blueprints/entities/datasource-entities", { datasource_prefix: "", datasource_suffix: "" }],
    status: 200,
    keys: ["entities", "next"],
  },
  { send: ["DELETE", `${issues}/I-1`], status: 200, keys: [] },
  {
    send: ["POST", "/v1/blueprints/issue/bulk/entities/delete", { entities: ["I-2", "none"] }],
    status: 200,
    keys: ["deletedEntities"],
  },
];

test("every success is JSON with ok: true, its own keys and no other, and a trace id", async () => {
  for (const { send, status, keys } of SCENARIOS) {
    const response = await api.send(...send);
    const body = (await response.json()) as object;
    const facts = { send, status: response.status, keys: Object.keys(body), ok: "ok" in body && body.ok };
    expect(facts).toEqual({ send, status, keys: ["ok", ...keys], ok: true });
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("x-trace-id")).toMatch(/^[0-9a-f]{32}$/);
  }
});

test("a blueprint comes back with the booleans, maps and times that clients rely on", async () => {
  const response = await api.send("GET", "/v1/blueprints/issue");
  expect(await response.json()).toEqual({
    ok: true,
    blueprint: {
      ...BLUEPRINTS[2],
      schema: { ...BLUEPRINTS[2].schema, required: [] },
      relations: {
        project: { target: "project", required: false, many: false },
        watchers: { target: "person", required: false, many: true },
      },
      mirrorProperties: {},
      aggregationProperties: {},
      createdAt: "2024-05-01T10:00:00.000Z",
      createdBy: "client-1",
      updatedAt: "2024-05-01T10:00:00.000Z",
      updatedBy: "client-1",
    },
  });
});
