import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprints, expectPortError, openTestApp, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
  await createBlueprints(api);
  await api.send("POST", "/v1/blueprints/project/entities", { identifier: "P", title: "Project P" });
  await api.send("POST", "/v1/blueprints/person/entities", { identifier: "ann", title: "Ann" });
  await api.send("POST", "/v1/blueprints/issue/entities", {
    identifier: "I-1",
    title: "One",
    properties: { points: 2, status: "Open" },
    relations: { project: "P", watchers: ["ann"] },
  });
});
afterAll(() => api.close());

const path = "/v1/blueprints/issue/entities/I-1";

async function read(query: string): Promise<unknown> {
  const response = await api.send("GET", `${path}?${query}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { entity: unknown }).entity;
}

test("a list is understood as repeated key, joined by commas, and as one value", async () => {
  const wanted = { identifier: "I-1", blueprint: "issue" };
  expect(await read("include=identifier&include=blueprint")).toEqual(wanted);
  expect(await read("include=identifier,blueprint")).toEqual(wanted);
  expect(await read("include=identifier")).toEqual({ identifier: "I-1" });
});

test("include and exclude name keys, meta-properties, properties and relations", async () => {
  expect(await read("include=$identifier,properties.points,project")).toEqual({
    identifier: "I-1",
    properties: { points: 2 },
    relations: { project: "P" },
  });
  expect(await read("include=properties,relations&exclude=status,relations.project,double,labels,created")).toEqual({
    properties: { points: 2 },
    relations: { watchers: ["ann"] },
  });
});

test("calculated properties can be left out", async () => {
  expect(await read("include=properties")).toHaveProperty("properties.double", 4);
  expect(await read("exclude_calculated_properties=true")).not.toHaveProperty("properties.double");
});

test("titles can be attached to relations", async () => {
  expect(await read("include=relations&attach_title_to_relation=true")).toEqual({
    relations: {
      project: { identifier: "P", title: "Project P" },
      watchers: [{ identifier: "ann", title: "Ann" }],
    },
  });
});

test.each([
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["1", true],
  ["false", false],
  ["False", false],
  ["", false],
  ["0xc0001a2b38", false],
])("the switch %j is %s", async (value, isOn) => {
  const entity = await read(`exclude_calculated_properties=${value}`);
  expect(Object.hasOwn((entity as { properties: object }).properties, "double")).toBe(!isOn);
});

test("parameters that a route does not know are passed over", async () => {
  expect(
    await read("ocean_info_event_type=resync&ocean_info_resync_id=1&__proto__=x&constructor=y&run_id="),
  ).toHaveProperty("identifier", "I-1");
});

test("an empty run_id is no run; a given one is noted in the change feed", async () => {
  const before = await api.catalog.listChanges(0, 1000);
  await api.send("PATCH", `${path}?run_id=`, { title: "Two" });
  await api.send("PATCH", `${path}?run_id=r_1`, { title: "Three" });
  const changes = await api.catalog.listChanges(before.at(-1)?.seq ?? 0, 1000);
  expect(changes.map((change) => change.runId)).toEqual([null, "r_1"]);
});

test("a switch does not make another route's parameters valid", async () => {
  await expectPortError(await api.send("GET", "/v1/blueprints/none?upsert=true"), 404, "not_found");
});
