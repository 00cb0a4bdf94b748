import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprints, expectPortError, openTestApp, START, type TestApp } from "./test-app.fixture.ts";

interface Audit {
  readonly identifier: string;
  readonly action: string;
  readonly context: object;
  readonly trigger: object;
  readonly diff: { readonly before: Record<string, unknown> | null; readonly after: Record<string, unknown> | null };
}

const issues = "/v1/blueprints/issue/entities";
let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
  await createBlueprints(api);
  const agent = { "user-agent": "port-ocean/jira/1/x/exporter" };
  await api.send("POST", `${issues}?run_id=r-1`, { identifier: "A", properties: { points: 1 } }, agent);
  api.advance(1000);
  await api.send("PATCH", `${issues}/A`, { properties: { points: 2 } });
  api.advance(1000);
  await api.send("DELETE", `${issues}/A`);
  await api.send("POST", issues, { identifier: "A" });
  await api.send("POST", issues, { identifier: "B" });
  await api.send("PATCH", "/v1/blueprints/person", { title: "Human" });
});
afterAll(() => api.close());

async function list(query: string): Promise<readonly Audit[]> {
  const response = await api.send("GET", `/v1/audit-log?${query}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { audits: readonly Audit[] }).audits;
}

test("the history of an entity: each write with who, when, from where, in which run, and from what to what", async () => {
  const history = (await list("entity=A&blueprint=issue")).toReversed();
  expect(history.map((each) => each.action)).toEqual(["CREATE", "UPDATE", "DELETE", "CREATE"]);
  expect(history.map((each) => [each.diff.before?.["properties"], each.diff.after?.["properties"]])).toEqual([
    [undefined, { points: 1 }],
    [{ points: 1 }, { points: 2 }],
    [{ points: 2 }, undefined],
    [undefined, {}],
  ]);
  expect(history[0]).toMatchObject({
    resourceType: "entity",
    status: "SUCCESS",
    context: { blueprint: "issue", entity: "A", runId: "r-1" },
    trigger: { by: { userId: "client-1" }, origin: "port-ocean/jira/1/x/exporter", at: new Date(START).toISOString() },
    diff: { before: null, after: { identifier: "A", blueprint: "issue", createdAt: new Date(START).toISOString() } },
  });
});

test("a write of a run is there at once, alone, and only with what was asked for", async () => {
  const audits = await list("resources=entity&run_id=r-1&includes=context");
  expect(audits).toEqual([{ context: { blueprint: "issue", entity: "A", runId: "r-1" } }]);
});

test("all that is given must hold", async () => {
  const count = async (query: string): Promise<number> => (await list(query)).length;
  expect(await count("blueprint=issue")).toBe(6);
  expect(await count("blueprint=issue&resources=blueprint")).toBe(1);
  expect(await count("blueprint=issue&action=CREATE&resources=entity")).toBe(3);
  expect(await count("origin=port-ocean/jira/1/x/exporter")).toBe(1);
  expect(await count(`from=${new Date(START + 500).toISOString()}&to=${new Date(START + 1500).toISOString()}`)).toBe(1);
  expect(await count("limit=2")).toBe(2);
  expect(await count("status=FAILURE")).toBe(0);
  expect(await count("resources=webhook")).toBe(0);
  expect(await count("identifier=none")).toBe(0);
  const [newest] = await list("limit=1");
  expect(await list(`identifier=${newest?.identifier}`)).toEqual([newest]);
});

test("a change of a blueprint has its definition before and after", async () => {
  const [newest] = await list("resources=blueprint&limit=1");
  expect(newest).toMatchObject({ action: "UPDATE", diff: { before: { title: "Person" }, after: { title: "Human" } } });
});

test("what is no time, action or limit is refused", async () => {
  for (const query of ["from=yesterday", "action=READ", "limit=0"]) {
    await expectPortError(await api.send("GET", `/v1/audit-log?${query}`), 422, "invalid_request");
  }
});
