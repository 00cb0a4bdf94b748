import { describe, expect, test } from "vitest";
import { toDefaultMappingDocument } from "../mapping/default-mapping.ts";
import { InputError, type InputProblem } from "../runtime/errors.ts";
import { silentLogger, type Logger } from "../runtime/logger.ts";
import { readSavedMapping } from "./read-saved-mapping.ts";

const warnings: string[] = [];
const logger: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) };

function problemsOf(source: Parameters<typeof readSavedMapping>[0], type = "jira"): readonly InputProblem[] {
  try {
    readSavedMapping(source, type, logger);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const resource = {
  kind: "issue",
  selector: { query: "true", jql: "project = A" },
  port: { entity: { mappings: { identifier: ".key", blueprint: '"jiraIssue"' } } },
};

describe("a mapping of Jira", () => {
  test.each(["cloud", "server"] as const)("the default one for %s is taken as it is", (variant) => {
    const document = toDefaultMappingDocument(variant);
    expect(readSavedMapping(document, "jira")).toEqual(document);
  });

  test("one without resources yet is taken", () => {
    for (const config of [{}, { resources: [] }, { deleteDependentEntities: true }, "resources: []"]) {
      expect(problemsOf(config)).toEqual([]);
    }
  });

  test("one with keys that nobody reads is refused with their paths", () => {
    const document = { resourcse: [], resources: [{ ...resource, port: { ...resource.port, itemsToparse: "." } }] };
    expect(problemsOf(document).map(({ path }) => path)).toEqual([
      ["resourcse"],
      ["resources", 0, "port", "itemsToparse"],
    ]);
    expect(problemsOf(document)[0]).not.toHaveProperty("position");
  });

  test("one that comes as YAML is refused with line and column", () => {
    const text =
      "resources:\n  - kind: issues\n    selector:\n      query: 'true'\n    port:\n      entity:\n        mapping: {}\n";
    expect(problemsOf(text)).toMatchObject([
      { position: { line: 2, column: 11 }, suggestion: "issue" },
      { position: { line: 7, column: 9 }, suggestion: "mappings" },
      { position: { line: 7, column: 9 }, code: "missing_value" },
    ]);
    expect(problemsOf("resources: [")).toMatchObject([{ position: { line: 1 } }]);
  });
});

describe("its programs", () => {
  const toText = (title: string): string =>
    `resources:\n  - kind: issue\n    selector: { query: "true" }\n    port:\n      entity:\n        mappings:\n          identifier: .key\n          blueprint: '"jiraIssue"'\n          title: ${title}\n`;

  test.each([
    [".key | debug", 25, "debug is not available: an expression cannot reach outside of itself"],
    [".a | [inputs]", 24, "inputs is not available: an expression sees one object only"],
    [".fields | if . then halt else . end", 38, "halt is not available"],
    [".key + (", 26, ""],
  ])("%s is refused at its place", (program, column, message) => {
    expect(problemsOf(toText(program))).toMatchObject([
      {
        code: "invalid_jq",
        path: ["resources", 0, "port", "entity", "mappings", "title"],
        position: { line: 9, column },
        message: expect.stringContaining(message) as string,
      },
    ]);
  });

  test("one that asks for the environment is taken with a warning that names it", () => {
    for (const program of ["env.HOME", "$ENV.PATH"]) expect(problemsOf(toText(program))).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/`title` asks for the environment .* in env\.HOME/),
      expect.stringMatching(/`title` asks for the environment .* in \$ENV\.PATH/),
    ]);
  });

  test("functions of our own, and what only real jq can judge, are taken", () => {
    for (const program of ['field("Story points")', ".a | sin", ".a | adf_to_markdown"]) {
      expect(problemsOf(toText(program))).toEqual([]);
    }
  });
});

test("what other integrations map is their own business, but must be a mapping", () => {
  expect(readSavedMapping({ anything: [1] }, "K8S EXPORTER")).toEqual({ anything: [1] });
  expect(readSavedMapping("a: {b: 1}", "github")).toEqual({ a: { b: 1 } });
  expect(problemsOf("- a", "github")).toHaveLength(1);
});
