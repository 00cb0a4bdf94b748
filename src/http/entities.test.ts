import { beforeEach, afterEach, expect, test } from "vitest";
import { createBlueprints, expectPortError, openTestApp, START, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeEach(async () => {
  api = await openTestApp();
  await createBlueprints(api);
});
afterEach(() => api.close());

const issues = "/v1/blueprints/issue/entities";

async function json(response: Promise<Response>): Promise<unknown> {
  return (await response).json();
}

async function readIssue(identifier: string): Promise<Record<string, unknown>> {
  const { entity } = (await json(api.send("GET", `${issues}/${identifier}`))) as { entity: Record<string, unknown> };
  return entity;
}

test("an entity is read with every property and relation of its blueprint, unset ones null or empty", async () => {
  expect((await api.send("POST", issues, { identifier: "I-1", properties: { points: 3 } })).status).toBe(201);
  expect(await readIssue("I-1")).toEqual({
    identifier: "I-1",
    title: "I-1",
    icon: null,
    blueprint: "issue",
    team: [],
    properties: { status: null, points: 3, labels: null, created: null, double: 6 },
    relations: { project: null, watchers: [] },
    createdAt: "2024-05-01T10:00:00.000Z",
    createdBy: "client-1",
    updatedAt: "2024-05-01T10:00:00.000Z",
    updatedBy: "client-1",
  });
});

test("Jira's dates are taken and given back as they are", async () => {
  const created = "2023-11-06T11:02:59.000+0000";
  await api.send("POST", issues, { identifier: "I-1", properties: { created } });
  expect(await readIssue("I-1")).toHaveProperty("properties.created", created);
});

test("an entity without identifier gets one; empty title, maps and a run_id without value are fine", async () => {
  const body = { title: "", blueprint: "issue", properties: {}, relations: {} };
  const answer = await json(api.send("POST", `${issues}?upsert=true&run_id=`, body));
  expect(answer).toHaveProperty("entity.identifier", expect.stringMatching(/^e_[0-9a-z]{16}$/));
});

test.each([
  ["nothing", "", 409, { points: 3, status: "Open" }],
  ["upsert", "?upsert=true", 200, { points: null, status: "Done" }],
  ["upsert and merge", "?upsert=true&merge=true", 200, { points: 3, status: "Done" }],
  ["upsert and validation_only", "?upsert=true&validation_only=true", 200, { points: 3, status: "Open" }],
])("writing an entity that exists with %s", async (_claim, query, status, left) => {
  await api.send("POST", issues, { identifier: "I-1", properties: { points: 3, status: "Open" } });
  api.advance(60_000);
  const response = await api.send("POST", issues + query, { identifier: "I-1", properties: { status: "Done" } });
  expect(response.status).toBe(status);
  expect((await readIssue("I-1"))["properties"]).toMatchObject(left);
  expect((await readIssue("I-1"))["createdAt"]).toBe(new Date(START).toISOString());
});

test("validation_only checks and creates nothing", async () => {
  expect((await api.send("POST", `${issues}?validation_only=true`, { identifier: "I-1" })).status).toBe(200);
  await expectPortError(await api.send("GET", `${issues}/I-1`), 404, "not_found");
  const wrong = { identifier: "I-1", properties: { points: "many" } };
  const response = await api.send("POST", `${issues}?validation_only=true`, wrong);
  await expectPortError(response, 422, "blueprint_schema_mismatch");
});

test("a missing target is refused, or made when the flag says so", async () => {
  const body = { identifier: "I-1", relations: { project: "P", watchers: ["ann", "bob"] } };
  await expectPortError(await api.send("POST", issues, body), 404, "not_found");
  expect((await api.send("POST", `${issues}?create_missing_related_entities=true`, body)).status).toBe(201);
  expect(await json(api.send("GET", "/v1/blueprints/person/entities/bob"))).toHaveProperty("entity.title", "bob");
});

test("PUT keeps only what is given, PATCH changes only what is given, null unsets", async () => {
  await api.send("POST", issues, { identifier: "I-1", title: "One", properties: { points: 3, status: "Open" } });
  await api.send("PATCH", `${issues}/I-1`, { properties: { status: null, labels: ["a"] } });
  expect(await readIssue("I-1")).toMatchObject({
    title: "One",
    properties: { points: 3, status: null, labels: ["a"] },
  });
  await api.send("PUT", `${issues}/I-1`, { identifier: "I-1", properties: { status: "Done" } });
  expect(await readIssue("I-1")).toMatchObject({ title: "I-1", properties: { points: null, status: "Done" } });
});

test("a bulk write reports every item once, under its index, and one bad item harms no other", async () => {
  await api.send("POST", issues, { identifier: "I-1" });
  const entities = [
    { identifier: "I-1" },
    { identifier: "I-2", properties: { points: "many" } },
    { identifier: "I-3", relations: { project: "none" } },
    { identifier: { combinator: "and", rules: [{ property: "$title", operator: "=", value: "nobody" }] } },
    5,
    { identifier: "I-4", title: 7 },
    { identifier: "I-5" },
  ];
  const response = await api.send("POST", `${issues}/bulk?upsert=true&merge=true`, { entities });
  expect(response.status).toBe(207);
  expect(await response.json()).toEqual({
    ok: true,
    entities: [
      { index: 0, identifier: "I-1", created: false },
      { index: 6, identifier: "I-5", created: true },
    ],
    errors: [
      { index: 1, identifier: "I-2", statusCode: 422, error: "blueprint_schema_mismatch", message: expect.any(String) },
      { index: 2, identifier: "I-3", statusCode: 404, error: "not_found", message: expect.any(String) },
      { index: 3, identifier: "unknown", statusCode: 404, error: "not_found", message: expect.any(String) },
      { index: 4, identifier: "unknown", statusCode: 422, error: "invalid_request", message: expect.any(String) },
      { index: 5, identifier: "I-4", statusCode: 422, error: "invalid_request", message: expect.any(String) },
    ],
  });
});

test("a bulk write that finds its entities there, without upsert, reports a conflict per item", async () => {
  await api.send("POST", issues, { identifier: "I-1" });
  const response = await api.send("POST", `${issues}/bulk`, { entities: [{ identifier: "I-1" }] });
  expect(await response.json()).toMatchObject({ errors: [{ statusCode: 409, error: "identifier_taken" }] });
});

test("a deletion takes along what requires the entity when it is told to, and frees what only points at it", async () => {
  await api.send("POST", "/v1/blueprints/project/entities", { identifier: "P" });
  await api.send("POST", issues, { identifier: "I-1", relations: { project: "P" } });
  const comment = { identifier: "C-1", properties: { body: "x" }, relations: { issue: "I-1" } };
  await api.send("POST", "/v1/blueprints/comment/entities", comment);
  expect((await api.send("DELETE", "/v1/blueprints/project/entities/P")).status).toBe(200);
  expect(await readIssue("I-1")).toHaveProperty("relations.project", null);
  await expectPortError(await api.send("DELETE", `${issues}/I-1`), 403, "has_dependents");
  expect((await api.send("DELETE", `${issues}/I-1?delete_dependents=True`)).status).toBe(200);
  const left = await api.send("GET", "/v1/blueprints/comment/entities/C-1");
  await expectPortError(left, 404, "not_found");
});

test("a bulk deletion deletes all or, when something stays in the way, none", async () => {
  await api.send("POST", `${issues}/bulk`, { entities: [{ identifier: "I-1" }, { identifier: "I-2" }] });
  const comment = { identifier: "C-1", properties: { body: "x" }, relations: { issue: "I-1" } };
  await api.send("POST", "/v1/blueprints/comment/entities", comment);
  const body = { entities: ["I-1", "I-2", "none"] };
  const path = "/v1/blueprints/issue/bulk/entities/delete";
  await expectPortError(await api.send("POST", path, body), 403, "has_dependents");
  expect(await json(api.send("GET", "/v1/blueprints/issue/entities-count"))).toEqual({ ok: true, count: 2 });
  const answer = (await json(api.send("POST", `${path}?delete_dependents=true`, body))) as {
    deletedEntities: string[];
  };
  expect(answer.deletedEntities.toSorted()).toEqual(["I-1", "I-2"]);
});

test("the user agent of a write becomes its data source, and the last writer has it", async () => {
  const ocean = "port-ocean/jira/0.1.0/my-jira/exporter";
  await api.send("POST", issues, { identifier: "I-1" }, { "user-agent": ocean });
  await api.send("POST", issues, { identifier: "I-2" }, { "user-agent": ocean });
  await api.send("PATCH", `${issues}/I-2`, { title: "Two" }, { "user-agent": "curl/8" });
  const list = (prefix: string, more: object = {}): Promise<unknown> =>
    json(
      api.send("POST", "/v1/blueprints/entities/datasource-entities", {
        datasource_prefix: prefix,
        datasource_suffix: "/exporter",
        ...more,
      }),
    );
  expect(await list("port-ocean/jira/")).toMatchObject({ entities: [{ identifier: "I-1", blueprint: "issue" }] });
  expect(await list("port-ocean/git/")).toEqual({ ok: true, entities: [], next: null });
  expect(await list("port-ocean/jira/", { before: "2024-05-01T10:00:00Z" })).toMatchObject({ entities: [] });
  expect(await list("port-ocean/jira/", { before: "2024-05-01T12:00:01+02:00" })).toMatchObject({
    entities: [{ identifier: "I-1" }],
  });
});

test("a search has pages that together hold each match once", async () => {
  const entities = Array.from({ length: 20 }, (_, index) => ({
    identifier: `I-${index}`,
    properties: { points: index },
  }));
  await api.send("POST", `${issues}/bulk`, { entities });
  const query = { combinator: "and", rules: [{ property: "points", operator: ">=", value: 5 }] };
  const seen: string[] = [];
  let from: string | null = null;
  do {
    const body: object = { query, limit: 4, include: ["identifier"], ...(from && { from }) };
    const page = (await json(api.send("POST", `${issues}/search`, body))) as {
      entities: { identifier: string }[];
      next: string | null;
    };
    expect(page.entities.length).toBeLessThanOrEqual(4);
    seen.push(...page.entities.map((entity) => entity.identifier));
    from = page.next;
  } while (from !== null);
  expect(seen.toSorted()).toEqual(
    entities
      .slice(5)
      .map((entity) => entity.identifier)
      .toSorted(),
  );
  expect(await json(api.send("POST", `${issues}/search/count`, { query }))).toEqual({ ok: true, count: 15 });
  const all = await json(api.send("POST", "/v1/entities/search?include=identifier", query));
  expect(all).toMatchObject({ matchingBlueprints: ["issue"], entities: expect.objectContaining({ length: 15 }) });
});
