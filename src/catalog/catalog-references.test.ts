import { beforeEach, describe, expect, test } from "vitest";
import type { EntityInput } from "../model/entity.ts";
import { EmbeddedSink } from "./embedded-sink.ts";
import { countChanges, issue, ME, MERGE, NOW, person, refusal, useTestCatalog, YOU } from "./test-entities.fixture.ts";

const bed = useTestCatalog();
const { write, read } = bed;

describe("another identifier", () => {
  const key = { blueprint: "person", identifier: "p" };
  const options = { createMissingRelatedEntities: false };
  beforeEach(async () => {
    await bed.catalog.patchBlueprint("person", { relations: { boss: { target: "person" } } }, ME);
    await bed.catalog.writeEntities([person("p", { age: 1 }), person("q")], MERGE, ME);
    await bed.catalog.patchEntity(key, { relations: { boss: "p" } }, options, ME);
    await write(issue("p", { relations: { assignee: "p", watchers: ["q", "p"] } }), MERGE, ME);
  });

  test("is followed by all that points at the entity, which stay as they were else", async () => {
    const before = await read("p");
    bed.clock.move(1000);
    const renamed = await bed.catalog.replaceEntity(key, { identifier: "r", relations: { boss: "p" } }, options, YOU);
    expect(renamed).toMatchObject({
      identifier: "r",
      title: "r",
      properties: { age: null },
      relations: { boss: "r" },
      createdAt: NOW,
      updatedAt: "2024-05-06T07:08:10.010Z",
      updatedBy: "auth0|you",
    });
    expect(await bed.catalog.getEntity({ blueprint: "person", identifier: "r" })).toEqual(renamed);
    await expect(bed.catalog.getEntity(key)).rejects.toEqual(refusal("not_found"));
    expect(await read("p")).toEqual({ ...before, relations: { assignee: "r", watchers: ["q", "r"] } });
    expect((await bed.catalog.listChanges(0, 100)).slice(-3)).toMatchObject([
      { action: "deleted", identifier: "p", blueprint: "person" },
      { action: "created", identifier: "r" },
      { action: "updated", identifier: "p", blueprint: "issue" },
    ]);
  });

  test("may be all that changes, and completes what waited for it", async () => {
    const flags = { enableMergeEntity: true, createMissingRelatedEntities: false, deleteDependentEntities: false };
    const sink = new EmbeddedSink({ catalog: bed.catalog, actor: "client" });
    const waiting = issue("A-2", { relations: { assignee: "r" } });
    await sink.applyDelta([waiting], [], { runId: "r", dataSource: "d", flags });
    const renamed = await bed.catalog.patchEntity(key, { identifier: "r", title: "Ann" }, options, ME);
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
    const before = await countChanges(bed.catalog);
    const tried = await bed.catalog.patchEntity(key, change, { ...stubs, validationOnly: true }, ME);
    expect(tried.identifier).toBe("r");
    expect(await countChanges(bed.catalog)).toBe(before);
    await bed.catalog.patchEntity(key, change, stubs, ME);
    expect(await bed.catalog.getEntity({ blueprint: "person", identifier: "r" })).toMatchObject({
      relations: { boss: "new" },
    });
  });

  test.each<[string, string, Partial<EntityInput>, string]>([
    ["that is taken", "p", { identifier: "q" }, "identifier_taken"],
    ["that is none", "p", { identifier: "a b" }, "invalid_request"],
    ["with what does not fit", "p", { identifier: "r", properties: { age: "old" } }, "blueprint_schema_mismatch"],
    ["of what is not there", "nobody", { identifier: "r" }, "not_found"],
  ])("%s is refused", async (_, identifier, change, portCode) => {
    const before = await countChanges(bed.catalog);
    const renamed = bed.catalog.patchEntity({ blueprint: "person", identifier }, change, options, ME);
    await expect(renamed).rejects.toEqual(refusal(portCode));
    expect(await countChanges(bed.catalog)).toBe(before);
  });
});

describe("deleting", () => {
  const remove = (identifiers: readonly string[], deleteDependents = false) =>
    bed.catalog.deleteEntities(
      identifiers.map((identifier) => ({ blueprint: "person", identifier })),
      { deleteDependents },
      ME,
    );

  test("relations let go of what is deleted, without a change of author or time", async () => {
    await bed.catalog.writeEntities([person("p"), person("q")], MERGE, YOU);
    await write(issue("A-1", { relations: { assignee: "p", watchers: ["p", "q"] } }), MERGE, YOU);
    bed.clock.move(1000);
    expect(await remove(["p", "nobody"])).toEqual({ deleted: [{ blueprint: "person", identifier: "p" }] });
    expect(await read("A-1")).toMatchObject({
      relations: { assignee: null, watchers: ["q"] },
      updatedAt: NOW,
      updatedBy: "auth0|you",
    });
    expect((await bed.catalog.listChanges(0, 100)).slice(-2)).toMatchObject([
      { action: "updated", identifier: "A-1" },
      { action: "deleted", identifier: "p" },
    ]);
  });

  test("what is required stays, unless its dependents go too, however far", async () => {
    const owned = { title: "Owned", schema: { properties: {} } };
    await bed.catalog.createBlueprint(
      { ...owned, identifier: "badge", relations: { owner: { target: "person", required: true } } },
      ME,
    );
    await bed.catalog.createBlueprint(
      { ...owned, identifier: "pin", relations: { badge: { target: "badge", required: true } } },
      ME,
    );
    await bed.catalog.writeEntities(
      [
        person("p"),
        person("q"),
        { blueprint: "badge", identifier: "b", relations: { owner: "p" } },
        { blueprint: "pin", identifier: "n", relations: { badge: "b" } },
      ],
      MERGE,
      ME,
    );
    const before = await countChanges(bed.catalog);
    await expect(remove(["q", "p"])).rejects.toEqual(refusal("has_dependents", '"b".*"badge".*requires "p"'));
    expect(await countChanges(bed.catalog)).toBe(before);
    const { deleted } = await remove(["p"], true);
    expect(deleted.map((key) => key.identifier)).toEqual(["p", "b", "n"]);
    expect(await bed.catalog.countEntities("person")).toBe(1);
  });

  test("keys of unknown blueprints are passed over", async () => {
    const keys = [{ blueprint: "nowhere", identifier: "x" }];
    expect(await bed.catalog.deleteEntities(keys, { deleteDependents: true }, ME)).toEqual({ deleted: [] });
  });
});
