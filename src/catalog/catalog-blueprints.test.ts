import { beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { Catalog } from "./catalog.ts";
import {
  countChanges,
  issue,
  ISSUE,
  ME,
  MERGE,
  NOW,
  person,
  PERSON,
  refusal,
  useTestCatalog,
  YOU,
} from "./test-entities.fixture.ts";

/** Blueprints that are always there. */
const SYSTEM = 2;

const bed = useTestCatalog([]);
const { write, read } = bed;

test("a blueprint is shown with every map, plain relations and its times, and without what was never set", async () => {
  await bed.catalog.createBlueprint(PERSON, ME);
  const created = await bed.catalog.createBlueprint(ISSUE, ME);
  expect(created).toEqual({
    ...ISSUE,
    schema: { ...(ISSUE["schema"] as JsonObject), required: [] },
    relations: {
      assignee: { target: "person", required: false, many: false },
      watchers: { target: "person", required: false, many: true },
    },
    mirrorProperties: {},
    aggregationProperties: {},
    createdAt: NOW,
    createdBy: "client-1",
    updatedAt: NOW,
    updatedBy: "client-1",
  });
  expect(bed.catalog.getBlueprint("issue")).toEqual(created);
  expect(bed.catalog.listBlueprints().map((each) => each.identifier)).toEqual(["_user", "_team", "person", "issue"]);
});

test("unknown keywords come back as they were sent", async () => {
  const colours = { type: "string", enum: ["a"], enumColors: { a: "red" }, icon: "Star", custom: { deep: [1] } };
  const document = { ...PERSON, schema: { properties: { colour: colours } }, ownership: { type: "Direct" } };
  const created = await bed.catalog.createBlueprint(document, ME);
  expect(created).toMatchObject({ ownership: { type: "Direct" }, schema: { properties: { colour: colours } } });
});

test("an identifier is taken once, also when two ask for it at the same time", async () => {
  const both = await Promise.allSettled([
    bed.catalog.createBlueprint(PERSON, ME),
    bed.catalog.createBlueprint(PERSON, ME),
  ]);
  expect(both).toMatchObject([{ status: "fulfilled" }, { reason: refusal("identifier_taken", "person") }]);
  await expect(bed.catalog.createBlueprint(PERSON, ME)).rejects.toEqual(refusal("identifier_taken", "person"));
});

test("what does not exist is not found", async () => {
  expect(() => bed.catalog.getBlueprint("x")).toThrow(refusal("not_found", '"x" was not found'));
  await expect(bed.catalog.replaceBlueprint("x", PERSON, ME)).rejects.toEqual(refusal("not_found"));
  await expect(bed.catalog.patchBlueprint("x", {}, ME)).rejects.toEqual(refusal("not_found"));
  await expect(bed.catalog.deleteBlueprint("x", ME)).rejects.toEqual(refusal("not_found"));
  const lost = { ...PERSON, relations: { boss: { target: "nobody" } } };
  await expect(bed.catalog.createBlueprint(lost, ME)).rejects.toEqual(
    refusal("not_found", "nobody", "create it first"),
  );
});

test("a patch replaces whole top-level keys and keeps the others; a put keeps nothing", async () => {
  await bed.catalog.createBlueprint(PERSON, ME);
  await bed.catalog.createBlueprint(ISSUE, ME);
  bed.clock.move(1000);
  const patched = await bed.catalog.patchBlueprint("issue", { identifier: "issue", relations: {}, title: "Bug" }, YOU);
  expect(patched).toMatchObject({ title: "Bug", icon: "Jira", relations: {}, createdBy: "client-1" });
  expect(patched).toMatchObject({ createdAt: NOW, updatedAt: "2024-05-06T07:08:10.010Z", updatedBy: "auth0|you" });
  expect(patched.calculationProperties).toHaveProperty("handlingDuration");
  const replaced = await bed.catalog.replaceBlueprint("issue", { title: "Task", schema: {} }, ME);
  expect(replaced).toMatchObject({ identifier: "issue", title: "Task", calculationProperties: {} });
  expect(replaced).not.toHaveProperty("icon");
});

test("what a client read may be sent back", async () => {
  const created = await bed.catalog.createBlueprint(PERSON, ME);
  bed.clock.move(1000);
  const replaced = await bed.catalog.replaceBlueprint("person", created, ME);
  expect({ ...replaced, updatedAt: NOW }).toEqual(created);
});

test.each([
  ["a change that is no object", null, "object"],
  ["another type of a property", { schema: { properties: { age: { type: "string" } } } }, '"number" to "string"'],
  ["another target of a relation", { relations: { boss: { target: "team" } } }, '"person" to "team"'],
  ["another count of a relation", { relations: { boss: { target: "person", many: true } } }, "many"],
  ["a broken calculation", { calculationProperties: { a: { calculation: ".a |", type: "string" } } }, "not valid jq"],
  ["a pattern that is none", { schema: { properties: { b: { type: "string", pattern: "(" } } } }, "not usable"],
])("a blueprint refuses %s, and stays as it was", async (_, change, words) => {
  await bed.catalog.createBlueprint({ ...PERSON, identifier: "team" }, ME);
  const relations = { boss: { target: "person" } };
  const before = await bed.catalog.createBlueprint({ ...PERSON, relations }, ME);
  await expect(bed.catalog.patchBlueprint("person", change, ME)).rejects.toEqual(refusal("invalid_request", words));
  expect(bed.catalog.getBlueprint("person")).toEqual(before);
  expect(await countChanges(bed.catalog)).toBe(SYSTEM + 2);
});

test("replacing with something that is no object is refused", async () => {
  await bed.catalog.createBlueprint(PERSON, ME);
  await expect(bed.catalog.replaceBlueprint("person", "x", ME)).rejects.toEqual(refusal("invalid_request"));
});

test("a blueprint with entities, or one that others relate to, is not deleted", async () => {
  await bed.catalog.createBlueprint({ ...PERSON, relations: { boss: { target: "person" } } }, ME);
  await bed.catalog.createBlueprint(ISSUE, ME);
  await expect(bed.catalog.deleteBlueprint("person", ME)).rejects.toEqual(refusal("has_dependents", "issue"));
  await write({ blueprint: "issue", identifier: "A-1" });
  await expect(bed.catalog.deleteBlueprint("issue", ME)).rejects.toEqual(refusal("has_dependents", "entities"));
  await bed.catalog.deleteEntities([{ blueprint: "issue", identifier: "A-1" }], { deleteDependents: false }, ME);
  await bed.catalog.deleteBlueprint("issue", ME);
  await bed.catalog.deleteBlueprint("person", ME);
  expect(bed.catalog.listBlueprints()).toHaveLength(SYSTEM);
});

test("a store that fails is not taken for a dependent", async () => {
  await bed.catalog.createBlueprint(PERSON, ME);
  await bed.store.close();
  await expect(bed.catalog.deleteBlueprint("person", ME)).rejects.toMatchObject({ code: "internal" });
});

describe("a change of a blueprint and the entities there are", () => {
  beforeEach(async () => {
    await bed.catalog.createBlueprint(PERSON, ME);
    await bed.catalog.createBlueprint(ISSUE, ME);
  });

  test("values and relations that a blueprint drops are gone for good, and calculations follow at once", async () => {
    await write(person("p"));
    await write(issue("A-1", { properties: { status: "done", labels: ["a"] }, relations: { assignee: "p" } }));
    await write(issue("A-2"));
    const before = await countChanges(bed.catalog);
    bed.clock.move(1000);
    const { status, ...others } = (ISSUE["schema"] as { properties: JsonObject }).properties;
    const short = { calculation: ".properties.labels | length", type: "number" };
    await bed.catalog.patchBlueprint(
      "issue",
      { schema: { properties: others }, relations: {}, calculationProperties: { short } },
      ME,
    );
    expect(await read("A-1")).toMatchObject({ relations: {}, updatedAt: NOW });
    expect(await countChanges(bed.catalog)).toBe(before + 3);
    const query = { combinator: "and", rules: [{ property: "short", operator: "=", value: 1 }] };
    expect((await bed.catalog.search(query, { blueprint: "issue" })).entities).toHaveLength(1);
    await bed.catalog.patchBlueprint(
      "issue",
      { schema: { properties: { ...others, status: { type: "number" } } } },
      ME,
    );
    expect((await read("A-1")).properties).toEqual({
      labels: ["a"],
      created: null,
      resolutionDate: null,
      status: null,
      short: 1,
    });
    await remove("p");
    expect(await bed.catalog.countEntities("person")).toBe(0);
    expect(status).toBeDefined();

    async function remove(identifier: string): Promise<void> {
      await bed.catalog.deleteEntities([{ blueprint: "person", identifier }], { deleteDependents: false }, ME);
    }
  });

  test("a change of a blueprint that concerns no entity writes none", async () => {
    await write(issue("A-1"));
    const before = await countChanges(bed.catalog);
    const relations = { ...(ISSUE["relations"] as JsonObject), reviewer: { target: "person" } };
    await bed.catalog.patchBlueprint("issue", { title: "Bug", relations }, ME);
    expect(await countChanges(bed.catalog)).toBe(before + 1);
    expect((await read("A-1")).relations).toEqual({ assignee: null, watchers: [], reviewer: null });
  });

  test("a reshaping that a crash cut off is done at the next start", async () => {
    await write(issue("A-1", { properties: { status: "done" } }));
    const { createdAt, createdBy, updatedAt, updatedBy, ...blueprint } = bed.catalog.getBlueprint("issue");
    expect([createdAt, createdBy, updatedAt, updatedBy]).toHaveLength(4);
    const document = { ...blueprint, schema: { properties: {}, required: [] }, calculationProperties: {} };
    const row = { identifier: "issue", document: document as unknown as JsonObject, hasOldEntities: true };
    const origin = { actor: "me", dataSource: "x", runId: null, atMs: 0 };
    await bed.store.blueprints.put([{ ...row, expectedVersion: 1 }], origin);
    const { store, clock } = bed;
    const jq = new JqWasmEngine();
    const restarted = await Catalog.open({ store, jq, clock, newIdentifier: () => "x" });
    const [stored] = await store.entities.findRows(SYSTEM + 2, ["A-1"]);
    expect(stored?.properties).toEqual({});
    expect((await store.blueprints.list()).some((each) => each.hasOldEntities)).toBe(false);
    expect((await restarted.getEntity({ blueprint: "issue", identifier: "A-1" })).properties).toEqual({});
    await jq.close();
  });

  test("an entity is never written against a blueprint that changed meanwhile", async () => {
    const writes = Array.from({ length: 10 }, (_, index) =>
      write(issue(`A-${index}`, { properties: { status: "x" } })),
    );
    const { status, ...others } = (ISSUE["schema"] as { properties: JsonObject }).properties;
    await bed.catalog.patchBlueprint("issue", { schema: { properties: others } }, ME);
    for (const { result, ...rest } of await Promise.all(writes)) {
      if (result === "failed") expect(rest).toMatchObject({ error: refusal("blueprint_schema_mismatch", "status") });
    }
    const rows = await bed.store.entities.findRows(
      2,
      Array.from({ length: 10 }, (_, index) => `A-${index}`),
    );
    expect(rows.every((row) => !("status" in row.properties))).toBe(true);
    expect(status).toBeDefined();
  });
});

test.each(["toString", "constructor", "valueOf"])(
  "parts may be called %s, also where entities are there already, which have nothing under it",
  async (name) => {
    await bed.catalog.createBlueprint(PERSON, ME);
    await bed.catalog.writeEntities([person("p"), person("q")], MERGE, ME);
    const change = {
      schema: { properties: { [name]: { type: "string" } } },
      relations: { [name]: { target: "person" } },
    };
    await bed.catalog.patchBlueprint("person", change, ME);
    const key = { blueprint: "person", identifier: "p" };
    expect(await bed.catalog.getEntity(key)).toMatchObject({
      properties: { [name]: null },
      relations: { [name]: null },
    });
    const filled = { properties: { [name]: "x" }, relations: { [name]: "q" } };
    await bed.catalog.writeEntities([{ ...key, ...filled }], MERGE, ME);
    expect(await bed.catalog.getEntity(key)).toMatchObject(filled);
  },
);
