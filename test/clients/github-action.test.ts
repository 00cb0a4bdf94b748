/** What Port's GitHub action calls: upsert, bulk, search, get, delete, and the audit log by run. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "../../bench/conformance/api.ts";
import { openWire, type Document, type WireClient } from "./wire.fixture.ts";

let api: Api;
let action: WireClient;
beforeAll(async () => {
  ({ api, client: action } = await openWire("github-action/v1.0"));
  await action.signIn(api.credentials);
  const text = { type: "string" };
  await action.get("POST", "/v1/blueprints", "blueprint", {
    identifier: "repository",
    title: "Repository",
    icon: "Github",
    schema: { properties: { str: text, num: { type: "number" }, list: { type: "array" } }, required: [] },
    mirrorProperties: {},
    calculationProperties: {},
    relations: { parent: { target: "_team", title: "Team", required: false, many: false } },
    teamInheritance: { path: "parent" },
    ownership: { type: "Direct" },
  });
  const team = { identifier: "Test", title: "Test", blueprint: "_team", properties: {}, relations: {} };
  await action.get("POST", "/v1/blueprints/_team/entities?upsert=true&merge=true", "entity", team);
});
afterAll(() => api.close());

const ENTITIES = "/v1/blueprints/repository/entities";
const UPSERT = `${ENTITIES}?upsert=true&merge=true`;
const entity = (identifier: string | undefined, rest: Document = {}): Document => ({
  identifier,
  title: "Title",
  team: ["Test"],
  icon: "GithubActions",
  blueprint: "repository",
  properties: { str: "a", num: 1 },
  relations: {},
  ...rest,
});

test("upsert makes an entity, then changes what it names; the run finds it in the audit log at once", async () => {
  expect(await action.call("POST", `${UPSERT}&run_id=r_abc`, entity("repo"))).toMatchObject({ status: 201 });
  const audits = await action.get<readonly Document[]>(
    "GET",
    "/v1/audit-log?resources=entity&run_id=r_abc&includes=context",
    "audits",
  );
  expect(audits).toEqual([{ context: { blueprint: "repository", entity: "repo", runId: "r_abc" } }]);
  const changed = { identifier: "repo", blueprint: "repository", properties: { num: 2 } };
  const answer = await action.call("POST", UPSERT, changed);
  expect(answer).toMatchObject({ status: 200, body: { entity: { title: "Title", properties: { str: "a", num: 2 } } } });
});

test("an entity without identifier gets one, which the action gives back", async () => {
  const made = await action.get("POST", UPSERT, "entity", entity(undefined));
  expect(made["identifier"]).toMatch(/^e_\w{16}$/);
  await action.get("DELETE", `${ENTITIES}/${encodeURIComponent(String(made["identifier"]))}`, "ok");
});

test.each<[string, string, Document, number, string]>([
  ["an unknown relation", ENTITIES, entity("x", { relations: { unknown: "y" } }), 404, "not_found"],
  ["an unknown blueprint", "/v1/blueprints/nowhere/entities", entity("x"), 404, "not_found"],
  ["an unknown property", ENTITIES, entity("x", { properties: { unknown: 1 } }), 422, "blueprint_schema_mismatch"],
  ["a value of another type", ENTITIES, entity("x", { properties: { num: "1" } }), 422, "blueprint_schema_mismatch"],
  ["an identifier with a space", ENTITIES, entity("x y"), 422, "invalid_request"],
])("%s fails the step, and says why", async (_, path, body, status, error) => {
  const refused = await action.call("POST", `${path}?upsert=true&merge=true`, body);
  expect(refused).toMatchObject({ status, body: { error, message: expect.any(String) } });
  expect((await action.call("GET", `${ENTITIES}/x`)).status).toBe(404);
});

test("bulk is one upsert for each entity", async () => {
  for (const identifier of ["bulk/1", "bulk:2", "bulk@3"]) {
    expect((await action.call("POST", UPSERT, entity(identifier))).status).toBe(201);
  }
  expect(await action.get("GET", "/v1/blueprints/repository/entities-count", "count")).toBe(4);
});

test("get gives the entity as it was written, and no more", async () => {
  const path = `${ENTITIES}/${encodeURIComponent("bulk/1")}`;
  const { createdAt, createdBy, updatedAt, updatedBy, ...read } = await action.get("GET", path, "entity");
  expect([createdAt, createdBy, updatedAt, updatedBy].every((each) => typeof each === "string")).toBe(true);
  expect(read).toEqual({
    ...entity("bulk/1"),
    properties: { str: "a", num: 1, list: null },
    relations: { parent: null },
  });
});

test("search finds by rules, with the keys asked for", async () => {
  const query = {
    combinator: "and",
    rules: [
      { property: "$blueprint", operator: "=", value: "repository" },
      { property: "$identifier", operator: "beginsWith", value: "bulk" },
    ],
  };
  const path = "/v1/entities/search?include=identifier&include=properties.str&exclude_calculated_properties=true";
  const { body } = await action.call("POST", path, query);
  expect(body["matchingBlueprints"]).toEqual(["repository"]);
  expect(body["entities"]).toEqual(
    ["bulk/1", "bulk:2", "bulk@3"].map((identifier) => ({ identifier, properties: { str: "a" } })),
  );
});

test("delete takes the entity, and what is not there is said", async () => {
  for (const identifier of ["repo", "bulk/1", "bulk:2", "bulk@3"]) {
    const path = `${ENTITIES}/${encodeURIComponent(identifier)}?delete_dependents=false`;
    expect((await action.call("DELETE", path)).status).toBe(200);
    expect(await action.call("DELETE", path)).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining("was not found") },
    });
  }
});
