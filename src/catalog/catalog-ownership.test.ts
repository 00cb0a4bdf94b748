import { afterEach, beforeEach, expect, test } from "vitest";
import type { Catalog } from "./catalog.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";
import { issue, ISSUE, ME, MERGE, person, PERSON, refusal } from "./test-entities.fixture.ts";

let opened: TestCatalog;
let catalog: Catalog;
beforeEach(async () => {
  opened = await openTestCatalog({ threads: false });
  catalog = opened.catalog;
  await catalog.createBlueprint({ ...PERSON, ownership: { type: "Direct", title: "Owners" } }, ME);
  await catalog.createBlueprint(ISSUE, ME);
  const people = [
    { ...person("p"), team: ["red", "blue"] },
    { ...person("q"), team: "blue" },
  ];
  await catalog.writeEntities(people, MERGE, ME);
});
afterEach(() => opened.close());

const inherit = (path: string) => catalog.patchBlueprint("issue", { ownership: { type: "Inherited", path } }, ME);
const read = async (identifier: string) => catalog.getEntity({ blueprint: "issue", identifier });

test("entities read with the teams that the path leads to, each once, and calculations see them", async () => {
  const calculationProperties = { owners: { calculation: ".team", type: "array" } };
  await catalog.patchBlueprint("issue", { calculationProperties }, ME);
  await catalog.writeEntities([issue("A-1", { relations: { assignee: "p", watchers: ["p", "q"] } })], MERGE, ME);
  expect((await read("A-1")).team).toEqual([]);
  await inherit("assignee");
  expect(await read("A-1")).toMatchObject({ team: ["red", "blue"], properties: { owners: ["red", "blue"] } });
  await inherit("watchers");
  expect((await read("A-1")).team).toEqual(["red", "blue"]);
  await catalog.writeEntities([issue("A-1", { relations: { assignee: null, watchers: [] } })], MERGE, ME);
  expect((await read("A-1")).team).toEqual([]);
});

test("a team of its own is refused where it is inherited, in the word of the setting; none is no team", async () => {
  await inherit("assignee");
  const write = async (team: string | null) =>
    (await catalog.writeEntities([issue("A-1", { team: team ?? [] })], MERGE, ME))[0];
  expect(await write("red")).toMatchObject({ error: refusal("inherited_ownership_enabled", "assignee") });
  expect(await write(null)).toMatchObject({ result: "created" });
  await catalog.patchBlueprint("issue", { ownership: null, teamInheritance: { path: "assignee" } }, ME);
  expect(await write("red")).toMatchObject({ error: refusal("team_inheritance_enabled", "assignee") });
  await catalog.patchBlueprint("issue", { ownership: { type: "Direct" } }, ME);
  expect(await write("red")).toMatchObject({ result: "updated", entity: { team: ["red"] } });
});

test("a path must lead along relations to a blueprint whose entities have their own", async () => {
  for (const path of ["nowhere", "assignee.nowhere", "assignee."]) {
    await expect(inherit(path)).rejects.toEqual(refusal("invalid_inherited_ownership_path", path));
  }
  await catalog.patchBlueprint("person", { ownership: null }, ME);
  await expect(inherit("assignee")).rejects.toEqual(refusal("invalid_inherited_ownership_path", "Direct"));
  const older = { teamInheritance: { path: "assignee" } };
  expect(await catalog.patchBlueprint("issue", older, ME)).toMatchObject(older);
  const both = { ownership: { type: "Direct" }, teamInheritance: { path: "no.relation" } };
  expect(await catalog.patchBlueprint("issue", both, ME)).toMatchObject(both);
});

test.each([
  ["a type that is none", { type: "Shared" }],
  ["no path", { type: "Inherited" }],
  ["a key that means nothing", { type: "Direct", path: "assignee" }],
])("an ownership with %s is refused", async (_, ownership) => {
  await expect(catalog.patchBlueprint("issue", { ownership }, ME)).rejects.toEqual(
    refusal("invalid_request", "ownership"),
  );
});
