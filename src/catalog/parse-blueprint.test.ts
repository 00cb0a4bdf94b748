import { expect, test } from "vitest";
import { parseBlueprint } from "./parse-blueprint.ts";

const BARE = { identifier: "issue", title: "Issue", schema: { properties: {} } };

const one = (property: object): object => ({ schema: { properties: { a: property } } });

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
  ["a mirror of itself", { mirrorProperties: { a: { path: "b" } } }, '"mirrorProperties/a/path"'],
  [
    "a mirror with the name of a property",
    { schema: { properties: { a: { type: "string" } } }, mirrorProperties: { a: { path: "b.c" } } },
    '"mirrorProperties/a" has the name of a property',
  ],
  ["an unknown format", one({ type: "string", format: "html" }), '"html" is not a format of the type string'],
  ["the format of another type", one({ type: "number", format: "url" }), '"url" is not a format of the type number'],
  ["an unknown colour", one({ type: "string", enum: ["a"], enumColors: { a: "mauve" } }), "enumColors/a"],
  ["a colour for no value", one({ type: "string", enum: ["a"], enumColors: { b: "red" } }), 'names "b"'],
  ["items of no list", one({ type: "string", items: { type: "string" } }), "only for the type array"],
  ["items of an unknown format", one({ type: "array", items: { type: "string", format: "x" } }), "items/format"],
  ["an unknown spec", one({ type: "string", spec: "raml" }), "schema/properties/a/spec"],
  ["an aggregation without target", { aggregationProperties: { a: { title: "A" } } }, "aggregationProperties/a/target"],
])("a blueprint with %s is refused, naming the place", (_, change, message) => {
  expect(() => parseBlueprint({ ...BARE, ...change })).toThrow(message);
});

test("what is no object is refused", () => {
  for (const document of [null, 1, "x", []]) expect(() => parseBlueprint(document)).toThrow("not valid");
});
