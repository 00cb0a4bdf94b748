import { expect, test } from "vitest";
import { InputError, type InputProblem } from "../runtime/errors.ts";
import { toDefaultMapping } from "./default-mapping.ts";
import { parseMapping } from "./parse-mapping.ts";

const DEFAULT_MAPPING = toDefaultMapping("cloud");

const KINDS = ["project", "user", "issue"];

const parse = (text: string, unknownKeys: "refuse" | "warn" = "refuse") =>
  parseMapping(text, { kinds: KINDS, unknownKeys, name: "mapping.yaml" });

function problemsOf(text: string): readonly InputProblem[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error("the mapping was accepted");
}

const MINIMAL = `resources:
  - kind: issue
    selector:
      query: "true"
      jql: project = AL
    port:
      entity:
        mappings:
          identifier: .key
          title: 5
          blueprint: '"jiraIssue"'
          properties:
            status: .fields.status.name
          relations:
            project:
              combinator: '"and"'
              rules:
                - { property: '"$title"', operator: '"="', value: .fields.project.name }
`;

test("every part of a mapping is read, with the reference's defaults where it is silent", () => {
  const { document, warnings } = parse(MINIMAL);
  expect(warnings).toEqual([]);
  expect(document).toMatchObject({
    enableMergeEntity: true,
    createMissingRelatedEntities: true,
    deleteDependentEntities: true,
    entityDeletionThreshold: undefined,
    resources: [
      {
        index: 0,
        kind: "issue",
        selector: { jql: "project = AL" },
        query: { source: "true" },
        mappings: [
          {
            identifier: { source: ".key", position: { line: 9, column: 23 }, isVerbatim: true },
            title: { source: "5" },
            blueprint: { source: '"jiraIssue"' },
            properties: { status: { source: ".fields.status.name" } },
            relations: {
              project: { combinator: { source: '"and"' }, rules: [{ value: { source: ".fields.project.name" } }] },
            },
          },
        ],
        itemsToParseName: "item",
        itemsToParseTopLevelTransform: true,
      },
    ],
  });
  expect(document.resources[0]?.selectorPositions).toEqual({ jql: { line: 5, column: 12, textColumn: 12 } });
});

test("the default mapping and the same as JSON give the same document", () => {
  const fromYaml = parse(DEFAULT_MAPPING).document;
  expect(fromYaml.resources.map(({ kind }) => kind)).toEqual(["project", "user", "issue"]);
  const simple =
    '{"resources":[{"kind":"user","selector":{"query":"true"},"port":{"entity":{"mappings":{"identifier":".accountId","blueprint":"\\"jiraUser\\""}}}}]}';
  expect(parse(simple).document.resources[0]?.mappings[0]?.blueprint.source).toBe('"jiraUser"');
});

test("a list of mappings gives one entity each", () => {
  const text = MINIMAL.replace(
    /mappings:[\s\S]*/,
    `mappings:
          - { identifier: .key, blueprint: '"a"' }
          - { identifier: .id, blueprint: '"b"' }
`,
  );
  expect(parse(text).document.resources[0]?.mappings.map(({ identifier }) => identifier)).toMatchObject([
    { source: ".key" },
    { source: ".id" },
  ]);
});

const MISTAKES: readonly (readonly [string, string, readonly (string | number)[] | undefined, number | undefined])[] = [
  ["", "missing_value", [], undefined],
  ["resources: [", "invalid_yaml", undefined, 1],
  ["- a", "invalid_value", [], 1],
  ["resources: {}", "invalid_value", ["resources"], 1],
  ["resources: []", "missing_value", ["resources"], 1],
  [MINIMAL.replace("kind: issue", "kind: isue"), "unknown_kind", ["resources", 0, "kind"], 2],
  [MINIMAL.replace("kind: issue", "kynd: issue"), "unknown_key", ["resources", 0, "kynd"], 2],
  [MINIMAL.replace("kind: issue", "kind: [issue]"), "invalid_value", ["resources", 0, "kind"], 2],
  [MINIMAL.replace('      query: "true"\n', ""), "missing_value", ["resources", 0, "selector", "query"], 4],
  [MINIMAL.replace('query: "true"', "query: [1]"), "invalid_value", ["resources", 0, "selector", "query"], 4],
  [
    MINIMAL.replace("identifier: .key\n", "identifier:\n"),
    "missing_value",
    ["resources", 0, "port", "entity", "mappings", "identifier"],
    9,
  ],
  [
    MINIMAL.replace("status: .fields.status.name", "status: { a: 1 }"),
    "invalid_value",
    ["resources", 0, "port", "entity", "mappings", "properties", "status"],
    13,
  ],
  [
    MINIMAL.replace("property: '\"$title\"', ", ""),
    "missing_value",
    ["resources", 0, "port", "entity", "mappings", "relations", "project", "rules", 0, "property"],
    18,
  ],
  [`enableMergeEntity: yes\n${MINIMAL}`, "invalid_value", ["enableMergeEntity"], 1],
  [`entityDeletionThreshold: 2\n${MINIMAL}`, "invalid_value", ["entityDeletionThreshold"], 1],
  [`resourses: []\n${MINIMAL}`, "unknown_key", ["resourses"], 1],
  [`a: 1\na: 2\n${MINIMAL}`, "invalid_yaml", undefined, 2],
];

test.each(MISTAKES.map((row, index) => [index, ...row] as const))(
  "mistake %s is refused with its code, path and line",
  (_, text, code, path, line) => {
    const found = problemsOf(text).find((problem) => problem.code === code);
    expect(found).toMatchObject({ code, ...(path && { path }) });
    expect(found?.position?.line).toBe(line);
  },
);

test("all problems are told at once, each on its line with what to do", () => {
  const text = MINIMAL.replace("kind: issue", "kind: isue").replace("identifier: .key", "idntifier: .key");
  expect(() => parse(text)).toThrow(
    [
      "The mapping (mapping.yaml) cannot be used:",
      '- line 2, column 11: "isue" is not a kind that can be read: did you mean "issue"?',
      '- line 9, column 11: "idntifier" means nothing here: did you mean "identifier"?',
      "- line 9, column 11: the mapping must have an `identifier`",
    ].join("\n"),
  );
});

test("unknown keys of a stored mapping are warned of, with the word that was meant", () => {
  const { warnings } = parse(MINIMAL.replace("port:", "prot: 1\n    port:"), "warn");
  expect(warnings).toMatchObject([
    { code: "unknown_key", path: ["resources", 0, "prot"], suggestion: "port", position: { line: 6 } },
  ]);
});

test("a program knows whether its columns are those of the line", () => {
  const read = (value: string) => {
    const text = MINIMAL.replace("identifier: .key", `identifier: ${value}`);
    return parse(text).document.resources[0]?.mappings[0]?.identifier;
  };
  expect(read("'.key'")).toMatchObject({ source: ".key", isVerbatim: true });
  expect(read('".key + \\"x\\""')).toMatchObject({ source: '.key + "x"', isVerbatim: false });
  expect(read("|\n            .key")).toMatchObject({ source: ".key\n", isVerbatim: false });
});
