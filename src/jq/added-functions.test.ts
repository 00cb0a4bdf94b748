import { afterAll, expect, test } from "vitest";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { native, type BuiltinTable } from "./builtins/builtin.ts";
import { analyzeJq } from "./analyze-jq.ts";
import { compileJq } from "./compile-jq.ts";
import { CompiledJqEngine } from "./compiled-jq-engine.ts";

const functions: BuiltinTable = {
  "shout/0": native((input) => `${JSON.stringify(input)}!`),
  "field/1": { kind: "macro", expand: (name) => `.fields[${JSON.stringify(name)}]` },
  "portal/0": { kind: "refused", reason: "it is not built" },
};
const engine = new CompiledJqEngine(new JqWasmEngine(), { functions });
afterAll(() => engine.close());

const first = (source: string, input = { fields: { A: 1 } }): unknown => compileJq(source, { functions }).first(input);

test.each([
  [".fields.A | shout", "1!"],
  ['field("A")', 1],
  ['field("A") |= . + 1', { fields: { A: 2 } }],
  ['[.fields | keys[] | shout] | join(",")', '"A"!'],
  ['def field(f): "mine"; field(.a)', "mine"],
])("%s calls a function that was added, or the program's own", (source, output) => {
  expect(first(source)).toEqual(output);
});

test.each([
  ["field(.key)", 'field takes a string that is written out, as in field("Name")'],
  ['field("A\\(.key)")', 'field takes a string that is written out, as in field("Name")'],
  ['(def field(f): f; .), field("A")', "field/1 cannot be used in a program that defines it"],
  ["field", "field/0 is not defined; there is field/1"],
  ["portal", "portal is not available: it is not built"],
])("%s is a mistake", (source, message) => {
  expect(() => compileJq(source, { functions })).toThrow(message);
});

test("what such functions read is known", () => {
  expect(analyzeJq('field("A") | shout', functions).paths).toEqual([["fields", "A"]]);
  expect(analyzeJq('.a | map(field("A"))', functions).paths).toEqual([["a"]]);
  expect(analyzeJq('field("A")').paths).toBe("all");
});

test("without having been added they are not defined", async () => {
  const problem = { message: "shout/0 is not defined", line: 1, column: 7 };
  expect(await new CompiledJqEngine(engine).check(".key | shout")).toMatchObject({ message: problem.message });
});

test("the fall-back never gets a program with such a function", async () => {
  const uncompiled = "gamma | shout";
  expect(await engine.check(uncompiled)).toMatchObject({
    message: "shout/0 cannot be used together with what only real jq evaluates",
  });
  expect(await engine.check("gamma")).toBeUndefined();
  const undecided = '"+5" | strptime("%d") | shout';
  const page = await engine.evaluatePage([undecided], [null]);
  expect(page.values).toEqual([[undefined]]);
  expect(page.problems).toMatchObject([{ message: expect.stringMatching(/real jq lacks functions/) as string }]);
});
