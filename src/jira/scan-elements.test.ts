import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scanElements, scanPage } from "./scan-elements.ts";

const scan = (text: string, path: readonly string[] = [], wanted: readonly string[] = []) =>
  scanElements(Buffer.from(text), path, wanted);

test("elements are the bytes as received, whatever stands in their strings", () => {
  const elements = ['{"a":"]}\\"[{"}', '{ "b" : [1, {"c":"\\\\"}] }', '"x,y"', "-1.5e3", "null", '"東京 \\u00e9"'];
  const page = scan(` { "values" : [${elements.join(" , ")}] } `, ["values"]);
  expect(page.elements?.map((element) => element.bytes.toString())).toEqual(elements);
});

test("any page gives its elements, their wanted members and the facts around them", () => {
  const object = fc.record({
    id: fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
    key: fc.string(),
    fields: fc.jsonValue(),
  });
  const page = fc.record({ before: fc.jsonValue(), values: fc.array(object), total: fc.integer(), last: fc.boolean() });
  fc.assert(
    fc.property(page, fc.boolean(), (page, isPretty) => {
      const text = JSON.stringify(page, null, isPretty ? 2 : undefined);
      const { elements = [], facts } = scan(text, ["values"], ["id", "key"]);
      expect(elements.map((element) => JSON.parse(element.bytes.toString()) as unknown)).toEqual(
        JSON.parse(JSON.stringify(page.values)),
      );
      expect(elements.map(({ members }) => members)).toEqual(
        page.values.map(({ id, key }) => ({ ...(id !== null && { id: String(id) }), key })),
      );
      expect(facts).toMatchObject({ total: page.total, last: page.last });
    }),
  );
});

test("a member deeper inside an element is not taken for the element's own", () => {
  const { elements } = scan('[{"fields":{"id":"inner"},"id":"outer","note":"\\"id\\":\\"no\\""}]', [], ["id"]);
  expect(elements?.[0]?.members).toEqual({ id: "outer" });
});

test("a path leads to an array inside", () => {
  const text = '{"id":"1","fields":{"worklog":{"total":2,"worklogs":[{"id":"7"},{"id":"8"}]},"x":[1]}}';
  const page = scan(text, ["fields", "worklog", "worklogs"], ["id"]);
  expect(page.elements?.map(({ members }) => members["id"])).toEqual(["7", "8"]);
  expect(page.facts).toEqual({ total: 2 });
  expect(scan('{"fields":{}}', ["fields", "worklog", "worklogs"]).elements).toBeUndefined();
  expect(scan('{"fields":null}', ["fields", "worklog"]).elements).toBeUndefined();
});

test("a text that was cut off anywhere is noticed", () => {
  const text = '{"values":[{"id":"1","a":{"b":["x\\"y",2]}},{"id":"2"}],"isLast":true}';
  for (let length = 0; length < text.length; length++) {
    expect(() => scan(text.slice(0, length), ["values"]), `first ${length} bytes`).toThrow(SyntaxError);
  }
  expect(scan(text, ["values"]).elements).toHaveLength(2);
});

test.each(["<html></html>", "", "[1] trailing", '{"a" 1}', "[1 2]", "{}", "null"])(
  "%j is not taken for a page",
  (text) => {
    expect(() => scanPage(Buffer.from(text), [], [])).toThrow(/is no list|^expected/);
  },
);
