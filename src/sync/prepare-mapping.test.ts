import { expect, test } from "vitest";
import { CompiledJqEngine } from "../jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { KINDS } from "../jira/kinds.ts";
import { InputError } from "../runtime/errors.ts";
import { MALFORMED_MAPPINGS } from "./malformed-mappings.fixture.ts";
import { prepareMapping } from "./prepare-mapping.ts";

const services = { kinds: KINDS, jq: new CompiledJqEngine(new JqWasmEngine()) };

/** Everything that is wrong with a mapping, as it is told. */
async function refuse(text: string): Promise<InputError | undefined> {
  try {
    await prepareMapping({ text, name: "test", unknownKeys: "refuse" }, services);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

test.each(MALFORMED_MAPPINGS)("$name: $problem", async ({ wrong, right, problem }) => {
  const refused = await refuse(wrong);
  const told = refused?.problems.map(({ code, path = [], position }) => {
    const place = position ? ` ${position.line}:${position.column}` : "";
    return `${code} ${path.join(".")}${place}`;
  });
  expect(told).toContain(problem);
  const [, place] = / (\d+:\d+)$/.exec(problem) ?? [];
  // The message begins with the place, so that whoever reads it need not search.
  if (place !== undefined) expect(refused?.message).toContain(`- line ${place.replace(":", ", column ")}: `);
  expect(await refuse(right)).toBeUndefined();
});

/** What is wrong with a mapping whose only selector has this line. */
async function problemsOf(line: string): Promise<InputError["problems"]> {
  const text = `resources:
  - kind: issue
    selector:
      query: "true"
      ${line}
    port:
      entity:
        mappings: { identifier: .key, blueprint: '"jiraIssue"' }
`;
  return (await refuse(text))?.problems ?? [];
}

test.each([
  ["plain", "jql: status = Done ADN x = 1", { line: 5, column: 26 }],
  ["in quotes", 'jql: "status = Done ADN x = 1"', { line: 5, column: 27 }],
  ["with escapes, where the value starts", String.raw`jql: "status = \"Done\" ADN x = 1"`, { line: 5, column: 12 }],
  ["on lines of its own, where the value starts", "jql: |\n        status = Done ADN x = 1", { line: 5, column: 12 }],
])("the mistake in a JQL is told at its place: %s", async (_, line, position) => {
  expect(await problemsOf(line)).toMatchObject([
    { code: "invalid_jql", path: ["resources", 0, "selector", "jql"], position, suggestion: "AND" },
  ]);
});

test("a key that a selector does not have is told where its value stands", async () => {
  expect(await problemsOf("jqll: project = AL")).toMatchObject([
    { code: "unknown_selector_key", position: { line: 5, column: 13 }, suggestion: "jql" },
  ]);
});

test("a program that asks for the environment, which is empty, is warned of at its place", async () => {
  const text = `resources:
  - kind: issue
    selector: { query: "true" }
    port:
      entity:
        mappings:
          identifier: .key
          blueprint: '"jiraIssue"'
          title: .key + env.HOME
          properties: { site: $ENV.SITE, own: '{env: .key} | .env' }
`;
  const services = { kinds: KINDS, jq: new CompiledJqEngine(new JqWasmEngine()) };
  const { warnings } = await prepareMapping({ text, name: "test", unknownKeys: "warn" }, services);
  expect(warnings).toMatchObject([
    {
      code: "empty_environment",
      position: { line: 9 },
      message: expect.stringContaining("in .key + env.HOME") as string,
    },
    { code: "empty_environment", path: ["resources", 0, "port", "entity", "mappings", "properties", "site"] },
  ]);
});
