import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../model/json.ts";
import { parseBlueprint } from "./parse-blueprint.ts";
import { PropertyValidator } from "./property-validator.ts";

function createValidator(property: JsonObject, required: readonly string[] = []): PropertyValidator {
  const schema = { properties: { it: property }, required };
  return new PropertyValidator(parseBlueprint({ identifier: "issue", title: "Issue", schema }));
}

function isValid(property: JsonObject, value: Json): boolean {
  const validator = createValidator(property);
  try {
    validator.assertValid({ it: value });
    return true;
  } catch {
    return false;
  }
}

describe("formats", () => {
  test.each<[string, readonly Json[], readonly Json[]]>([
    [
      "date-time",
      ["2023-11-06T11:02:59.000+0000", "2023-11-06T11:02:59.000+02:00", "2023-11-06T11:02:59Z"],
      ["2023-11-06", "soon", "2023-13-06T11:02:59Z"],
    ],
    ["url", ["https://x.atlassian.net/browse/A-1", "mailto:a@example.com"], ["x", "javascript:alert(1)"]],
    ["email", ["ann@example.com"], ["ann"]],
    ["ipv4", ["127.0.0.1"], ["localhost"]],
    ["ipv6", ["::1"], ["127.0.0.1"]],
    ["timer", ["2023-11-06T11:02:59.000+0000"], ["soon"]],
    ["markdown", ["# x"], [1]],
    ["yaml", ["a: 1"], [1]],
    ["user", ["ann"], [1]],
    ["team", ["red"], [1]],
    ["idn-email", ["änn@example.com"], ["änn"]],
    ["blueprints", ["issue"], [1]],
  ])("%s", (format, good, bad) => {
    for (const value of good) expect([value, isValid({ type: "string", format }, value)]).toEqual([value, true]);
    for (const value of bad) expect([value, isValid({ type: "string", format }, value)]).toEqual([value, false]);
  });
});

test.each<[JsonObject, Json, Json]>([
  [{ type: "string", enum: ["a"] }, "a", "b"],
  [{ type: "string", minLength: 2, maxLength: 3 }, "ab", "a"],
  [{ type: "string", pattern: "^[A-Z]+-\\d+$" }, "A-1", "a1"],
  [{ type: "number", minimum: 1, exclusiveMaximum: 3 }, 1, 3],
  [{ type: "boolean" }, true, "true"],
  [{ type: "object" }, { a: 1 }, []],
  [{ type: "array", minItems: 1, uniqueItems: true }, [1], [1, 1]],
  [{ type: "array", items: { type: "string", format: "email" } }, ["a@example.com"], ["a"]],
])("%j takes %j and refuses %j", (property, good, bad) => {
  expect([isValid(property, good), isValid(property, bad)]).toEqual([true, false]);
});

test("a labelled URL is an address with a text", () => {
  const property = { type: "object", format: "labeled-url" };
  expect(isValid(property, { url: "https://example.com", displayText: "Home" })).toBe(true);
  expect(isValid(property, { url: "https://example.com" })).toBe(true);
  for (const value of [{ displayText: "Home" }, { url: "x" }, { url: "https://example.com", other: 1 }, {}]) {
    expect([value, isValid(property, value)]).toEqual([value, false]);
  }
});

test("a pattern cannot hold the process", () => {
  expect(isValid({ type: "string", pattern: "^(a+)+$" }, `${"a".repeat(40)}!`)).toBe(false);
});

test("a pattern on a very long text, and elements that must differ, cannot hold it either", () => {
  expect(isValid({ type: "string", pattern: "^a" }, "a".repeat(100_001))).toBe(false);
  const items = Array.from({ length: 50_000 }, (_, index) => ({ index, deep: [index] }));
  expect(isValid({ type: "array", uniqueItems: true }, items)).toBe(true);
  expect(isValid({ type: "array", uniqueItems: true }, [...items, { deep: [7], index: 7 }])).toBe(false);
});

test("keywords that are not known to be enforced mean nothing, also in items", () => {
  const loose = { allOf: [{ type: "number" }], patternProperties: { x: false }, not: {} };
  expect(isValid({ type: "object", ...loose }, { x: 1 })).toBe(true);
  expect(isValid({ type: "array", items: { type: "object", ...loose } }, [{ x: 1 }])).toBe(true);
  expect(isValid({ type: "array", items: { type: "array", items: { type: "number" } } }, [["x"]])).toBe(false);
});

test("of many values that do not fit only some are named", () => {
  const validator = createValidator({ type: "array", items: { type: "number" } });
  expect(validator.listMisfits({ it: Array<string>(50_000).fill("x") })).toHaveLength(20);
});

test("what cannot be compiled is refused with the blueprint", () => {
  expect(() => createValidator({ type: "string", pattern: "(?=a)" })).toThrow('"issue" is not usable');
  expect(() => createValidator({ type: "string", multipleOf: "x" })).toThrow("not usable");
  expect(() => createValidator({ type: "string", pattern: "x".repeat(1001) })).toThrow("at most 1000");
  expect(() => createValidator({ type: "string", $ref: "https://example.com/schema" })).toThrow("not usable");
});

test("every value that does not fit is named", () => {
  const validator = createValidator({ type: "string", enum: ["a"] }, ["it"]);
  expect(() => validator.assertValid({ it: "b", other: 1 })).toThrow(
    /"properties\/it" must be one of \["a"\]; "properties\/other" is not a property of it/,
  );
  expect(() => validator.assertValid({})).toThrow('"properties/it" is required');
});
