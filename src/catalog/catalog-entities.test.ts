import { expect, test, vi } from "vitest";
import type { JqEngine } from "../jq/jq-engine.ts";
import type { EntityStore } from "../store/entity-store.ts";
import { calculate } from "./calculate.ts";
import type { WriteOptions } from "./catalog.ts";
import { countChanges, issue, ME, MERGE, NOW, person, refusal, useTestCatalog, YOU } from "./test-entities.fixture.ts";
import { writeEntities } from "./write-entities.ts";

const bed = useTestCatalog();
const { write, read } = bed;

const CREATE: WriteOptions = { ...MERGE, existing: "refuse" };

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
  expect((await bed.catalog.search(query)).entities.map((entity) => entity.identifier)).toEqual(["A-1"]);
});

test("a calculation that fails, or gives another type, is null; it sees the whole entity", async () => {
  await bed.catalog.patchBlueprint(
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

test("a calculation that runs into its limit on entity after entity is given up for the rest", async () => {
  let evaluations = 0;
  const engine = bed.catalog.services.jq;
  const jq: JqEngine = {
    check: (source) => engine.check(source),
    evaluatePage: async (programs, inputs) => {
      evaluations += programs.length * inputs.length;
      const problems = programs.flatMap((_, program) =>
        inputs.map((_input, item) => ({ program, item, message: "too long", limit: "steps" as const })),
      );
      return { values: programs.map(() => inputs.map(() => undefined)), problems };
    },
    close: () => engine.close(),
  };
  await bed.catalog.writeEntities(
    Array.from({ length: 100 }, (_, index) => issue(`A-${index}`)),
    MERGE,
    ME,
  );
  const { rows } = await bed.store.entities.search({ rule: { type: "all", conditions: [] }, limit: 100 });
  expect(await calculate(rows, { ...bed.catalog.services, jq })).toEqual(rows.map(() => ({})));
  expect(evaluations).toBe(8);
});

test("a read that leaves out what is computed does none of the work for it", async () => {
  await write(
    issue("A-1", { properties: { created: "2024-05-01T10:00:00Z", resolutionDate: "2024-05-02T10:00:00Z" } }),
  );
  const key = { blueprint: "issue", identifier: "A-1" };
  expect((await bed.catalog.getEntity(key)).properties).toMatchObject({ handlingDuration: 1 });
  const evaluate = vi.spyOn(bed.catalog.services.jq, "evaluatePage");
  const options = { excludesComputed: true };
  const query = { combinator: "and", rules: [] };
  const reads = [
    await bed.catalog.getEntity(key, options),
    ...(await bed.catalog.listEntities("issue", options)),
    ...(await bed.catalog.search(query, { blueprint: "issue", ...options })).entities,
  ];
  expect(reads.map(({ properties }) => Object.keys(properties))).toEqual(
    Array.from({ length: 3 }, () => ["status", "labels", "created", "resolutionDate"]),
  );
  expect(evaluate).not.toHaveBeenCalled();
  await bed.catalog.getEntity(key);
  expect(evaluate).toHaveBeenCalledTimes(1);
  evaluate.mockRestore();
});

test("a write of the same moves nothing and tells nobody", async () => {
  const document = issue("A-1", { properties: { labels: ["a"] }, relations: { watchers: [] }, team: "t" });
  await write(document);
  const before = [await read("A-1"), await countChanges(bed.catalog)];
  bed.clock.move(60_000);
  expect(await write(document, MERGE, YOU)).toEqual({ result: "unchanged", entity: before[0] });
  expect([await read("A-1"), await countChanges(bed.catalog)]).toEqual(before);
});

test("an update keeps createdAt and moves updatedAt", async () => {
  await write(issue("A-1"));
  bed.clock.move(1000);
  const written = await write(issue("A-1", { title: "New" }), MERGE, YOU);
  expect(written).toMatchObject({
    result: "updated",
    entity: { title: "New", createdBy: "client-1", createdAt: NOW, updatedBy: "auth0|you" },
  });
  expect(await read("A-1")).toMatchObject({ updatedAt: "2024-05-06T07:08:10.010Z" });
  expect((await bed.catalog.listChanges(0, 100)).at(-1)).toMatchObject({
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
  const results = await bed.catalog.writeEntities([issue("A-1"), issue("A-1"), issue("A-2")], CREATE, ME);
  expect(results.map((each) => each.result)).toEqual(["created", "failed", "created"]);
  expect(await write(issue("A-1"), CREATE)).toEqual({
    result: "failed",
    key: { blueprint: "issue", identifier: "A-1" },
    error: refusal("identifier_taken", "A-1"),
  });
});

test("missing targets become stubs on demand, which a later write fills", async () => {
  const options = { ...MERGE, createMissingRelatedEntities: true };
  await write(issue("A-1", { relations: { watchers: ["p", "q"] } }), options);
  const key = { blueprint: "person", identifier: "p" };
  expect(await bed.catalog.getEntity(key)).toMatchObject({ title: "p", properties: { age: null } });
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
  const before = await countChanges(bed.catalog);
  const results = await bed.catalog.writeEntities(
    [issue("A-1"), issue("A-2", { relations: { assignee: "nobody" } })],
    { ...MERGE, validationOnly: true },
    ME,
  );
  expect(results).toMatchObject([{ result: "created", entity: { identifier: "A-1" } }, { result: "failed" }]);
  expect(await countChanges(bed.catalog)).toBe(before);
  expect(await bed.catalog.countEntities("issue")).toBe(0);
});

test("put keeps only what it gives, patch changes only that; both need the entity", async () => {
  const key = { blueprint: "issue", identifier: "A-1" };
  const options = { createMissingRelatedEntities: false };
  await expect(bed.catalog.replaceEntity(key, {}, options, ME)).rejects.toEqual(refusal("not_found", "A-1"));
  await expect(bed.catalog.patchEntity(key, {}, options, ME)).rejects.toEqual(refusal("not_found"));
  expect(await bed.catalog.countEntities("issue")).toBe(0);
  await write(issue("A-1", { title: "T", icon: "I", team: ["t"], properties: { labels: ["a"] } }));
  const patched = await bed.catalog.patchEntity(key, { icon: null, properties: { status: "done" } }, options, ME);
  expect(patched).toMatchObject({
    title: "T",
    icon: null,
    team: ["t"],
    properties: { labels: ["a"], status: "done" },
  });
  expect(await bed.catalog.patchEntity(key, { title: null, team: null }, options, ME)).toMatchObject({
    title: "A-1",
    team: [],
  });
  const replaced = await bed.catalog.replaceEntity(key, { identifier: "A-1", title: "U" }, options, ME);
  expect(replaced).toMatchObject({ title: "U", properties: { labels: null, status: "open" } });
  await expect(bed.catalog.patchEntity(key, { properties: { status: 1 } }, options, ME)).rejects.toEqual(
    refusal("blueprint_schema_mismatch"),
  );
});

test("required properties and relations are required", async () => {
  await bed.catalog.patchBlueprint(
    "person",
    { schema: { properties: { age: { type: "number" } }, required: ["age"] } },
    ME,
  );
  await bed.catalog.patchBlueprint("issue", { relations: { assignee: { target: "person", required: true } } }, ME);
  expect(await write(person("p"))).toMatchObject({ error: refusal("blueprint_schema_mismatch", "age.*is required") });
  await write(person("p", { age: 1 }));
  expect(await write(issue("A-1"))).toMatchObject({ error: refusal("required_relation", "assignee") });
  expect(await write(issue("A-1", { relations: { assignee: "p" } }))).toMatchObject({ result: "created" });
  expect(await write(issue("A-1", { relations: { assignee: null } }))).toMatchObject({
    error: refusal("required_relation"),
  });
});

test("listing gives all entities of a blueprint by identifier", async () => {
  await bed.catalog.writeEntities([issue("b"), issue("a"), person("p")], MERGE, ME);
  expect((await bed.catalog.listEntities("issue")).map((entity) => entity.identifier)).toEqual(["a", "b"]);
  await expect(bed.catalog.listEntities("nowhere")).rejects.toEqual(refusal("not_found"));
  await expect(bed.catalog.getEntity({ blueprint: "issue", identifier: "c" })).rejects.toEqual(
    refusal("not_found", '"c" of blueprint "issue" was not found'),
  );
});

test("listeners hear of changes until they stop", async () => {
  let heard = 0;
  const stop = bed.catalog.onChange(() => heard++);
  await write(issue("A-1"));
  await write(issue("A-1"));
  stop();
  await write(issue("A-2"));
  expect(heard).toBe(1);
});

test("many who write the same entity at once all succeed, one after another", async () => {
  const writes = Array.from({ length: 20 }, (_, index) =>
    write(issue("A-1", { properties: { labels: [`l${index}`] }, relations: {} })),
  );
  const results = (await Promise.all(writes)).map((each) => each.result);
  expect(results.filter((result) => result === "created")).toHaveLength(1);
  expect(results).not.toContain("failed");
  expect((await bed.catalog.listChanges(0, 100)).filter((change) => change.subject === "entity")).toHaveLength(20);
});

test("a write that is overtaken again and again gives up, and says so", async () => {
  const entities = { apply: async () => false } as unknown as EntityStore; // all that a plan without inputs asks for
  const origin = { actor: "me", dataSource: "x", runId: null, atMs: 0 };
  const mode = { existing: "merge", absent: "create", missingTarget: "hold" } as const;
  await expect(writeEntities([], mode, origin, { ...bed.catalog.services, entities })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("try again later"),
  });
});
