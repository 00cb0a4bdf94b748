import { beforeEach, describe, expect, test } from "vitest";
import type { EntityInput, SearchQuery } from "../model/entity.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { countChanges, issue, ME, MERGE, person, refusal, useTestCatalog } from "./test-entities.fixture.ts";

const bed = useTestCatalog();
const { write, read } = bed;

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
  ["a team that is a number", { team: 1 as unknown as string }, "invalid_request", "team"],
  ["a target that is a number", { relations: { assignee: 1 as unknown as string } }, "invalid_request", "1 is not"],
  ["an identifier with a space", { identifier: "a b" }, "invalid_request", "not an identifier"],
  ["two dots", { identifier: ".." }, "invalid_request", "not an identifier"],
  ["a long identifier", { identifier: "x".repeat(1001) }, "invalid_request", "not an identifier"],
  ["an unknown blueprint", { blueprint: "nowhere" }, "not_found", "nowhere"],
  ["a deep value", { properties: { labels: deep(200) } }, "blueprint_schema_mismatch", "nested deeper"],
])("an entity with %s is refused alone", async (_, change, portCode, words) => {
  const before = await countChanges(bed.catalog);
  const results = await bed.catalog.writeEntities([{ ...issue("A-1"), ...change }, issue("A-2")], MERGE, ME);
  expect(results[0]).toMatchObject({ result: "failed", error: refusal(portCode, words) });
  expect(results[1]).toMatchObject({ result: "created" });
  expect(await countChanges(bed.catalog)).toBe(before + 1);
});

test("a title that is no text is refused", async () => {
  const title = 7 as unknown as string; // as a mapping can produce it
  expect(await write(issue("A-1", { title }))).toMatchObject({ error: refusal("invalid_request", "title") });
});

test("an entity whose target was refused is refused too, but one that points at it as it was is not", async () => {
  await write(person("q"));
  const results = await bed.catalog.writeEntities(
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
  await bed.catalog.patchBlueprint("person", { relations: { boss: { target: "person" } } }, ME);
  await write(person("q"));
  const results = await bed.catalog.writeEntities(
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
  await bed.catalog.patchBlueprint("person", { relations: { work: { target: "issue" } } }, ME);
  const options = { ...MERGE, createMissingRelatedEntities: true };
  await write({ ...person("p"), relations: { work: "A-1" } }, options);
  expect((await read("A-1")).properties["status"]).toBeNull();
  await write(issue("A-1", { icon: "I" }));
  expect((await read("A-1")).properties["status"]).toBe("open");
});

test("entities may point at each other in one call, in any order", async () => {
  const results = await bed.catalog.writeEntities(
    [issue("A-1", { relations: { assignee: "p" } }), person("p")],
    MERGE,
    ME,
  );
  expect(results.map((each) => each.result)).toEqual(["created", "created"]);
});

test("a single target for many is a list of one; nulls and repetitions in a list are passed over", async () => {
  await bed.catalog.writeEntities([person("p"), person("q")], MERGE, ME);
  await write(issue("A-1", { relations: { watchers: "p" } }));
  expect((await read("A-1")).relations["watchers"]).toEqual(["p"]);
  const watchers = ["q", null, "p", "q"] as string[]; // as a mapping can produce it
  await write(issue("A-1", { relations: { watchers } }));
  expect((await read("A-1")).relations["watchers"]).toEqual(["q", "p"]);
});

describe("a search stands in", () => {
  beforeEach(async () => {
    const titled = (blueprint: string, identifier: string, title: string) => ({ blueprint, identifier, title });
    const documents = [
      titled("person", "p", "Ann Lee"),
      titled("person", "q", "Ann Poe"),
      titled("_team", "red", "Red"),
      titled("issue", "A-1", "First"),
    ];
    await bed.catalog.writeEntities(documents, MERGE, ME);
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
    await bed.catalog.writeEntities(
      Array.from({ length: 101 }, (_, index) => person(`many-${index}`)),
      MERGE,
      ME,
    );
    expect(await write(issue("A-1", { relations: { watchers: byTitle("many") } }))).toMatchObject({
      error: refusal("invalid_request", "relations/watchers", "more than 100"),
    });
  });
});

function byTitle(start: Json): SearchQuery {
  return { combinator: "and", rules: [{ property: "$title", operator: "beginsWith", value: start }] };
}

function deep(levels: number): JsonObject[string] {
  return levels === 0 ? [] : [deep(levels - 1)];
}
