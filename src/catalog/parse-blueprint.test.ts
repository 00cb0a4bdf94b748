import { expect, test } from "vitest";
import { parseBlueprint } from "./parse-blueprint.ts";

const BARE = { identifier: "issue", title: "Issue", schema: { properties: {} } };

test("what is left out gets its empty form, and what is not known here stays", () => {
  const relations = { parent: { target: "issue", type: "x" } };
  expect(
    parseBlueprint({ ...BARE, schema: {}, relations, ownership: null, changelogDestination: { type: "KAFKA" } }),
  ).toEqual({
    ...BARE,
    schema: { properties: {}, required: [] },
    relations: { parent: { target: "issue", type: "x", required: false, many: false } },
    calculationProperties: {},
    mirrorProperties: {},
    aggregationProperties: {},
    ownership: null,
    changelogDestination: { type: "KAFKA" },
  });
});

test.each([["Ünïcode/with:all@the_signs.+\\-9"], ["_user"], ["..."]])("%s is an identifier", (identifier) => {
  expect(parseBlueprint({ ...BARE, identifier }).identifier).toBe(identifier);
});

test.each<[string, object, string]>([
  ["no title", { title: undefined }, '"title"'],
  ["a long title", { title: "x".repeat(101) }, '"title"'],
  ["a long description", { description: "x".repeat(201) }, '"description"'],
  ["an identifier with a space", { identifier: "a b" }, '"identifier"'],
  ["an identifier with =", { identifier: "a=b" }, '"identifier"'],
  ["the identifier ..", { identifier: ".." }, '"identifier"'],
  ["a long identifier", { identifier: "x".repeat(101) }, '"identifier"'],
  ["an unknown type", { schema: { properties: { a: { type: "text" } } } }, '"schema/properties/a/type"'],
  ["a property without type", { schema: { properties: { a: {} } } }, '"schema/properties/a/type"'],
  ["a property with a dot", { schema: { properties: { "a.b": { type: "string" } } } }, "schema/properties/a.b"],
  ["a required property that is not there", { schema: { required: ["a"] } }, '"schema/required" names "a"'],
  ["a relation without target", { relations: { a: {} } }, '"relations/a/target"'],
  [
    "a relation both required and many",
    { relations: { a: { target: "issue", required: true, many: true } } },
    "both required and many",
  ],
  [
    "a calculation without type",
    { calculationProperties: { a: { calculation: "1" } } },
    '"calculationProperties/a/type"',
  ],
  [
    "a calculation with the name of a property",
    {
      schema: { properties: { a: { type: "string" } } },
      calculationProperties: { a: { calculation: "1", type: "string" } },
    },
    '"calculationProperties/a"',
  ],
  ["mirror properties", { mirrorProperties: { a: { path: "b.c" } } }, "mirror properties are not calculated yet"],
  ["aggregation properties", { aggregationProperties: { a: {} } }, "aggregation properties are not calculated yet"],
])("a blueprint with %s is refused, naming the place", (_, change, message) => {
  expect(() => parseBlueprint({ ...BARE, ...change })).toThrow(message);
});

test("what is no object is refused", () => {
  for (const document of [null, 1, "x", []]) expect(() => parseBlueprint(document)).toThrow("not valid");
});
