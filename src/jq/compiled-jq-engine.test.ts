import { afterAll, describe, expect, test } from "vitest";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { CompiledJqEngine } from "./compiled-jq-engine.ts";
import { JqTimings } from "./jq-timings.ts";
import { JqError, JqLimitError, JqSyntaxError, JqUnsupportedError } from "./jq-errors.ts";
import type { JqEngine, JqValue } from "./jq-engine.ts";

const realJq = new JqWasmEngine();
afterAll(() => realJq.close());

/** Real jq, and what was asked of it. */
class RecordingEngine implements JqEngine {
  readonly pages: { readonly programs: readonly string[]; readonly inputs: readonly JqValue[] }[] = [];

  check(source: string): ReturnType<JqEngine["check"]> {
    return realJq.check(source);
  }

  evaluatePage(programs: readonly string[], inputs: readonly JqValue[]): ReturnType<JqEngine["evaluatePage"]> {
    this.pages.push({ programs, inputs });
    return realJq.evaluatePage(programs, inputs);
  }

  async close(): Promise<void> {}
}

test("a page is evaluated column by column; only first outputs count, none and null differ", async () => {
  const fallBack = new RecordingEngine();
  const engine = new CompiledJqEngine(fallBack);
  const result = await engine.evaluatePage(
    [".a", ".b[]?", "empty", "null", "'x' # comment", "env", "$ENV"],
    [{ a: 1, b: [1, 2] }, { a: "ü" }],
  );
  expect(result).toEqual({
    values: [
      [1, "ü"],
      [1, undefined],
      [undefined, undefined],
      [null, null],
      ["x", "x"],
      [{}, {}],
      [{}, {}],
    ],
    problems: [],
  });
  expect(fallBack.pages).toEqual([]);
});

test("an error costs one value and says why", async () => {
  const engine = new CompiledJqEngine(realJq);
  const inputs = [{ a: 1 }, { a: { k: 1 } }];
  const { values, problems } = await engine.evaluatePage([".a | keys", '(1, error("late"))'], inputs);
  expect(values).toEqual([
    [undefined, ["k"]],
    [1, 1],
  ]);
  expect(problems).toEqual([{ program: 0, item: 0, message: "number (1) has no keys" }]);
});

test("what is not compiled is answered by the fall-back: whole programs together, single items alone", async () => {
  const fallBack = new RecordingEngine();
  const engine = new CompiledJqEngine(fallBack);
  const inputs = ["2015-03-05", "4 x", 3];
  const { values, problems } = await engine.evaluatePage(
    [
      "0 | sin",
      ".",
      "1 | tgamma",
      'if type == "number" then log10 else 0 end',
      'if . == 3 then "-5" | strptime("%Y") else type end',
    ],
    inputs,
  );
  expect(values[0]).toEqual([0, 0, 0]);
  expect(values[1]).toEqual(inputs);
  expect(values[2]).toEqual([1, 1, 1]);
  expect(values[4]?.slice(0, 2)).toEqual(["string", "string"]);
  expect(fallBack.pages.map(({ programs, inputs }) => [programs.length, inputs.length])).toEqual([
    [3, 3],
    [1, 1],
  ]);
  expect(problems).toEqual([
    { program: 4, item: 2, message: expect.stringContaining("does not match format") as string },
  ]);
});

test("a limit is final: the fall-back is not asked", async () => {
  const fallBack = new RecordingEngine();
  const engine = new CompiledJqEngine(fallBack, { limits: { steps: 10_000 } });
  const { values, problems } = await engine.evaluatePage(["if . == 2 then last(repeat(1)) else . end"], [1, 2, 3]);
  expect(values).toEqual([[1, undefined, 3]]);
  expect(problems).toEqual([
    { program: 0, item: 1, message: "the program did not end within 10000 steps", limit: "steps" },
  ]);
  expect(fallBack.pages).toEqual([]);
});

test("a long page lets others run in between", async () => {
  let now = 0;
  const engine = new CompiledJqEngine(realJq, { stopwatch: () => (now += 30) });
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const { values } = await engine.evaluatePage(
    [".", "."],
    Array.from({ length: 2000 }, () => 1),
  );
  clearInterval(timer);
  expect(values.map((column) => column.length)).toEqual([2000, 2000]);
  expect(turns).toBeGreaterThan(0);
});

describe("check", () => {
  const engine = new CompiledJqEngine(realJq);
  test.each([
    [".a +", 1, 5],
    [".a |\n foo(1)", 2, 2],
    ["$x", 1, 1],
    ["break $x", 1, 1],
    ["input", 1, 1],
    [".a | debug", 1, 6],
    ["halt_error(1)", 1, 1],
    ["map(1; 2)", 1, 1],
    ["", 1, 1],
    ["1) | (2", 1, 2],
    ["def f: foo; 1", 1, 8],
    ["sin | foo", 1, 7],
  ])("refuses %j at line %i, column %i", async (source, line, column) => {
    expect(await engine.check(source)).toMatchObject({ line, column });
  });

  test.each([
    ".",
    "def f: 1; f",
    "last(repeat(1))",
    ".input",
    '{input: "debug"}',
    "'a' + .b",
    "-1",
    ". # comment",
    "sin",
    "env",
  ])("accepts %j", async (source) => {
    expect(await engine.check(source)).toBeUndefined();
  });

  test("refuses what is too big to compile", async () => {
    expect(await engine.check(Array.from({ length: 50_000 }, () => "1").join("+"))).toMatchObject({
      message: "the program nests too deeply",
    });
  });
});

test("programs that were refused give problems, not exceptions", async () => {
  const engine = new CompiledJqEngine(realJq);
  const { values, problems } = await engine.evaluatePage([".a +"], [1, 2]);
  expect(values).toEqual([[undefined, undefined]]);
  expect(problems.map(({ item }) => item)).toEqual([0, 1]);
});

test("one program on one input can be evaluated at once", () => {
  const engine = new CompiledJqEngine(realJq, { limits: { steps: 10_000 } });
  expect(engine.evaluateNow("'x' + .a", { a: "y" })).toBe("xy");
  expect(engine.evaluateNow("empty", 1)).toBeUndefined();
  expect(() => engine.evaluateNow("error", "x")).toThrow(JqError);
  expect(() => engine.evaluateNow("repeat(empty)", 1)).toThrow(JqLimitError);
  expect(() => engine.evaluateNow("sin", 1)).toThrow(JqUnsupportedError);
  expect(() => engine.evaluateNow("(", 1)).toThrow(JqSyntaxError);
});

test("what a program reads is known when it is compiled", () => {
  const engine = new CompiledJqEngine(realJq);
  expect(engine.analyze(".fields.status.name")).toMatchObject({ paths: [["fields", "status", "name"]] });
  expect(engine.analyze("sin")).toBeUndefined();
});

test("cost and failures are counted when that was asked for", async () => {
  let now = 0;
  const timings = new JqTimings();
  const engine = new CompiledJqEngine(realJq, { timings, stopwatch: () => now++ });
  await engine.evaluatePage(["."], [1]);
  expect(timings.list()).toEqual([]);
  timings.start();
  await engine.evaluatePage([".a | keys", ".", '"-5" | strptime("%Y")', "sin"], [{ a: 1 }, { a: {} }]);
  await engine.evaluatePage(["."], [1]);
  const list = timings.list();
  expect(list).toContainEqual(
    expect.objectContaining({ source: ".a | keys", evaluations: 2, failures: 1, fallBacks: 0 }),
  );
  expect(list).toContainEqual(expect.objectContaining({ source: ".", evaluations: 3, failures: 0, fallBacks: 0 }));
  expect(list).toContainEqual(expect.objectContaining({ source: "sin", evaluations: 2, failures: 2, fallBacks: 2 }));
  expect(list.find(({ source }) => source.includes("strptime"))).toMatchObject({ evaluations: 2, fallBacks: 2 });
  expect(list.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
  expect(list).toEqual(list.toSorted((left, right) => right.milliseconds - left.milliseconds));
});

test("more programs than fit are compiled again, and closing closes the fall-back", async () => {
  const fallBack = new RecordingEngine();
  const engine = new CompiledJqEngine(fallBack);
  for (let index = 0; index < 1100; index++) expect(engine.evaluateNow(`. + ${index}`, 1)).toBe(1 + index);
  expect(engine.evaluateNow(". + 0", 1)).toBe(1);
  await engine.close();
});
