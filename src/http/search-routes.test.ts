import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprints, expectPortError, openTestApp, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
  await createBlueprints(api);
  for (const [identifier, points] of [
    ["I-1", 3],
    ["I-2", 1],
    ["I-3", 2],
  ] as const) {
    await api.send("POST", "/v1/blueprints/issue/entities", { identifier, properties: { points, status: "Open" } });
  }
});
afterAll(() => api.close());

const TOP = "/v1/blueprints/issue/entities/top-search";
const query = { combinator: "and", rules: [{ property: "$blueprint", operator: "=", value: "issue" }] };

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await api.send("POST", path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

test("top-search answers in an order, page by page, and only what was asked for", async () => {
  const sort = [{ property: "points", order: "desc" }];
  const first = await post(TOP, { sort, limit: 2, include: ["identifier"] });
  expect(first["entities"]).toEqual([{ identifier: "I-1" }, { identifier: "I-3" }]);
  const second = await post(TOP, { sort, limit: 2, from: first["next"], include: ["identifier"] });
  expect(second).toEqual({ ok: true, entities: [{ identifier: "I-2" }], next: null });
  const some = await post(TOP, { identifiers: ["I-2", "none"], include: ["identifier"] });
  expect(some["entities"]).toEqual([{ identifier: "I-2" }]);
});

test("top-search counts, as a whole and by value", async () => {
  expect(await post(TOP, { countOnly: true, query })).toEqual({ ok: true, count: 3 });
  expect(await post(TOP, { groupBy: { property: "status" } })).toEqual({
    ok: true,
    groups: [{ value: "Open", count: 3 }],
  });
  const groups = await post(TOP, { groupBy: { property: "points" }, groupSort: { by: "value", order: "desc" } });
  expect(groups["groups"]).toEqual([3, 2, 1].map((value) => ({ value, count: 1 })));
  const byTwo = await post(TOP, {
    groupBy: [{ property: "status" }, { property: "points" }],
    groupSort: { by: "value", order: "asc" },
  });
  expect(byTwo["groups"]).toEqual([1, 2, 3].map((points) => ({ values: ["Open", points], count: 1 })));
});

test("aggregate answers a number, or the number of each value", async () => {
  const aggregate = (body: object) => post("/v1/entities/aggregate", { query, ...body });
  expect(await aggregate({ func: "count" })).toEqual({ ok: true, result: 3 });
  expect(await aggregate({ func: "average", property: "points", averageOf: "total" })).toEqual({ ok: true, result: 2 });
  expect(await aggregate({ func: "countValues", property: "status" })).toEqual({
    ok: true,
    result: [{ value: "Open", count: 3 }],
  });
});

test("what neither can do is refused", async () => {
  const send = (path: string, body: object) => api.send("POST", path, body);
  await expectPortError(await send("/v1/entities/aggregate", { func: "mode", query }), 422, "invalid_request");
  const byScorecard = { func: "countValues", query, scorecard: "x" };
  await expectPortError(await send("/v1/entities/aggregate", byScorecard), 422, "invalid_request");
  await expectPortError(await send(TOP, { sort: [{ property: "x" }] }), 422, "invalid_request");
  await expectPortError(await send(TOP, { groupBy: {} }), 422, "invalid_request");
  const byTarget = { relation: "project", targetProperty: "url" };
  await expectPortError(await send(TOP, { groupBy: byTarget }), 422, "invalid_request");
  await expectPortError(await send(TOP, { sort: [byTarget] }), 422, "invalid_request");
});
