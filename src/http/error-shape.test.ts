import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprints, expectPortError, openTestApp, type Method, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
  await createBlueprints(api);
  await api.send("POST", "/v1/blueprints/issue/entities", { identifier: "I-1" });
  await api.send("POST", "/v1/blueprints/comment/entities", {
    identifier: "C-1",
    properties: { body: "x" },
    relations: { issue: "I-1" },
  });
});
afterAll(() => api.close());

const entities = "/v1/blueprints/issue/entities";

interface Scenario {
  readonly claim: string;
  readonly send: readonly [Method, string, unknown?];
  readonly status: number;
  readonly code: string;
  readonly says: RegExp;
}

const SCENARIOS: readonly Scenario[] = [
  {
    claim: "a route that does not exist",
    send: ["GET", "/v1/nothing"],
    status: 404,
    code: "not_found",
    says: /GET \/v1\/nothing was not found/,
  },
  {
    claim: "a method that a route does not have",
    send: ["DELETE", "/v1/blueprints"],
    status: 404,
    code: "not_found",
    says: /was not found/,
  },
  {
    claim: "a blueprint that does not exist",
    send: ["GET", "/v1/blueprints/none"],
    status: 404,
    code: "not_found",
    says: /"none" was not found/,
  },
  {
    claim: "an entity that does not exist",
    send: ["GET", `${entities}/none`],
    status: 404,
    code: "not_found",
    says: /"none" of blueprint "issue" was not found/,
  },
  {
    claim: "an entity of a blueprint that does not exist",
    send: ["GET", "/v1/blueprints/none/entities/x"],
    status: 404,
    code: "not_found",
    says: /was not found/,
  },
  {
    claim: "replacing what does not exist",
    send: ["PUT", `${entities}/none`, {}],
    status: 404,
    code: "not_found",
    says: /was not found/,
  },
  {
    claim: "deleting what does not exist",
    send: ["DELETE", `${entities}/none`],
    status: 404,
    code: "not_found",
    says: /was not found/,
  },
  {
    claim: "a bulk write to a blueprint that does not exist",
    send: ["POST", "/v1/blueprints/none/entities/bulk", { entities: [{}] }],
    status: 404,
    code: "not_found",
    says: /"none" was not found/,
  },
  {
    claim: "a body that is not JSON",
    send: ["POST", entities, "{"],
    status: 400,
    code: "bad_request",
    says: /JSON/,
  },
  { claim: "no body where one is needed", send: ["POST", entities], status: 400, code: "bad_request", says: /JSON/ },
  {
    claim: "a body that is no object",
    send: ["POST", entities, []],
    status: 422,
    code: "invalid_request",
    says: /body/,
  },
  {
    claim: "a missing key of the body",
    send: ["POST", `${entities}/search`, {}],
    status: 422,
    code: "invalid_request",
    says: /"body" must have required property 'query'/,
  },
  {
    claim: "a search without combinator",
    send: ["POST", `${entities}/search`, { query: { rules: [] } }],
    status: 422,
    code: "invalid_request",
    says: /combinator/,
  },
  {
    claim: "a page that is too large",
    send: ["POST", `${entities}/search`, { query: { combinator: "and", rules: [] }, limit: 1001 }],
    status: 422,
    code: "invalid_request",
    says: /"limit"/,
  },
  {
    claim: "a wrong type inside the body",
    send: ["POST", entities, { identifier: "I-2", title: 5 }],
    status: 422,
    code: "invalid_request",
    says: /"title"/,
  },
  {
    claim: "an unknown key in a change",
    send: ["PATCH", `${entities}/I-1`, { colour: "red" }],
    status: 422,
    code: "invalid_request",
    says: /colour/,
  },
  {
    claim: "an identifier with a space",
    send: ["POST", entities, { identifier: "a b" }],
    status: 422,
    code: "invalid_request",
    says: /"a b"/,
  },
  {
    claim: "an entity that exists",
    send: ["POST", entities, { identifier: "I-1" }],
    status: 409,
    code: "identifier_taken",
    says: /"I-1"/,
  },
  {
    claim: "a blueprint that exists",
    send: ["POST", "/v1/blueprints", { identifier: "issue", title: "Issue", schema: { properties: {} } }],
    status: 409,
    code: "identifier_taken",
    says: /"issue"/,
  },
  {
    claim: "a value that does not fit the blueprint",
    send: ["POST", entities, { identifier: "I-2", properties: { status: "Lost" } }],
    status: 422,
    code: "blueprint_schema_mismatch",
    says: /"properties\/status" must be one of/,
  },
  {
    claim: "a property that the blueprint does not have",
    send: ["POST", entities, { identifier: "I-2", properties: { colour: "red" } }],
    status: 422,
    code: "blueprint_schema_mismatch",
    says: /colour/,
  },
  {
    claim: "a required property left out",
    send: ["POST", "/v1/blueprints/comment/entities", { identifier: "C-2", relations: { issue: "I-1" } }],
    status: 422,
    code: "blueprint_schema_mismatch",
    says: /body/,
  },
  {
    claim: "a relation to what does not exist",
    send: ["POST", entities, { identifier: "I-2", relations: { project: "none" } }],
    status: 404,
    code: "not_found",
    says: /"none".* was not found/,
  },
  {
    claim: "a relation that the blueprint does not have",
    send: ["POST", entities, { identifier: "I-2", relations: { epic: "I-1" } }],
    status: 404,
    code: "not_found",
    says: /"epic"/,
  },
  {
    claim: "a list for a relation that takes one entity",
    send: ["POST", entities, { identifier: "I-2", relations: { project: ["P"] } }],
    status: 422,
    code: "relation_many_violation",
    says: /"project"/,
  },
  {
    claim: "a required relation left out",
    send: ["POST", "/v1/blueprints/comment/entities", { identifier: "C-2", properties: { body: "x" } }],
    status: 422,
    code: "required_relation",
    says: /"issue"/,
  },
  {
    claim: "deleting what another requires",
    send: ["DELETE", `${entities}/I-1`],
    status: 403,
    code: "has_dependents",
    says: /delete_dependents=true/,
  },
  {
    claim: "deleting a blueprint that has entities",
    send: ["DELETE", "/v1/blueprints/comment"],
    status: 403,
    code: "has_dependents",
    says: /"comment"/,
  },
  {
    claim: "more items than a bulk write takes",
    send: ["POST", `${entities}/bulk`, { entities: Array.from({ length: 21 }, () => ({})) }],
    status: 422,
    code: "invalid_request",
    says: /"entities"/,
  },
  {
    claim: "more identifiers than a bulk deletion takes",
    send: ["POST", "/v1/blueprints/issue/bulk/entities/delete", { entities: Array.from({ length: 101 }, String) }],
    status: 422,
    code: "invalid_request",
    says: /"entities"/,
  },
];

test.each(SCENARIOS)("$claim is answered $status $code", async ({ send: [method, path, body], status, code, says }) => {
  expect(await expectPortError(await api.send(method, path, body), status, code)).toMatch(says);
});

test("the check of the shape can fail", async () => {
  const ok = await api.send("GET", "/v1/blueprints");
  await expect(expectPortError(ok, 404, "not_found")).rejects.toThrow();
});

test("a failure of ours tells the client nothing but the trace id, under which the log has the reason", async () => {
  const broken = await openTestApp();
  await createBlueprints(broken);
  await broken.closeStore();
  const response = await broken.send("GET", "/v1/blueprints/issue/entities");
  const message = await expectPortError(response, 500, "internal_error");
  expect(broken.logged).toEqual([
    expect.objectContaining({ traceId: response.headers.get("x-trace-id"), path: "/v1/blueprints/issue/entities" }),
  ]);
  const { err } = broken.logged[0] as { err: Error };
  expect(err.message.length).toBeGreaterThan(0);
  expect(message).not.toContain(err.message);
  await broken.close();
});
