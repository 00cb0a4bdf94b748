import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EntityInput, SearchQuery } from "../model/entity.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { Catalog, type Caller, type EntityDocument, type EntityWrite, type WriteOptions } from "./catalog.ts";
import type { EntityStore } from "../store/entity-store.ts";
import { writeEntities } from "./write-entities.ts";
import { EmbeddedSink } from "./embedded-sink.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";

const ME: Caller = { actor: "client-1", dataSource: "curl/8" };
const YOU: Caller = { actor: "auth0|you", dataSource: "browser", runId: "run-7" };
const MERGE: WriteOptions = { existing: "merge", createMissingRelatedEntities: false };
const CREATE: WriteOptions = { ...MERGE, existing: "refuse" };
const NOW = "2024-05-06T07:08:09.010Z";

let opened: TestCatalog;
let catalog: Catalog;
beforeEach(async () => {
  opened = await openTestCatalog({ threads: false });
  catalog = opened.catalog;
});
afterEach(() => opened.close());

const PERSON: JsonObject = {
  identifier: "person",
  title: "Person",
  schema: { properties: { age: { type: "number" } } },
};
const ISSUE: JsonObject = {
  identifier: "issue",
  title: "Issue",
  icon: "Jira",
  schema: {
    properties: {
      status: { type: "string", default: "open" },
      labels: { type: "array", items: { type: "string" } },
      created: { type: "string", format: "date-time" },
      resolutionDate: { type: "string", format: "date-time" },
    },
  },
  relations: { assignee: { target: "person" }, watchers: { target: "person", many: true } },
  calculationProperties: {
    handlingDuration: {
      title: "Handling Duration (Days)",
      icon: "Clock",
      calculation:
        'if (.properties.resolutionDate != null and .properties.created != null) then ((.properties.resolutionDate[0:19] + "Z" | fromdateiso8601) - (.properties.created[0:19] + "Z" | fromdateiso8601)) / 86400 else null end',
      type: "number",
    },
  },
};

async function write(document: EntityDocument, options = MERGE, caller = ME): Promise<EntityWrite> {
  const [result] = await catalog.writeEntities([document], options, caller);
  if (result === undefined) throw new Error("one document has one result");
  return result;
}

async function countChanges(): Promise<number> {
  return (await catalog.listChanges(0, 10_000)).length;
}

const person = (identifier: string, properties: JsonObject = {}): EntityInput => ({
  blueprint: "person",
  identifier,
  properties,
});
const refusal = (portCode: string, ...words: readonly string[]) =>
  expect.objectContaining({ portCode, message: expect.stringMatching(words.join(".*")) });

describe("blueprints", () => {
  test("a blueprint is shown with every map, plain relations and its times, and without what was never set", async () => {
    await catalog.createBlueprint(PERSON, ME);
    const created = await catalog.createBlueprint(ISSUE, ME);
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
    expect(catalog.getBlueprint("issue")).toEqual(created);
    expect(catalog.listBlueprints().map((each) => each.identifier)).toEqual(["person", "issue"]);
  });

  test("unknown keywords come back as they were sent", async () => {
    const colours = { type: "string", enum: ["a"], enumColors: { a: "red" }, icon: "Star", custom: { deep: [1] } };
    const document = { ...PERSON, schema: { properties: { colour: colours } }, ownership: { type: "Direct" } };
    const created = await catalog.createBlueprint(document, ME);
    expect(created).toMatchObject({ ownership: { type: "Direct" }, schema: { properties: { colour: colours } } });
  });

  test("an identifier is taken once, also when two ask for it at the same time", async () => {
    const both = await Promise.allSettled([catalog.createBlueprint(PERSON, ME), catalog.createBlueprint(PERSON, ME)]);
    expect(both).toMatchObject([{ status: "fulfilled" }, { reason: refusal("identifier_taken", "person") }]);
    await expect(catalog.createBlueprint(PERSON, ME)).rejects.toEqual(refusal("identifier_taken", "person"));
  });

  test("what does not exist is not found", async () => {
    expect(() => catalog.getBlueprint("x")).toThrow(refusal("not_found", '"x" was not found'));
    await expect(catalog.replaceBlueprint("x", PERSON, ME)).rejects.toEqual(refusal("not_found"));
    await expect(catalog.patchBlueprint("x", {}, ME)).rejects.toEqual(refusal("not_found"));
    await expect(catalog.deleteBlueprint("x", ME)).rejects.toEqual(refusal("not_found"));
    const lost = { ...PERSON, relations: { boss: { target: "nobody" } } };
    await expect(catalog.createBlueprint(lost, ME)).rejects.toEqual(refusal("not_found", "nobody", "create it first"));
  });

  test("a patch replaces whole top-level keys and keeps the others; a put keeps nothing", async () => {
    await catalog.createBlueprint(PERSON, ME);
    await catalog.createBlueprint(ISSUE, ME);
    opened.clock.move(1000);
    const patched = await catalog.patchBlueprint("issue", { identifier: "issue", relations: {}, title: "Bug" }, YOU);
    expect(patched).toMatchObject({ title: "Bug", icon: "Jira", relations: {}, createdBy: "client-1" });
    expect(patched).toMatchObject({ createdAt: NOW, updatedAt: "2024-05-06T07:08:10.010Z", updatedBy: "auth0|you" });
    expect(patched.calculationProperties).toHaveProperty("handlingDuration");
    const replaced = await catalog.replaceBlueprint("issue", { title: "Task", schema: {} }, ME);
    expect(replaced).toMatchObject({ identifier: "issue", title: "Task", calculationProperties: {} });
    expect(replaced).not.toHaveProperty("icon");
  });

  test("what a client read may be sent back", async () => {
    const created = await catalog.createBlueprint(PERSON, ME);
    opened.clock.move(1000);
    const replaced = await catalog.replaceBlueprint("person", created, ME);
    expect({ ...replaced, updatedAt: NOW }).toEqual(created);
  });

  test.each([
    ["a change that is no object", null, "object"],
    ["another identifier", { identifier: "other" }, "cannot be changed"],
    ["another type of a property", { schema: { properties: { age: { type: "string" } } } }, '"number" to "string"'],
    ["another target of a relation", { relations: { boss: { target: "team" } } }, '"person" to "team"'],
    ["another count of a relation", { relations: { boss: { target: "person", many: true } } }, "many"],
    ["a broken calculation", { calculationProperties: { a: { calculation: ".a |", type: "string" } } }, "not valid jq"],
    ["a pattern that is none", { schema: { properties: { b: { type: "string", pattern: "(" } } } }, "not usable"],
  ])("a blueprint refuses %s, and stays as it was", async (_, change, words) => {
    await catalog.createBlueprint({ ...PERSON, identifier: "team" }, ME);
    const relations = { boss: { target: "person" } };
    const before = await catalog.createBlueprint({ ...PERSON, relations }, ME);
    await expect(catalog.patchBlueprint("person", change, ME)).rejects.toEqual(refusal("invalid_request", words));
    expect(catalog.getBlueprint("person")).toEqual(before);
    expect(await countChanges()).toBe(2);
  });

  test("replacing with something that is no object is refused", async () => {
    await catalog.createBlueprint(PERSON, ME);
    await expect(catalog.replaceBlueprint("person", "x", ME)).rejects.toEqual(refusal("invalid_request"));
  });

  test("a blueprint with entities, or one that others relate to, is not deleted", async () => {
    await catalog.createBlueprint({ ...PERSON, relations: { boss: { target: "person" } } }, ME);
    await catalog.createBlueprint(ISSUE, ME);
    await expect(catalog.deleteBlueprint("person", ME)).rejects.toEqual(refusal("has_dependents", "issue"));
    await write({ blueprint: "issue", identifier: "A-1" });
    await expect(catalog.deleteBlueprint("issue", ME)).rejects.toEqual(refusal("has_dependents", "entities"));
    await catalog.deleteEntities([{ blueprint: "issue", identifier: "A-1" }], { deleteDependents: false }, ME);
    await catalog.deleteBlueprint("issue", ME);
    await catalog.deleteBlueprint("person", ME);
    expect(catalog.listBlueprints()).toEqual([]);
  });

  test("a store that fails is not taken for a dependent", async () => {
    await catalog.createBlueprint(PERSON, ME);
    await opened.store.close();
    await expect(catalog.deleteBlueprint("person", ME)).rejects.toMatchObject({ code: "internal" });
  });
});

describe("entities", () => {
  beforeEach(async () => {
    await catalog.createBlueprint(PERSON, ME);
    await catalog.createBlueprint(ISSUE, ME);
  });
  const issue = (identifier: string, rest: Partial<EntityInput> = {}): EntityInput => ({
    blueprint: "issue",
    identifier,
    ...rest,
  });
  const read = (identifier: string) => catalog.getEntity({ blueprint: "issue", identifier });

  test("the read form names every property and relation", async () => {
    const written = await write(issue("A-1"));
    expect(written).toEqual({
      result: "created",
      entity: {
        identifier: "A-1",
        title: "A-1",
        icon: null,
        blueprint: "issue",
        team: [],
        properties: { status: "open", labels: null, created: null, resolutionDate: null, handlingDuration: null },
        relations: { assignee: null, watchers: [] },
        createdAt: NOW,
        createdBy: "client-1",
        updatedAt: NOW,
        updatedBy: "client-1",
      },
    });
    expect(written.result === "created" && written.entity).toEqual(await read("A-1"));
  });

  test("the duration of the seed's issue is calculated, and null while it is open", async () => {
    const created = "2023-11-06T11:02:59.000+0000";
    await write(issue("A-1", { properties: { created, resolutionDate: "2023-11-08T11:02:59.000+0000" } }));
    await write(issue("A-2", { properties: { created } }));
    expect((await read("A-1")).properties["handlingDuration"]).toBe(2);
    expect((await read("A-2")).properties["handlingDuration"]).toBeNull();
    const query = { combinator: "and", rules: [{ property: "handlingDuration", operator: ">", value: 1 }] };
    expect((await catalog.search(query)).entities.map((entity) => entity.identifier)).toEqual(["A-1"]);
  });

  test("a calculation that fails, or gives another type, is null; it sees the whole entity", async () => {
    await catalog.patchBlueprint(
      "issue",
      {
        calculationProperties: {
          fails: { calculation: "error", type: "string" },
          mistyped: { calculation: '"text"', type: "number" },
          list: { calculation: "[.identifier, .title, .team, .blueprint, .relations.assignee]", type: "array" },
          nothing: { calculation: "empty", type: "object" },
          age: { calculation: ".createdAt + .updatedBy", type: "string" },
        },
      },
      ME,
    );
    await write(person("p"));
    await write(issue("A-1", { title: "T", team: ["x"], relations: { assignee: "p" } }));
    expect((await read("A-1")).properties).toMatchObject({
      fails: null,
      mistyped: null,
      list: ["A-1", "T", ["x"], "issue", "p"],
      nothing: null,
      age: `${NOW}client-1`,
    });
  });

  test("a write of the same moves nothing and tells nobody", async () => {
    const document = issue("A-1", { properties: { labels: ["a"] }, relations: { watchers: [] }, team: "t" });
    await write(document);
    const before = [await read("A-1"), await countChanges()];
    opened.clock.move(60_000);
    expect(await write(document, MERGE, YOU)).toEqual({ result: "unchanged", entity: before[0] });
    expect([await read("A-1"), await countChanges()]).toEqual(before);
  });

  test("an update keeps createdAt and moves updatedAt", async () => {
    await write(issue("A-1"));
    opened.clock.move(1000);
    const written = await write(issue("A-1", { title: "New" }), MERGE, YOU);
    expect(written).toMatchObject({
      result: "updated",
      entity: { title: "New", createdBy: "client-1", createdAt: NOW, updatedBy: "auth0|you" },
    });
    expect(await read("A-1")).toMatchObject({ updatedAt: "2024-05-06T07:08:10.010Z" });
    expect((await catalog.listChanges(0, 100)).at(-1)).toMatchObject({
      subject: "entity",
      action: "updated",
      blueprint: "issue",
      identifier: "A-1",
      actor: "auth0|you",
      runId: "run-7",
    });
  });

  test("a default is for what is new: a value that was cleared stays cleared", async () => {
    await write(issue("A-1", { properties: { status: null } }));
    await write(issue("A-1", { title: "New" }));
    expect((await read("A-1")).properties["status"]).toBeNull();
    await write(issue("A-1"), { ...MERGE, existing: "override" });
    expect((await read("A-1")).properties["status"]).toBe("open");
  });

  test("without an identifier the catalog makes one; an empty title is the identifier", async () => {
    expect(await write({ blueprint: "issue", title: "" })).toMatchObject({
      entity: { identifier: "e_1", title: "e_1" },
    });
  });

  test("a second create is refused, also within one call", async () => {
    const results = await catalog.writeEntities([issue("A-1"), issue("A-1"), issue("A-2")], CREATE, ME);
    expect(results.map((each) => each.result)).toEqual(["created", "failed", "created"]);
    expect(await write(issue("A-1"), CREATE)).toEqual({
      result: "failed",
      key: { blueprint: "issue", identifier: "A-1" },
      error: refusal("identifier_taken", "A-1"),
    });
  });

  test.each<[string, Partial<EntityInput>, string, string]>([
    ["an unknown property", { properties: { colour: 1 } }, "blueprint_schema_mismatch", "colour.*is not a property"],
    [
      "a property of every object",
      JSON.parse('{"properties":{"__proto__":1}}'),
      "blueprint_schema_mismatch",
      "__proto__",
    ],
    ["a value of another type", { properties: { status: 1 } }, "blueprint_schema_mismatch", "status.*must be string"],
    ["a time that is none", { properties: { created: "soon" } }, "blueprint_schema_mismatch", "created"],
    ["an unknown relation", { relations: { boss: "p" } }, "not_found", "boss"],
    ["a missing target", { relations: { assignee: "p" } }, "not_found", 'The entity "p".*was not found'],
    ["a missing target among many", { relations: { watchers: ["p"] } }, "not_found", '"p"'],
    ["a list for one", { relations: { assignee: ["p"] } }, "relation_many_violation", "assignee"],
    ["a target that cannot be", { relations: { assignee: "a b" } }, "invalid_request", '"a b" is not an identifier'],
    ["a search that cannot be read", { relations: { assignee: byTitle(1) } }, "invalid_request", "must be a text"],
    ["a search in an unknown relation", { relations: { boss: byTitle("x") } }, "not_found", "boss"],
    ["a search for an identifier that finds none", { identifier: byTitle("x") }, "not_found", "was not found"],
    ["a search for teams where there are none", { team: byTitle("x") }, "not_found", "_team"],
    ["a team that is a number", { team: 1 as unknown as string }, "invalid_request", "team"],
    ["a target that is a number", { relations: { assignee: 1 as unknown as string } }, "invalid_request", "1 is not"],
    ["an identifier with a space", { identifier: "a b" }, "invalid_request", "not an identifier"],
    ["two dots", { identifier: ".." }, "invalid_request", "not an identifier"],
    ["a long identifier", { identifier: "x".repeat(1001) }, "invalid_request", "not an identifier"],
    ["an unknown blueprint", { blueprint: "nowhere" }, "not_found", "nowhere"],
    ["a deep value", { properties: { labels: deep(200) } }, "blueprint_schema_mismatch", "nested deeper"],
  ])("an entity with %s is refused alone", async (_, change, portCode, words) => {
    const before = await countChanges();
    const results = await catalog.writeEntities([{ ...issue("A-1"), ...change }, issue("A-2")], MERGE, ME);
    expect(results[0]).toMatchObject({ result: "failed", error: refusal(portCode, words) });
    expect(results[1]).toMatchObject({ result: "created" });
    expect(await countChanges()).toBe(before + 1);
  });

  test("a title that is no text is refused", async () => {
    const title = 7 as unknown as string; // as a mapping can produce it
    expect(await write(issue("A-1", { title }))).toMatchObject({ error: refusal("invalid_request", "title") });
  });

  test("an entity whose target was refused is refused too, but one that points at it as it was is not", async () => {
    await write(person("q"));
    const results = await catalog.writeEntities(
      [
        issue("A-1", { relations: { assignee: "p" } }),
        { ...person("p"), properties: { age: "old" } },
        issue("A-2", { relations: { assignee: "q" } }),
        { ...person("q"), properties: { age: "old" } },
      ],
      MERGE,
      ME,
    );
    expect(results.map((each) => each.result)).toEqual(["failed", "failed", "created", "failed"]);
  });

  test("refusing one for its missing target refuses those that need it, unless it was there before", async () => {
    await catalog.patchBlueprint("person", { relations: { boss: { target: "person" } } }, ME);
    await write(person("q"));
    const results = await catalog.writeEntities(
      [
        issue("A-1", { relations: { assignee: "p" } }),
        { ...person("p"), relations: { boss: "nobody" } },
        issue("A-2", { relations: { assignee: "q" } }),
        { ...person("q"), relations: { boss: "nobody" } },
      ],
      MERGE,
      ME,
    );
    expect(results.map((each) => each.result)).toEqual(["failed", "failed", "created", "failed"]);
    expect(results[0]).toMatchObject({ error: refusal("not_found", '"p"') });
  });

  test("a stub gets the defaults when it is written", async () => {
    await catalog.patchBlueprint("person", { relations: { work: { target: "issue" } } }, ME);
    const options = { ...MERGE, createMissingRelatedEntities: true };
    await write({ ...person("p"), relations: { work: "A-1" } }, options);
    expect((await read("A-1")).properties["status"]).toBeNull();
    await write(issue("A-1", { icon: "I" }));
    expect((await read("A-1")).properties["status"]).toBe("open");
  });

  test("entities may point at each other in one call, in any order", async () => {
    const results = await catalog.writeEntities(
      [issue("A-1", { relations: { assignee: "p" } }), person("p")],
      MERGE,
      ME,
    );
    expect(results.map((each) => each.result)).toEqual(["created", "created"]);
  });

  test("a single target for many is a list of one; nulls and repetitions in a list are passed over", async () => {
    await catalog.writeEntities([person("p"), person("q")], MERGE, ME);
    await write(issue("A-1", { relations: { watchers: "p" } }));
    expect((await read("A-1")).relations["watchers"]).toEqual(["p"]);
    const watchers = ["q", null, "p", "q"] as string[]; // as a mapping can produce it
    await write(issue("A-1", { relations: { watchers } }));
    expect((await read("A-1")).relations["watchers"]).toEqual(["q", "p"]);
  });

  describe("a search stands in", () => {
    beforeEach(async () => {
      await catalog.createBlueprint({ identifier: "_team", title: "Team", schema: { properties: {} } }, ME);
      const titled = (blueprint: string, identifier: string, title: string) => ({ blueprint, identifier, title });
      const documents = [
        titled("person", "p", "Ann Lee"),
        titled("person", "q", "Ann Poe"),
        titled("_team", "red", "Red"),
        titled("issue", "A-1", "First"),
      ];
      await catalog.writeEntities(documents, MERGE, ME);
    });

    test("for an identifier, a target, many targets and teams", async () => {
      const written = await write({
        blueprint: "issue",
        identifier: byTitle("First"),
        team: byTitle("R"),
        relations: { assignee: byTitle("Ann L"), watchers: byTitle("Ann") },
      });
      expect(written).toMatchObject({
        result: "updated",
        entity: { identifier: "A-1", team: ["red"], relations: { assignee: "p", watchers: ["p", "q"] } },
      });
    });

    test("and a target that it does not find is none", async () => {
      const written = await write(issue("A-1", { relations: { assignee: byTitle("Bob"), watchers: byTitle("Bob") } }));
      expect(written).toMatchObject({ entity: { relations: { assignee: null, watchers: [] } } });
    });

    test("but more than one where one is wanted, and more than a hundred, are refused", async () => {
      expect(await write({ blueprint: "person", identifier: byTitle("Ann") })).toMatchObject({
        result: "failed",
        key: { blueprint: "person", identifier: "unknown" },
        error: refusal("invalid_request", "must find one", "not 2"),
      });
      expect(await write(issue("A-1", { relations: { assignee: byTitle("Ann") } }))).toMatchObject({
        error: refusal("relation_many_violation", "found 2"),
      });
      await catalog.writeEntities(
        Array.from({ length: 101 }, (_, index) => person(`many-${index}`)),
        MERGE,
        ME,
      );
      expect(await write(issue("A-1", { relations: { watchers: byTitle("many") } }))).toMatchObject({
        error: refusal("invalid_request", "relations/watchers", "more than 100"),
      });
    });
  });

  test("missing targets become stubs on demand, which a later write fills", async () => {
    const options = { ...MERGE, createMissingRelatedEntities: true };
    await write(issue("A-1", { relations: { watchers: ["p", "q"] } }), options);
    const key = { blueprint: "person", identifier: "p" };
    expect(await catalog.getEntity(key)).toMatchObject({ title: "p", properties: { age: null } });
    expect(await write(person("p"))).toMatchObject({ result: "updated" });
    expect(await write(person("p"))).toMatchObject({ result: "unchanged" });
  });

  test("what a client read may be sent back: calculated values are passed over", async () => {
    await write(issue("A-1"));
    const { identifier, blueprint, title, properties, relations } = await read("A-1");
    const again = await write({ identifier, blueprint, title, properties, relations });
    expect(again.result).toBe("unchanged");
  });

  test("a validation changes nothing and tells what would be", async () => {
    const before = await countChanges();
    const results = await catalog.writeEntities(
      [issue("A-1"), issue("A-2", { relations: { assignee: "nobody" } })],
      { ...MERGE, validationOnly: true },
      ME,
    );
    expect(results).toMatchObject([{ result: "created", entity: { identifier: "A-1" } }, { result: "failed" }]);
    expect(await countChanges()).toBe(before);
    expect(await catalog.countEntities("issue")).toBe(0);
  });

  test("put keeps only what it gives, patch changes only that; both need the entity", async () => {
    const key = { blueprint: "issue", identifier: "A-1" };
    const options = { createMissingRelatedEntities: false };
    await expect(catalog.replaceEntity(key, {}, options, ME)).rejects.toEqual(refusal("not_found", "A-1"));
    await expect(catalog.patchEntity(key, {}, options, ME)).rejects.toEqual(refusal("not_found"));
    expect(await catalog.countEntities("issue")).toBe(0);
    await write(issue("A-1", { title: "T", icon: "I", team: ["t"], properties: { labels: ["a"] } }));
    const patched = await catalog.patchEntity(key, { icon: null, properties: { status: "done" } }, options, ME);
    expect(patched).toMatchObject({
      title: "T",
      icon: null,
      team: ["t"],
      properties: { labels: ["a"], status: "done" },
    });
    expect(await catalog.patchEntity(key, { title: null, team: null }, options, ME)).toMatchObject({
      title: "A-1",
      team: [],
    });
    const replaced = await catalog.replaceEntity(key, { identifier: "A-1", title: "U" }, options, ME);
    expect(replaced).toMatchObject({ title: "U", properties: { labels: null, status: "open" } });
    await expect(catalog.patchEntity(key, { properties: { status: 1 } }, options, ME)).rejects.toEqual(
      refusal("blueprint_schema_mismatch"),
    );
  });

  describe("another identifier", () => {
    const key = { blueprint: "person", identifier: "p" };
    const options = { createMissingRelatedEntities: false };
    beforeEach(async () => {
      await catalog.patchBlueprint("person", { relations: { boss: { target: "person" } } }, ME);
      await catalog.writeEntities([person("p", { age: 1 }), person("q")], MERGE, ME);
      await catalog.patchEntity(key, { relations: { boss: "p" } }, options, ME);
      await write(issue("p", { relations: { assignee: "p", watchers: ["q", "p"] } }), MERGE, ME);
    });

    test("is followed by all that points at the entity, which stay as they were else", async () => {
      const before = await read("p");
      opened.clock.move(1000);
      const renamed = await catalog.replaceEntity(key, { identifier: "r", relations: { boss: "p" } }, options, YOU);
      expect(renamed).toMatchObject({
        identifier: "r",
        title: "r",
        properties: { age: null },
        relations: { boss: "r" },
        createdAt: NOW,
        updatedAt: "2024-05-06T07:08:10.010Z",
        updatedBy: "auth0|you",
      });
      expect(await catalog.getEntity({ blueprint: "person", identifier: "r" })).toEqual(renamed);
      await expect(catalog.getEntity(key)).rejects.toEqual(refusal("not_found"));
      expect(await read("p")).toEqual({ ...before, relations: { assignee: "r", watchers: ["q", "r"] } });
      expect((await catalog.listChanges(0, 100)).slice(-3)).toMatchObject([
        { action: "deleted", identifier: "p", blueprint: "person" },
        { action: "created", identifier: "r" },
        { action: "updated", identifier: "p", blueprint: "issue" },
      ]);
    });

    test("may be all that changes, and completes what waited for it", async () => {
      const flags = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
      const sink = new EmbeddedSink({ catalog, actor: "client" });
      const waiting = issue("A-2", { relations: { assignee: "r" } });
      await sink.applyDelta([waiting], [], { runId: "r", dataSource: "d", flags });
      const renamed = await catalog.patchEntity(key, { identifier: "r", title: "Ann" }, options, ME);
      expect(renamed).toMatchObject({
        identifier: "r",
        title: "Ann",
        properties: { age: 1 },
        relations: { boss: "r" },
      });
      expect((await read("A-2")).relations["assignee"]).toBe("r");
    });

    test("can bring stubs along, and can be tried without effect", async () => {
      const change = { identifier: "r", relations: { boss: "new" } };
      const stubs = { createMissingRelatedEntities: true };
      const before = await countChanges();
      const tried = await catalog.patchEntity(key, change, { ...stubs, validationOnly: true }, ME);
      expect(tried.identifier).toBe("r");
      expect(await countChanges()).toBe(before);
      await catalog.patchEntity(key, change, stubs, ME);
      expect(await catalog.getEntity({ blueprint: "person", identifier: "r" })).toMatchObject({
        relations: { boss: "new" },
      });
    });

    test.each<[string, string, Partial<EntityInput>, string]>([
      ["that is taken", "p", { identifier: "q" }, "identifier_taken"],
      ["that is none", "p", { identifier: "a b" }, "invalid_request"],
      ["with what does not fit", "p", { identifier: "r", properties: { age: "old" } }, "blueprint_schema_mismatch"],
      ["of what is not there", "nobody", { identifier: "r" }, "not_found"],
    ])("%s is refused", async (_, identifier, change, portCode) => {
      const before = await countChanges();
      const renamed = catalog.patchEntity({ blueprint: "person", identifier }, change, options, ME);
      await expect(renamed).rejects.toEqual(refusal(portCode));
      expect(await countChanges()).toBe(before);
    });
  });

  test("required properties and relations are required", async () => {
    await catalog.patchBlueprint(
      "person",
      { schema: { properties: { age: { type: "number" } }, required: ["age"] } },
      ME,
    );
    await catalog.patchBlueprint("issue", { relations: { assignee: { target: "person", required: true } } }, ME);
    expect(await write(person("p"))).toMatchObject({ error: refusal("blueprint_schema_mismatch", "age.*is required") });
    await write(person("p", { age: 1 }));
    expect(await write(issue("A-1"))).toMatchObject({ error: refusal("required_relation", "assignee") });
    expect(await write(issue("A-1", { relations: { assignee: "p" } }))).toMatchObject({ result: "created" });
    expect(await write(issue("A-1", { relations: { assignee: null } }))).toMatchObject({
      error: refusal("required_relation"),
    });
  });

  test("listing gives all entities of a blueprint by identifier", async () => {
    await catalog.writeEntities([issue("b"), issue("a"), person("p")], MERGE, ME);
    expect((await catalog.listEntities("issue")).map((entity) => entity.identifier)).toEqual(["a", "b"]);
    await expect(catalog.listEntities("nowhere")).rejects.toEqual(refusal("not_found"));
    await expect(catalog.getEntity({ blueprint: "issue", identifier: "c" })).rejects.toEqual(
      refusal("not_found", '"c" of blueprint "issue" was not found'),
    );
  });

  test("listeners hear of changes until they stop", async () => {
    let heard = 0;
    const stop = catalog.onChange(() => heard++);
    await write(issue("A-1"));
    await write(issue("A-1"));
    stop();
    await write(issue("A-2"));
    expect(heard).toBe(1);
  });

  describe("deleting", () => {
    const remove = (identifiers: readonly string[], deleteDependents = false) =>
      catalog.deleteEntities(
        identifiers.map((identifier) => ({ blueprint: "person", identifier })),
        { deleteDependents },
        ME,
      );

    test("relations let go of what is deleted, without a change of author or time", async () => {
      await catalog.writeEntities([person("p"), person("q")], MERGE, YOU);
      await write(issue("A-1", { relations: { assignee: "p", watchers: ["p", "q"] } }), MERGE, YOU);
      opened.clock.move(1000);
      expect(await remove(["p", "nobody"])).toEqual({ deleted: [{ blueprint: "person", identifier: "p" }] });
      expect(await read("A-1")).toMatchObject({
        relations: { assignee: null, watchers: ["q"] },
        updatedAt: NOW,
        updatedBy: "auth0|you",
      });
      expect((await catalog.listChanges(0, 100)).slice(-2)).toMatchObject([
        { action: "updated", identifier: "A-1" },
        { action: "deleted", identifier: "p" },
      ]);
    });

    test("what is required stays, unless its dependents go too, however far", async () => {
      const owned = { title: "Owned", schema: { properties: {} } };
      await catalog.createBlueprint(
        { ...owned, identifier: "badge", relations: { owner: { target: "person", required: true } } },
        ME,
      );
      await catalog.createBlueprint(
        { ...owned, identifier: "pin", relations: { badge: { target: "badge", required: true } } },
        ME,
      );
      await catalog.writeEntities(
        [
          person("p"),
          person("q"),
          { blueprint: "badge", identifier: "b", relations: { owner: "p" } },
          { blueprint: "pin", identifier: "n", relations: { badge: "b" } },
        ],
        MERGE,
        ME,
      );
      const before = await countChanges();
      await expect(remove(["q", "p"])).rejects.toEqual(refusal("has_dependents", '"b".*"badge".*requires "p"'));
      expect(await countChanges()).toBe(before);
      const { deleted } = await remove(["p"], true);
      expect(deleted.map((key) => key.identifier)).toEqual(["p", "b", "n"]);
      expect(await catalog.countEntities("person")).toBe(1);
    });

    test("keys of unknown blueprints are passed over", async () => {
      const keys = [{ blueprint: "nowhere", identifier: "x" }];
      expect(await catalog.deleteEntities(keys, { deleteDependents: true }, ME)).toEqual({ deleted: [] });
    });
  });

  test("values and relations that a blueprint drops are gone for good, and calculations follow at once", async () => {
    await write(person("p"));
    await write(issue("A-1", { properties: { status: "done", labels: ["a"] }, relations: { assignee: "p" } }));
    await write(issue("A-2"));
    const before = await countChanges();
    opened.clock.move(1000);
    const { status, ...others } = (ISSUE["schema"] as { properties: JsonObject }).properties;
    const short = { calculation: ".properties.labels | length", type: "number" };
    await catalog.patchBlueprint(
      "issue",
      { schema: { properties: others }, relations: {}, calculationProperties: { short } },
      ME,
    );
    expect(await read("A-1")).toMatchObject({ relations: {}, updatedAt: NOW });
    expect(await countChanges()).toBe(before + 3);
    const query = { combinator: "and", rules: [{ property: "short", operator: "=", value: 1 }] };
    expect((await catalog.search(query, { blueprint: "issue" })).entities).toHaveLength(1);
    await catalog.patchBlueprint("issue", { schema: { properties: { ...others, status: { type: "number" } } } }, ME);
    expect((await read("A-1")).properties).toEqual({
      labels: ["a"],
      created: null,
      resolutionDate: null,
      status: null,
      short: 1,
    });
    await remove("p");
    expect(await catalog.countEntities("person")).toBe(0);
    expect(status).toBeDefined();

    async function remove(identifier: string): Promise<void> {
      await catalog.deleteEntities([{ blueprint: "person", identifier }], { deleteDependents: false }, ME);
    }
  });

  test("a change of a blueprint that concerns no entity writes none", async () => {
    await write(issue("A-1"));
    const before = await countChanges();
    const relations = { ...(ISSUE["relations"] as JsonObject), reviewer: { target: "person" } };
    await catalog.patchBlueprint("issue", { title: "Bug", relations }, ME);
    expect(await countChanges()).toBe(before + 1);
    expect((await read("A-1")).relations).toEqual({ assignee: null, watchers: [], reviewer: null });
  });

  test("a reshaping that a crash cut off is done at the next start", async () => {
    await write(issue("A-1", { properties: { status: "done" } }));
    const { createdAt, createdBy, updatedAt, updatedBy, ...blueprint } = catalog.getBlueprint("issue");
    expect([createdAt, createdBy, updatedAt, updatedBy]).toHaveLength(4);
    const document = { ...blueprint, schema: { properties: {}, required: [] }, calculationProperties: {} };
    const row = { identifier: "issue", document: document as unknown as JsonObject, hasOldEntities: true };
    const origin = { actor: "me", dataSource: "x", runId: null, atMs: 0 };
    await opened.store.blueprints.put({ ...row, expectedVersion: 1 }, origin);
    const { store, clock } = opened;
    const jq = new JqWasmEngine();
    const restarted = await Catalog.open({ store, jq, clock, newIdentifier: () => "x" });
    const [stored] = await store.entities.findRows(2, ["A-1"]);
    expect(stored?.properties).toEqual({});
    expect((await store.blueprints.list()).some((each) => each.hasOldEntities)).toBe(false);
    expect((await restarted.getEntity({ blueprint: "issue", identifier: "A-1" })).properties).toEqual({});
    await jq.close();
  });

  test("many who write the same entity at once all succeed, one after another", async () => {
    const writes = Array.from({ length: 20 }, (_, index) =>
      write(issue("A-1", { properties: { labels: [`l${index}`] }, relations: {} })),
    );
    const results = (await Promise.all(writes)).map((each) => each.result);
    expect(results.filter((result) => result === "created")).toHaveLength(1);
    expect(results).not.toContain("failed");
    expect((await catalog.listChanges(0, 100)).filter((change) => change.subject === "entity")).toHaveLength(20);
  });

  test("a write that is overtaken again and again gives up, and says so", async () => {
    const entities = { apply: async () => false } as unknown as EntityStore; // all that a plan without inputs asks for
    const origin = { actor: "me", dataSource: "x", runId: null, atMs: 0 };
    const mode = { existing: "merge", absent: "create", missingTarget: "hold" } as const;
    await expect(writeEntities([], mode, origin, { ...catalog.services, entities })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("try again later"),
    });
  });

  test("an entity is never written against a blueprint that changed meanwhile", async () => {
    const writes = Array.from({ length: 10 }, (_, index) =>
      write(issue(`A-${index}`, { properties: { status: "x" } })),
    );
    const { status, ...others } = (ISSUE["schema"] as { properties: JsonObject }).properties;
    await catalog.patchBlueprint("issue", { schema: { properties: others } }, ME);
    for (const { result, ...rest } of await Promise.all(writes)) {
      if (result === "failed") expect(rest).toMatchObject({ error: refusal("blueprint_schema_mismatch", "status") });
    }
    const rows = await opened.store.entities.findRows(
      2,
      Array.from({ length: 10 }, (_, index) => `A-${index}`),
    );
    expect(rows.every((row) => !("status" in row.properties))).toBe(true);
    expect(status).toBeDefined();
  });
});

function byTitle(start: Json): SearchQuery {
  return { combinator: "and", rules: [{ property: "$title", operator: "beginsWith", value: start }] };
}

function deep(levels: number): JsonObject[string] {
  return levels === 0 ? [] : [deep(levels - 1)];
}
