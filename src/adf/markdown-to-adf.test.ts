import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { adfToMarkdown } from "./adf-to-markdown.ts";
import { markdownToAdf } from "./markdown-to-adf.ts";

const SAMPLE = `# Title

A **bold** and _soft_ word, ~~gone~~, \`code\` and [a link](https://example.com).

- one
  - two
- three

1. first
2. second

- [x] done
- [ ] open

> quoted

\`\`\`ts
const a = "b";
\`\`\`

| A | B |
| --- | --- |
| a | b |

***

last line\\
and its break`;

test("what Markdown says survives the way to a document and back", () => {
  expect(adfToMarkdown(markdownToAdf(SAMPLE))).toBe(SAMPLE);
});

test("the same Markdown always gives the same document", () => {
  expect(markdownToAdf("- [ ] a\n- [x] b")).toEqual(markdownToAdf("- [ ] a\n- [x] b"));
});

test("no text is empty, which Jira would refuse", () => {
  expect(markdownToAdf("")).toEqual({ version: 1, type: "doc", content: [] });
  expect(JSON.stringify(markdownToAdf("****\n\n[](x)\n\n`` ` ``\n\n| |\n|-|"))).not.toContain('"text":""');
});

test("nesting without end is kept as text", () => {
  const markdown = `${"> ".repeat(20_000)}x`;
  expect(markdownToAdf(markdown).content).toEqual([{ type: "paragraph", content: [{ type: "text", text: markdown }] }]);
});

const spec = process.env["QUAYSIDE_SPEC"];

test
  .skipIf(spec === undefined)
  .each([SAMPLE, "", "a `b` **c `d`** ![e](https://f.g/h.png)\n\n<b>html</b>\n\n* * *\n\n- a\n\n  b"])(
  "%j gives a document that Jira's schema allows (needs QUAYSIDE_SPEC)",
  (markdown) => {
    const schema: unknown = JSON.parse(readFileSync(join(spec ?? "", "jira", "adf-full-v1.json"), "utf8"));
    // The file is a JSON schema.
    const validate = new Ajv({ strict: false, schemaId: "$id", meta: false, validateSchema: false }).compile(
      schema as object,
    );
    expect([validate(markdownToAdf(markdown)), validate.errors]).toEqual([true, null]);
  },
);
