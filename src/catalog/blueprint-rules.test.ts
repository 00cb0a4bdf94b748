import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import type { Catalog } from "./catalog.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";
import { ME, MERGE, refusal, writeOne } from "./test-entities.fixture.ts";

let opened: TestCatalog;
let catalog: Catalog;
beforeEach(async () => {
  opened = await openTestCatalog({ threads: false });
  catalog = opened.catalog;
});
afterEach(() => opened.close());

const toBlueprint = (properties: JsonObject): JsonObject => ({ identifier: "a", title: "A", schema: { properties } });

test("a change that existing values would break is refused, naming the entities; one that they fit is not", async () => {
  await catalog.createBlueprint(toBlueprint({ it: { type: "string" }, other: { type: "number" } }), ME);
  for (let index = 0; index < 8; index++) {
    await writeOne(catalog, { blueprint: "a", identifier: `e${index}`, properties: { it: `v${index}` } }, MERGE);
  }
  const before = catalog.getBlueprint("a");
  const change = (it: JsonObject, other: JsonObject = { type: "number" }) =>
    catalog.patchBlueprint("a", { schema: { properties: { it, other }, required: ["other"] } }, ME);
  await expect(change({ type: "string", enum: ["v0", "v1"] })).rejects.toEqual(
    refusal("blueprint_schema_mismatch", '"e2"', '"e6"', "and 1 more"),
  );
  await expect(change({ type: "string", format: "url" })).rejects.toEqual(refusal("blueprint_schema_mismatch", '"e0"'));
  expect(catalog.getBlueprint("a")).toEqual(before);
  await change({ type: "string", pattern: "^v", title: "It" }, { type: "number", maximum: 3 });
  expect(catalog.getBlueprint("a").schema.required).toEqual(["other"]);
});

test("a default must fit its own property", async () => {
  const refused = catalog.createBlueprint(toBlueprint({ it: { type: "string", enum: ["a"], default: "b" } }), ME);
  await expect(refused).rejects.toEqual(refusal("invalid_request", "default", "it"));
});

test("people and teams have blueprints that are always there, can be extended, and keep their base", async () => {
  const given = { title: "Colleague", schema: { properties: { floor: { type: "number" } } } };
  const extended = await catalog.replaceBlueprint("_user", given, ME);
  expect(Object.keys(extended.schema.properties)).toEqual([
    "status",
    "port_role",
    "moderated_blueprints",
    "port_type",
    "floor",
  ]);
  expect(Object.keys(catalog.getSystemStructure("_user").schema.properties)).not.toContain("floor");
  expect(() => catalog.getSystemStructure("a")).toThrow(refusal("not_found"));
  await expect(catalog.deleteBlueprint("_team", ME)).rejects.toEqual(refusal("protected_resource", "_team"));
  await expect(catalog.createBlueprint({ ...toBlueprint({}), identifier: "_x" }, ME)).rejects.toEqual(
    refusal("protected_resource"),
  );
  await expect(catalog.patchBlueprint("_user", { identifier: "user" }, ME)).rejects.toEqual(
    refusal("protected_resource"),
  );
  const otherType = { schema: { properties: { status: { type: "number" } } } };
  await expect(catalog.patchBlueprint("_user", otherType, ME)).rejects.toEqual(refusal("protected_resource", "status"));
  const relations = { who: { target: "_user" } };
  await catalog.createBlueprint({ ...toBlueprint({}), relations }, ME);
  const lonely = { blueprint: "a", identifier: "x", relations: { who: "ann@x.io" } };
  const stubbing = { ...MERGE, createMissingRelatedEntities: true };
  expect(await writeOne(catalog, lonely, stubbing)).toMatchObject({ error: refusal("protected_entity", "ann@x.io") });
  expect(await writeOne(catalog, { blueprint: "_team", identifier: "red", properties: { size: 3 } })).toMatchObject({
    result: "created",
  });
});
