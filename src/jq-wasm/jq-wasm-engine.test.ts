import { afterAll, expect, test, vi } from "vitest";
import { JqWasmEngine } from "./jq-wasm-engine.ts";
import { JqWorker } from "./jq-worker.ts";

const engine = new JqWasmEngine();
afterAll(() => engine.close());

test("a page is evaluated column by column; only first outputs count, none and null differ", async () => {
  const result = await engine.evaluatePage(
    [".a", ".b[]?", "empty", "null", "'x' # comment"],
    [{ a: 1, b: [1, 2] }, { a: "ü" }],
  );
  expect(result).toEqual({
    values: [
      [1, "ü"],
      [1, undefined],
      [undefined, undefined],
      [null, null],
      ["x", "x"],
    ],
    problems: [],
  });
});

test("an error costs one value and says why", async () => {
  const result = await engine.evaluatePage(
    [".a | keys", ".b"],
    [
      { a: 1, b: 1 },
      { a: { k: 1 }, b: 2 },
    ],
  );
  expect(result.values).toEqual([
    [undefined, ["k"]],
    [1, 2],
  ]);
  expect(result.problems).toEqual([{ program: 0, item: 0, message: expect.stringContaining("has no keys") as string }]);
});

test("the environment is empty and nothing reaches other items of the page", async () => {
  const result = await engine.evaluatePage(["env", "$ENV", "[inputs]"], [1, 2]);
  expect(result.values.slice(0, 2)).toEqual([
    [{}, {}],
    [{}, {}],
  ]);
  expect(result.problems.map(({ message }) => message)).toEqual([
    "inputs is not available here",
    "inputs is not available here",
  ]);
});

test("a program that never ends costs its item, and the engine goes on", async () => {
  const result = await engine.evaluatePage(["if . == 2 then last(repeat(1)) else . end"], [1, 2, 3]);
  expect(result.values).toEqual([[1, undefined, 3]]);
  const message = "jq did not end within 1500 ms";
  expect(result.problems).toEqual([{ program: 0, item: 1, message, limit: "time" }]);
});

test("a program that never ends costs three deadlines and not one per item; the others give their values", async () => {
  const impatient = new JqWasmEngine({ deadlineMs: 200 });
  const inputs = [1, 2, 3, 4, 5, 6];
  const { problems } = await impatient.evaluatePage(["last(repeat(1))"], inputs);
  expect(problems.map(({ limit }) => limit)).toEqual(inputs.map(() => "time"));
  expect(problems.filter(({ message }) => message.includes("not tried again")).map(({ item }) => item)).toEqual([
    3, 4, 5,
  ]);
  await impatient.close();
});

test("a program that breaks jq down three times is left alone for ten minutes, on later pages too", async () => {
  let now = 0;
  const careful = new JqWasmEngine({ stopwatch: () => now });
  const bomb = '"x" * 1e9';
  const wasTried = async (): Promise<readonly boolean[]> => {
    const { values, problems } = await careful.evaluatePage([bomb, ". + 1"], [1, 2, 3, 4]);
    expect(values[1]).toEqual([2, 3, 4, 5]);
    expect(problems.every(({ program, limit }) => program === 0 && limit === "trap")).toBe(true);
    return problems.map(({ message }) => !message.includes("not tried again"));
  };
  expect(await wasTried()).toEqual([true, true, true, false]);
  now = 599_999;
  expect(await wasTried()).toEqual([false, false, false, false]);
  now = 600_000;
  expect(await wasTried()).toEqual([true, true, true, false]);
  await careful.close();
});

test("an output that nobody has room for ends in a limit", async () => {
  const impatient = new JqWasmEngine({ deadlineMs: 300 });
  const { problems } = await impatient.evaluatePage(["reduce range(60) as $i ([]; [., .])"], [1]);
  expect(problems).toMatchObject([{ program: 0, limit: expect.stringMatching(/time|trap/) as string }]);
  await impatient.close();
});

test("an output that is merely long costs a call of its own, up to 8 MiB", async () => {
  const patient = new JqWasmEngine({ deadlineMs: 30_000 });
  const { values, problems } = await patient.evaluatePage(['"x" * 9e6', '"x" * 3e6', "."], [1, 2]);
  expect(values.map((column) => column.map((value) => JSON.stringify(value ?? null).length))).toEqual([
    [4, 4],
    [3e6 + 2, 3e6 + 2],
    [1, 1],
  ]);
  expect(problems.map(({ program, limit }) => [program, limit])).toEqual([
    [0, "output"],
    [0, "output"],
  ]);
  await patient.close();
});

test("an error that quotes much is cut short", async () => {
  const { problems } = await engine.evaluatePage(["error([range(1e5)])"], [1]);
  expect(problems.map(({ message }) => message.length)).toEqual([1000]);
});

test("a value too deep for jq and a lone surrogate harm nobody else", async () => {
  let deep: unknown = 1;
  for (let level = 0; level < 2000; level++) deep = [deep];
  const result = await engine.evaluatePage(["type"], [1, deep as number[], "\ud800"]);
  expect(result.values).toEqual([["number", undefined, "string"]]);
});

test.each([
  [".a +", 1, 4],
  [".a |\n foo(1)", 2, 2],
  ["$x", 1, 1],
  ["input", 1, 1],
  [".a | debug", 1, 6],
  ["", 1, 1],
  ["1) | (2", 1, 2],
])("%j is refused at line %i, column %i", async (source, line, column) => {
  expect(await engine.check(source)).toMatchObject({ line, column });
});

test.each([".", "def f: 1; f", "last(repeat(1))", ".input", '{input: "debug"}', "'a' + .b", "-1", ". # comment"])(
  "%j is accepted",
  async (source) => {
    expect(await engine.check(source)).toBeUndefined();
  },
);

test("a program is checked again after jq broke down over it", async () => {
  const call = vi.spyOn(JqWorker.prototype, "call").mockResolvedValueOnce({ message: "stalled", limit: "time" });
  expect(await engine.check(".stalled")).toMatchObject({ message: "stalled" });
  expect(await engine.check(".stalled")).toBeUndefined();
  call.mockRestore();
});
