import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprints, expectPortError, openTestApp, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
  await createBlueprints(api);
});
afterAll(() => api.close());

const IDENTIFIERS = [
  "a/b",
  "a//b/",
  "entities",
  "search",
  "bulk",
  "a:b",
  "a@b.c",
  "a+b",
  "a\\b",
  "a=b",
  "...",
  "ÄÖß",
  "日本語",
  "x".repeat(1000),
];

test.each(IDENTIFIERS)("an entity called %j is written, read, changed and deleted by its path", async (identifier) => {
  const path = `/v1/blueprints/person/entities/${encodeURIComponent(identifier)}`;
  await api.send("POST", "/v1/blueprints/person/entities", { identifier });
  const read = (await (await api.send("GET", path)).json()) as { entity: { identifier: string } };
  expect(read.entity.identifier).toBe(identifier);
  expect((await api.send("PATCH", path, { title: "T" })).status).toBe(200);
  expect((await api.send("DELETE", path)).status).toBe(200);
  await expectPortError(await api.send("GET", path), 404, "not_found");
});

test("a blueprint with a slash in its name has entities", async () => {
  const blueprint = { identifier: "apps/v1:x", title: "App", schema: { properties: {} } };
  expect((await api.send("POST", "/v1/blueprints", blueprint)).status).toBe(201);
  expect((await api.send("POST", "/v1/blueprints/apps%2Fv1%3Ax/entities", { identifier: "one" })).status).toBe(201);
  expect((await api.send("GET", "/v1/blueprints/apps%2Fv1%3Ax/entities/one")).status).toBe(200);
});

test("a blueprint called entities does not hide the list of a data source, nor the other way round", async () => {
  await api.send("POST", "/v1/blueprints", { identifier: "entities", title: "E", schema: { properties: {} } });
  expect((await api.send("POST", "/v1/blueprints/entities/entities", { identifier: "one" })).status).toBe(201);
  const body = { datasource_prefix: "", datasource_suffix: "" };
  expect((await api.send("POST", "/v1/blueprints/entities/datasource-entities", body)).status).toBe(200);
});

test.each([
  ["a plus stays a plus", "a+b", "a+b"],
  ["a segment is decoded once", "a%252Fb", "a%2Fb"],
  ["a broken escape stays as it is", "a%ZZ", "a%ZZ"],
])("%s", async (_claim, segment, identifier) => {
  const response = await api.send("GET", `/v1/blueprints/person/entities/${segment}`);
  expect(await expectPortError(response, 404, "not_found")).toContain(`"${identifier}"`);
});
