import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../model/json.ts";
import { openTestCatalog, type TestCatalog } from "./test-catalog.fixture.ts";

const CALLER = { actor: "client-1", dataSource: "port-ocean/jira/1/x/exporter" };

let opened: TestCatalog;
beforeAll(async () => {
  opened = await openTestCatalog({ threads: false });
  const { catalog } = opened;
  await catalog.createBlueprint(
    { identifier: "person", title: "Person", schema: { properties: { age: { type: "number" } } } },
    CALLER,
  );
  await catalog.createBlueprint(
    {
      identifier: "issue",
      title: "Issue",
      schema: {
        properties: {
          status: { type: "string" },
          points: { type: "number" },
          done: { type: "boolean" },
          labels: { type: "array" },
          created: { type: "string", format: "date-time" },
          link: { type: "object" },
        },
      },
      relations: {
        assignee: { target: "person" },
        parent: { target: "issue" },
        watchers: { target: "person", many: true },
      },
      calculationProperties: { double: { calculation: ".properties.points * 2", type: "number" } },
    },
    CALLER,
  );
  const options = { existing: "merge", createMissingRelatedEntities: false } as const;
  const person = (identifier: string, team: string) => ({ blueprint: "person", identifier, title: "Ann", team });
  const issue = (identifier: string, properties: JsonObject, relations = {}) => ({
    blueprint: "issue",
    identifier,
    title: `Title of ${identifier}`,
    properties,
    relations,
  });
  await catalog.writeEntities([person("ann", "red"), person("bob", "blue")], options, CALLER);
  opened.clock.move(1000);
  await catalog.writeEntities(
    [
      issue(
        "A-1",
        {
          status: "open",
          points: 3,
          done: true,
          labels: ["backend", "x", 7],
          created: "2024-05-06T01:00:00.000+0200",
          link: { status: "open" },
        },
        { assignee: "ann", watchers: ["ann", "bob"] },
      ),
      issue(
        "A-2",
        { status: "opening", points: 10, done: false, created: "2024-05-05T23:30:00.000Z" },
        { parent: "A-1" },
      ),
      issue("A-3", { status: "[1]", labels: [], created: "2024-04-01T00:00:00Z" }, { parent: "A-2", assignee: "bob" }),
      issue("A-4", {}),
    ],
    options,
    { ...CALLER, actor: "client-2", dataSource: "curl" },
  );
});
afterAll(() => opened.close());

async function find(rules: readonly Json[], combinator = "and", blueprint?: string): Promise<string> {
  const { entities } = await opened.catalog.search({ combinator, rules }, blueprint === undefined ? {} : { blueprint });
  return entities.map((entity) => entity.identifier).join(" ");
}

const rule = (property: string, operator: string, value?: Json): JsonObject => ({
  property,
  operator,
  ...(value !== undefined && { value }),
});

describe("a search finds", () => {
  test.each<[string, JsonObject, string]>([
    ["an equal text", rule("status", "=", "open"), "A-1"],
    ["a text that looks like a list", rule("status", "=", "[1]"), "A-3"],
    ["an equal number", rule("points", "=", 3), "A-1"],
    ["an equal boolean", rule("done", "=", false), "A-2"],
    ["null where there is nothing", rule("points", "=", null), "A-3 A-4"],
    ["what is not equal, also where there is nothing", rule("status", "!=", "open"), "A-2 A-3 A-4"],
    ["what is not null", rule("points", "!=", null), "A-1 A-2"],
    ["one of several", rule("status", "in", ["open", "[1]"]), "A-1 A-3"],
    ["one of several or nothing", rule("status", "in", ["open", null]), "A-1 A-4"],
    ["none of several", rule("status", "notIn", ["open", "opening"]), "A-3 A-4"],
    ["nothing in an empty list", rule("status", "in", []), ""],
    ["more", rule("points", ">", 3), "A-2"],
    ["more or equal", rule("points", ">=", 3), "A-1 A-2"],
    ["less", rule("points", "<", 10), "A-1"],
    ["less or equal", rule("points", "<=", 10), "A-1 A-2"],
    ["no text above a number", rule("status", ">", 0), ""],
    ["a calculated value", rule("double", ">", 6), "A-2"],
    ["an empty calculated value", rule("double", "isEmpty"), "A-3 A-4"],
    ["a part of a text", rule("status", "contains", "pen"), "A-1 A-2"],
    ["a part of a title", rule("$title", "contains", "of A-2"), "A-2"],
    ["a part of a title that is written otherwise", rule("$title", "contains", "OF A-2"), ""],
    ["a short part of a title", rule("$title", "contains", "-3"), "A-3"],
    ["what a path leads to", via(["assignee"], "ann"), "A-1"],
    ["what a path of two leads to", via(["parent", "assignee"], "ann"), "A-2"],
    ["what a relation leads to in exactly two steps", via(["parent", "parent"], ["A-1"]), "A-3"],
    ["what a relation leads to in one or two steps", via([{ relation: "parent", maxHops: 2 }], "A-1"), "A-2 A-3"],
    ["what a path from another blueprint leads to", via(["parent"], "A-3", "issue"), "A-2"],
    ["what hops from another blueprint lead to", via([{ relation: "parent", maxHops: 9 }], "A-3", "issue"), "A-1 A-2"],
    ["nothing on a path from what is not there", via(["parent"], "X", "issue"), ""],
    [
      "a property of what a relation leads to",
      { relation: "parent", targetProperty: "status", operator: "=", value: "open" },
      "A-2",
    ],
    ["any text that is equal", bySchema({ type: "string" }, "=", "open"), "A-1"],
    ["no text that is equal", bySchema({ type: "string" }, "!=", "open"), "A-2 A-3 A-4"],
    ["a text of a format", bySchema({ type: "string", format: "date-time" }, "contains", "T23:30"), "A-2"],
    ["nothing of a schema that no property has", bySchema({ type: "string", format: "url" }, "=", "open"), ""],
    ["nothing of the caller, who is no user", rule("status", "=", { context: "user", property: "$identifier" }), ""],
    [
      "what is not of the caller",
      rule("status", "!=", { context: "user", property: "$identifier" }),
      "A-1 A-2 A-3 A-4",
    ],
    [
      "nothing of the caller's teams",
      rule("$team", "containsAny", { context: "userTeams", property: "$identifier" }),
      "",
    ],
    [
      "nothing where the caller's value is compared",
      { property: { context: "user", property: "x" }, operator: "=", value: "a" },
      "",
    ],
    ["an element of a list, and no part of it", rule("labels", "contains", "backend"), "A-1"],
    ["no part of an element", rule("labels", "contains", "back"), ""],
    ["a number in a list", rule("labels", "contains", 7), "A-1"],
    ["what does not contain, also where there is nothing", rule("labels", "doesNotContains", "x"), "A-2 A-3 A-4"],
    ["any of several elements", rule("labels", "containsAny", ["y", "x"]), "A-1"],
    ["a beginning", rule("status", "beginsWith", "openi"), "A-2"],
    ["what begins otherwise", rule("status", "doesNotBeginsWith", "open"), "A-3 A-4"],
    ["an end", rule("status", "endsWith", "n"), "A-1"],
    ["what ends otherwise", rule("status", "doesNotEndsWith", "n"), "A-2 A-3 A-4"],
    ["the letter's case", rule("status", "beginsWith", "Open"), ""],
    ["nothing inside of an object", rule("link", "=", "open"), ""],
    ["an empty property", rule("labels", "isEmpty"), "A-2 A-4"],
    ["a property that is not empty", rule("link", "isNotEmpty"), "A-1"],
    ["a later time, whatever its offset", rule("created", ">", "2024-05-05T23:15:00Z"), "A-2"],
    ["an earlier time, whatever its offset", rule("created", "<=", "2024-05-05T23:00:00.000+0000"), "A-1 A-3"],
    ["a time between", rule("created", "between", { from: "2024-05-05", to: "2024-05-06T00:00:00Z" }), "A-1 A-2"],
    ["a time not between", rule("created", "notBetween", { from: "2024-05-05", to: "2024-05-07" }), "A-3 A-4"],
    ["a number between", rule("points", "between", { from: 3, to: 9 }), "A-1"],
    ["a time of a preset", rule("created", "between", { preset: "lastWeek" }), "A-1 A-2"],
    ["a time of a preset, by =", rule("created", "=", { preset: "yesterday" }), "A-1 A-2"],
    ["an expired time", rule("created", "isExpired"), "A-1 A-2 A-3"],
    ["a time that is not expired", rule("created", "isNotExpired"), "A-4"],
    ["a target", { relation: "assignee", operator: "=", value: "ann" }, "A-1"],
    ["another target", { relation: "assignee", operator: "!=", value: "ann" }, "A-2 A-3 A-4"],
    ["one target of many", { relation: "watchers", operator: "contains", value: "bob" }, "A-1"],
    ["one of several targets", { relation: "assignee", operator: "in", value: ["ann", "bob"] }, "A-1 A-3"],
    ["no target", { relation: "watchers", operator: "isEmpty" }, "A-2 A-3 A-4"],
    ["matchAny with one", rule("status", "matchAny", "open"), "A-1"],
    ["matchAny with several", rule("status", "matchAny", ["open", "opening"]), "A-1 A-2"],
    ["the identifier", rule("$identifier", "=", "A-2"), "A-2"],
    ["the title", rule("$title", "endsWith", "A-3"), "A-3"],
    ["related in any direction", { operator: "relatedTo", blueprint: "issue", value: "A-1" }, "A-2 A-3"],
    ["upstream", { operator: "relatedTo", blueprint: "issue", value: ["A-2"], direction: "upstream" }, "A-1"],
    [
      "downstream",
      { operator: "relatedTo", blueprint: "person", value: "ann", direction: "downstream" },
      "A-1 A-2 A-3",
    ],
    ["nothing related to what is not there", { operator: "relatedTo", blueprint: "issue", value: "A-9" }, ""],
  ])("%s", async (_, given, expected) => {
    expect(await find([given], "and", "issue")).toBe(expected);
  });

  test.each<[string, JsonObject, string]>([
    ["a blueprint", rule("$blueprint", "=", "person"), "ann bob"],
    ["another blueprint", rule("$blueprint", "!=", "person"), "A-1 A-2 A-3 A-4"],
    ["one of several blueprints", rule("$blueprint", "in", ["person", "x"]), "ann bob"],
    ["a team", rule("$team", "contains", "red"), "ann"],
    ["an equal team", rule("$team", "=", "blue"), "bob"],
    ["no team", rule("$team", "isEmpty"), "A-1 A-2 A-3 A-4"],
    ["an icon that is not there", rule("$icon", "isNotEmpty"), ""],
    ["a data source by its parts", rule("$datasource", "contains", "port-ocean/jira"), "ann bob"],
    ["who made it", rule("$createdBy", "=", "client-2"), "A-1 A-2 A-3 A-4"],
    ["who changed it", rule("$updatedBy", "=", "client-1"), "ann bob"],
    ["when it was made", rule("$createdAt", "=", "2024-05-06T07:08:09.010Z"), "ann bob"],
    ["when it was changed", rule("$updatedAt", ">", "2024-05-06T07:08:09.010Z"), "A-1 A-2 A-3 A-4"],
    ["a property that one blueprint has", rule("age", "isEmpty"), "ann bob A-1 A-2 A-3 A-4"],
  ])("over all blueprints, %s", async (_, given, expected) => {
    expect(await find([given])).toBe(expected);
  });
});

test("groups combine, at any depth, and an empty one matches all", async () => {
  const nested = {
    combinator: "or",
    rules: [
      rule("status", "=", "open"),
      { combinator: "and", rules: [rule("points", ">", 5), rule("done", "=", false)] },
    ],
  };
  expect(await find([nested])).toBe("A-1 A-2");
  expect(await find([rule("$blueprint", "=", "issue"), nested])).toBe("A-1 A-2");
  expect(await find([rule("status", "=", "open"), rule("points", "=", 10)], "or")).toBe("A-1 A-2");
  expect(await find([], "or", "issue")).toBe("A-1 A-2 A-3 A-4");
});

test("pages follow each other until there is no next", async () => {
  const query = { combinator: "and", rules: [] };
  const first = await opened.catalog.search(query, { blueprint: "issue", limit: 3 });
  expect(first.entities.map((entity) => entity.identifier)).toEqual(["A-1", "A-2", "A-3"]);
  const rest = await opened.catalog.search(query, { blueprint: "issue", limit: 3, from: first.next ?? "" });
  expect(rest).toMatchObject({ entities: [{ identifier: "A-4" }] });
  expect(rest.next).toBeUndefined();
});

test("what a search finds can be counted", async () => {
  const query = { combinator: "and", rules: [rule("points", "isNotEmpty")] };
  expect(await opened.catalog.countMatches(query, "issue")).toBe(2);
});

test("as many rules as are allowed can be asked", async () => {
  const many = Array.from({ length: 500 }, (_, index) => rule("points", "=", index));
  expect(await find(many, "or")).toBe("A-1 A-2");
});

test.each<[string, unknown, string]>([
  ["no object", [], '"query" must be an object'],
  ["no combinator", { rules: [] }, "\"query\" must have required property 'combinator'"],
  ["another combinator", { combinator: "xor", rules: [] }, '"query/combinator"'],
  ["no rules", { combinator: "and" }, "'rules'"],
  ["a rule that is no object", { combinator: "and", rules: [1] }, '"query/rules/0" must be an object'],
  ["a rule without operator", one({ property: "status" }), "'operator'"],
  ["an unknown operator", one(rule("status", "like", "x")), '"query/rules/0/operator" "like".*one of =, !='],
  ["an operator of every object", one(rule("status", "toString", "x")), '"toString" is not an operator'],
  ["an unknown property", one(rule("colour", "=", 1)), '"query/rules/0/property" "colour"'],
  ["an unknown meta-property", one(rule("$colour", "=", 1)), "\\$colour"],
  ["an unknown relation", one({ relation: "boss", operator: "=", value: "x" }), '"query/rules/0/relation" "boss"'],
  ["no property", one({ operator: "=", value: "x" }), "must have a property"],
  ["a property of another blueprint", one(rule("age", "=", 1)), 'age.*blueprint "issue"'],
  ["a list for one value", one(rule("status", "=", [1])), '"query/rules/0/value" must be a text'],
  ["no value", one(rule("status", "!=")), "must be a text, a number"],
  ["one value for a list", one(rule("status", "in", "open")), "must be a list"],
  ["an object in a list", one(rule("status", "in", ["a", {}])), '"query/rules/0/value/1"'],
  ["a number as beginning", one(rule("status", "beginsWith", 1)), "must be a text"],
  ["a text to compare", one(rule("points", ">", "many")), "a number or an ISO 8601 time"],
  ["a time that is none", one(rule("created", ">", "2024-99-99")), "ISO 8601"],
  ["an unknown preset", one(rule("created", "between", { preset: "lastYear" })), '"lastYear" is not a preset'],
  ["a preset that is no text", one(rule("created", "between", { preset: 1 })), "1 is not a preset"],
  ["half of a range", one(rule("created", "between", { from: "2024-01-01" })), "from and to"],
  ["a range that is none", one(rule("created", "between", 1)), "{ from, to } or { preset }"],
  ["an unknown blueprint", one({ operator: "relatedTo", blueprint: "x", value: "a" }), '"x" is not a blueprint'],
  ["no blueprint", one({ operator: "relatedTo", value: "a" }), "is not a blueprint"],
  ["a number as identifier", one({ operator: "relatedTo", blueprint: "issue", value: [1] }), "an identifier or a list"],
  [
    "another direction",
    one({ operator: "relatedTo", blueprint: "issue", value: "a", direction: "up" }),
    '"query/rules/0/direction"',
  ],
  [
    "required of a text",
    one({ operator: "relatedTo", blueprint: "issue", value: "a", required: "x" }),
    "true or false",
  ],
  ["a scorecard", one({ scorecard: "x", operator: "=", value: "Gold" }), "there are no scorecards"],
  ["a path of nothing", one(via([], "x")), "must be a list of relations"],
  ["a path over an unknown relation", one(via(["boss"], "x")), '"boss" is not a relation'],
  ["a path with too many hops", one(via([{ relation: "parent", maxHops: 16 }], "x")), "from 1 to 15"],
  [
    "a path with hops twice",
    one(
      via(
        [
          { relation: "parent", maxHops: 2 },
          { relation: "parent", maxHops: 3 },
        ],
        "x",
      ),
    ),
    "maxHops once",
  ],
  ["a path with another operator", one({ ...via(["parent"], "x"), operator: "=" }), '"matchAny"'],
  ["a path from nowhere", one(via(["parent"], "x", "nowhere")), '"nowhere" is not a blueprint'],
  ["too deep groups", nest(30), "nested deeper"],
  [
    "too many rules",
    { combinator: "or", rules: Array.from({ length: 501 }, () => rule("status", "=", 1)) },
    "at most 500",
  ],
])("a search with %s is refused, naming the place", async (_, query, message) => {
  await expect(opened.catalog.search(query, { blueprint: "issue" })).rejects.toMatchObject({
    portCode: "invalid_request",
    message: expect.stringMatching(message),
  });
});

test.each([0, 1001, 1.5])("a limit of %d is refused", async (limit) => {
  const search = opened.catalog.search({ combinator: "and", rules: [] }, { limit });
  await expect(search).rejects.toMatchObject({ portCode: "invalid_request" });
});

function bySchema(propertySchema: JsonObject, operator: string, value: Json): JsonObject {
  return { propertySchema, operator, value };
}

function via(path: readonly Json[], value: Json, fromBlueprint?: string): JsonObject {
  return { property: { path, ...(fromBlueprint && { fromBlueprint }) }, operator: "matchAny", value };
}

function one(single: JsonObject): JsonObject {
  return { combinator: "and", rules: [single] };
}

function nest(levels: number): JsonObject {
  return { combinator: "and", rules: levels === 0 ? [] : [nest(levels - 1)] };
}
