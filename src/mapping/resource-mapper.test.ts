import { afterAll, expect, test } from "vitest";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import type { JsonObject } from "../model/json.ts";
import { parseMapping } from "./parse-mapping.ts";
import { hasErrors, ResourceMapper } from "./resource-mapper.ts";

const jq = new JqWasmEngine();
afterAll(() => jq.close());

/** Maps bodies by a resource, written as the lines below `selector` and `port`. */
function map(resource: { query?: string; mappings: string; port?: string }, ...bodies: readonly JsonObject[]) {
  const text = `resources:
  - kind: issue
    selector: { query: '${resource.query ?? "true"}' }
    port:
      ${resource.port ?? "itemsToParseName: item"}
      entity: { mappings: ${resource.mappings} }
`;
  const [parsed] = parseMapping(text, { kinds: ["issue"], unknownKeys: "refuse", name: "test" }).document.resources;
  if (parsed === undefined) throw new Error("one resource was written");
  return new ResourceMapper(parsed, jq).map(bodies);
}

const KEY_ONLY = `{ identifier: .key, blueprint: '"issue"' }`;

test("keys that the mapping sets are there, null when nothing came out; keys it does not set are absent", async () => {
  const mappings = `{ identifier: .key, blueprint: '"issue"', title: .name, properties: { a: .a, b: .missing }, relations: { r: .r } }`;
  expect(await map({ mappings }, { key: "A-1", name: "One", a: [1], r: "X" })).toEqual([
    {
      entities: [
        { identifier: "A-1", blueprint: "issue", title: "One", properties: { a: [1], b: null }, relations: { r: "X" } },
      ],
      filtered: 0,
      rejected: 0,
      problems: [],
    },
  ]);
});

test("only the first output counts", async () => {
  const [object] = await map({ mappings: `{ identifier: '.keys[]', blueprint: '"issue"' }` }, { keys: ["A", "B"] });
  expect(object?.entities).toMatchObject([{ identifier: "A" }]);
});

test("an error in a property costs that value and is a warning with field, expression and reason", async () => {
  const mappings = `{ identifier: .key, blueprint: '"issue"', properties: { names: '.list | map(.name)', key: .key } }`;
  const [broken, whole] = await map({ mappings }, { key: "A-1", list: null }, { key: "A-2", list: [{ name: "n" }] });
  expect(broken?.entities[0]?.properties).toEqual({ names: null, key: "A-1" });
  expect(broken?.problems).toEqual([
    {
      level: "warning",
      code: "expression_failed",
      field: "properties.names",
      expression: ".list | map(.name)",
      message: expect.stringContaining("null") as string,
    },
  ]);
  expect(broken && hasErrors(broken)).toBe(false);
  expect(whole?.entities[0]?.properties).toEqual({ names: ["n"], key: "A-2" });
  expect(whole?.problems).toEqual([]);
});

test("a selector must say true or false; anything else is an error of that object alone", async () => {
  const objects = await map(
    { query: ".ok", mappings: KEY_ONLY },
    { key: "A", ok: true },
    { key: "B", ok: false },
    { key: "C", ok: 1 },
    { key: "D" },
  );
  expect(objects.map(({ entities, filtered, rejected }) => [entities.length, filtered, rejected])).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 1],
  ]);
  expect(objects.map(hasErrors)).toEqual([false, false, true, true]);
  expect(objects[2]?.problems).toMatchObject([
    { code: "selector_failed", field: "selector.query", message: "gave 1, not true or false" },
  ]);
});

test.each([null, "", 0, false, [], {}])(
  "%j is no identifier: the object has no entity, which is no error",
  async (key) => {
    const [object] = await map({ mappings: KEY_ONLY }, { key });
    expect(object).toMatchObject({
      entities: [],
      rejected: 1,
      problems: [{ level: "warning", code: "no_identifier", field: "identifier" }],
    });
  },
);

test("a number is an identifier, as text", async () => {
  const [object] = await map({ mappings: KEY_ONLY }, { key: 10_001 });
  expect(object?.entities).toMatchObject([{ identifier: "10001" }]);
});

test("an error in the identifier proves nothing about the entity", async () => {
  const [object] = await map(
    { mappings: `{ identifier: '.key | error("planted")', blueprint: '"issue"' }` },
    { key: "A" },
  );
  expect(object).toMatchObject({
    entities: [],
    rejected: 1,
    problems: [{ level: "error", code: "expression_failed", message: "planted" }],
  });
});

test("a blueprint that is not a text gives no entity", async () => {
  const [object] = await map({ mappings: `{ identifier: .key, blueprint: .nothing }` }, { key: "A" });
  expect(object?.problems).toMatchObject([
    { field: "blueprint", message: "gave no blueprint: the object has no entity" },
  ]);
});

test("every leaf of a search is evaluated", async () => {
  const search = `{ combinator: '"and"', rules: [{ property: '"$title"', operator: '"="', value: .name }, { combinator: '"or"', rules: [{ property: '"p"', operator: '"in"', value: .list }] }] }`;
  const [object] = await map(
    { mappings: `{ identifier: .key, blueprint: '"issue"', relations: { r: ${search} } }` },
    { key: "A", name: "n", list: [1] },
  );
  expect(object?.entities[0]?.relations).toEqual({
    r: {
      combinator: "and",
      rules: [
        { property: "$title", operator: "=", value: "n" },
        { combinator: "or", rules: [{ property: "p", operator: "in", value: [1] }] },
      ],
    },
  });
});

test("two mappings give two entities, and the error of one is not the other's", async () => {
  const mappings = `[{ identifier: .key, blueprint: '"a"' }, { identifier: '.x | error("planted")', blueprint: '"b"' }]`;
  const [object] = await map({ mappings }, { key: "A" });
  expect(object?.entities).toMatchObject([{ identifier: "A", blueprint: "a" }]);
  expect(object?.problems).toMatchObject([{ level: "error", message: "planted" }]);
});

test("itemsToParse makes an item of each element, beside a copy of the object without the list", async () => {
  const port = "itemsToParse: .fields.comments\n      itemsToParseName: comment";
  const mappings = `{ identifier: .comment.id, blueprint: '"comment"', properties: { issue: .key, rest: '.fields | keys' } }`;
  const [object] = await map(
    { port, mappings },
    { key: "A", fields: { comments: [{ id: "1" }, { id: "2" }], summary: "s" } },
  );
  expect(object?.entities).toMatchObject([
    { identifier: "1", properties: { issue: "A", rest: ["summary"] } },
    { identifier: "2", properties: { issue: "A", rest: ["summary"] } },
  ]);
});

test("without the transform the list stays in the copy", async () => {
  const port = "itemsToParse: .list\n      itemsToParseTopLevelTransform: false";
  const [object] = await map(
    { port, mappings: `{ identifier: .item, blueprint: '"x"', properties: { all: .list } }` },
    { list: ["a"] },
  );
  expect(object?.entities).toMatchObject([{ identifier: "a", properties: { all: ["a"] } }]);
});

test("no list is no item; something else than a list is an error of its object", async () => {
  const objects = await map(
    { port: "itemsToParse: .list", mappings: `{ identifier: .item, blueprint: '"x"' }` },
    {},
    { list: 5 },
    { list: [] },
  );
  expect(objects.map(({ entities, rejected }) => [entities.length, rejected])).toEqual([
    [0, 0],
    [0, 1],
    [0, 0],
  ]);
  expect(objects[1]?.problems).toMatchObject([{ code: "not_a_list", field: "itemsToParse" }]);
});
