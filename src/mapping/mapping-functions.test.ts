import { expect, test } from "vitest";
import { compileJq } from "../jq/compile-jq.ts";
import type { JqValue } from "../jq/jq-engine.ts";
import { NO_MAPPING_FUNCTIONS, toMappingFunctions, UNBOUND_MAPPING_FUNCTIONS } from "./mapping-functions.ts";

const functions = toMappingFunctions((name) => (name === "Story Points" ? "customfield_10016" : undefined));
const first = (source: string, input: JqValue): JqValue | undefined => compileJq(source, { functions }).first(input);

const text = { type: "text", text: "bold", marks: [{ type: "strong" }] };
const document = { type: "doc", version: 1, content: [{ type: "paragraph", content: [text] }] };

test.each([
  ["a document", document, "**bold**"],
  ["a text, as older versions of the API have it", "*bold*", "*bold*"],
  ["nothing", null, null],
  ["something else", 5, ""],
])("adf_to_markdown of %s", (_, description, markdown) => {
  expect(first(".fields.description | adf_to_markdown", { fields: { description } })).toBe(markdown);
});

test("a custom field is found by its name", () => {
  expect(first('field("Story Points")', { fields: { customfield_10016: 5 } })).toBe(5);
  expect(first('field("Story Points")', { fields: {} })).toBeNull();
  expect(first('field("Story Points") // "none"', {})).toBe("none");
});

test("a name that no field has gives null", () => {
  expect(first('field("Velocity")', { fields: { Velocity: 5 } })).toBeNull();
});

test("a mapping can be checked before there is a Jira", () => {
  expect(() =>
    compileJq('field("Anything") | adf_to_markdown', { functions: UNBOUND_MAPPING_FUNCTIONS }),
  ).not.toThrow();
});

test.each(['field("Story Points")', ".a | adf_to_markdown"])("%s is refused outside of mappings", (source) => {
  expect(() => compileJq(source, { functions: NO_MAPPING_FUNCTIONS })).toThrow(
    /is not available: only mappings have it/,
  );
});
