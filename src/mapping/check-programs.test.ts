import { afterAll, expect, test } from "vitest";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { findProgramProblems, listPrograms } from "./check-programs.ts";
import { toDefaultMapping } from "./default-mapping.ts";
import { parseMapping } from "./parse-mapping.ts";

const DEFAULT_MAPPING = toDefaultMapping("cloud");

const jq = new JqWasmEngine();
afterAll(() => jq.close());

const parse = (text: string) =>
  parseMapping(text, { kinds: ["project", "user", "team", "issue"], unknownKeys: "refuse", name: "test" }).document;

test.each(["cloud", "cloud-with-teams", "server"] as const)(
  "every program of the default mapping (%s) is valid",
  async (variant) => {
    const document = parse(toDefaultMapping(variant));
    expect(document.resources.flatMap(listPrograms).length).toBeGreaterThan(30);
    expect(await findProgramProblems(document, jq)).toEqual([]);
  },
);

test.each([
  ["a plain program", ".fields | map(", 12, 22],
  ["a quoted one", "'.fields | map('", 12, 23],
])("the problem of %s stands where the program is broken", async (_, source, line, firstColumn) => {
  const broken = DEFAULT_MAPPING.replace("title: .name", `title: ${source}`);
  const [problem, ...others] = await findProgramProblems(parse(broken), jq);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    code: "invalid_jq",
    path: ["resources", 0, "port", "entity", "mappings", "title"],
    position: { line: line - 1 },
  });
  expect(problem?.position?.column).toBeGreaterThan(firstColumn - 6);
  expect(problem?.message).toContain("in .fields | map(");
});

test("a program over several lines keeps its own coordinates in the message", async () => {
  const broken = DEFAULT_MAPPING.replace("title: .name", "title: |\n            .name |\n            map(");
  const [problem] = await findProgramProblems(parse(broken), jq);
  expect(problem?.message).toMatch(/\(line \d+, column \d+ of the expression\)/);
});
