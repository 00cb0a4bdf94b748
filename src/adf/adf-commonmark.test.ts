import { Parser } from "commonmark";
import type { Node } from "commonmark";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { adfToMarkdown } from "./adf-to-markdown.ts";

/** fast-check prints the seed and the path of a failure; `fc.assert(property, { seed, path })` repeats it. */
const RUNS = 10_000;

interface TestNode {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, string | number>>;
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, string>> }[];
  readonly content?: readonly TestNode[];
}

/** Text of one block in which every character but white space carries its style: `b` strong, `i` emphasis, `a` link. */
type StyledText = string;

const NASTY = "\\`*_{}[]()#+-.!<>&|~=:;\"'$%^@,?/ \n\t1a".split("").concat(
  "é", "ß", "故", "😀", "\u00a0", "\u200b", "1.", "2)", "---", "===", "- ", "+ ", "# ", "> ", "```", "~~~", "&amp;", "&#35;",
  "<b>", "<!--", "http://a.b/c_d", "www.a.b", "a@b.c", "[x](y)", "![x](y)", "[ ] ", "| - |", "word", " two words ", "    ",
); // prettier-ignore

const text = fc.array(fc.constantFrom(...NASTY), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));

const marks = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  {
    weight: 3,
    arbitrary: fc.subarray([
      { type: "strong" },
      { type: "em" },
      { type: "underline" },
      { type: "textColor", attrs: { color: "#ff0000" } },
      { type: "subsup", attrs: { type: "sup" } },
      { type: "link", attrs: { href: "https://example.com/a_(b)?c=d&e=f g" } },
    ]),
  },
  { weight: 1, arbitrary: fc.subarray([{ type: "code" }, { type: "link", attrs: { href: "/x" } }], { minLength: 1 }) },
);

const inline: fc.Arbitrary<TestNode> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant("text"), text, marks }) },
  { weight: 1, arbitrary: fc.constant({ type: "hardBreak" }) },
  { weight: 1, arbitrary: text.map((name) => ({ type: "mention", attrs: { id: "1", text: `@${name}` } })) },
  { weight: 1, arbitrary: fc.constant({ type: "inlineCard", attrs: { url: "https://example.com/browse/A-1?x=*y*" } }) },
  { weight: 1, arbitrary: fc.constant({ type: "emoji", attrs: { shortName: ":x:", text: "😀" } }) },
);

const inlines = fc.array(inline, { maxLength: 5 });

const { block } = fc.letrec<{ block: TestNode; leaf: TestNode }>((tie) => ({
  leaf: fc.oneof(
    { weight: 6, arbitrary: inlines.map((content) => ({ type: "paragraph", content })) },
    { weight: 1, arbitrary: fc.record({ content: inlines, level: fc.integer({ min: 1, max: 6 }) }).map(({ content, level }) => ({ type: "heading", attrs: { level }, content })) },
    { weight: 1, arbitrary: fc.array(text, { maxLength: 2 }).map((texts) => ({ type: "codeBlock", attrs: { language: "js" }, content: texts.map((code) => ({ type: "text", text: code })) })) },
    { weight: 1, arbitrary: fc.constant({ type: "rule" }) },
  ),
  block: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    { weight: 3, arbitrary: tie("leaf") },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom("bulletList", "orderedList", "decisionList"),
          fc.array(fc.array(tie("block"), { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
          fc.integer({ min: 0, max: 120 }),
        )
        .map(([type, items, order]) => ({ type, attrs: { order }, content: items.map((content) => ({ type: "listItem", content })) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom("blockquote", "panel", "expand", "layoutColumn", "somethingNew"), fc.array(tie("block"), { maxLength: 3 }))
        .map(([type, content]) => ({ type, content })),
    },
  ),
})); // prettier-ignore

const document = fc
  .array(block, { minLength: 1, maxLength: 4 })
  .map((content) => ({ type: "doc", version: 1, content }));

function style(value: string, flags: string): StyledText {
  return Array.from(value, (character) =>
    character.trim() === "" || flags === "" ? character : `${character}{${flags}}`,
  ).join("");
}

function trimLines(value: string): string {
  return value
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim();
}

/** White space at the end of lines of code shows nowhere, and Markdown drops it from lines that have nothing else. */
function trimCode(value: string): string {
  return value.replaceAll(/[ \t]+$/gm, "");
}

/** What a document says, block by block, from its nodes. */
function readDocument(node: TestNode): StyledText[] {
  switch (node.type) {
    case "paragraph":
      return nonEmpty(trimLines(readInlines(node)));
    case "heading":
      return nonEmpty(readInlines(node).replaceAll("\n", " ").trim());
    case "codeBlock":
      return [trimCode((node.content ?? []).map((child) => child.text ?? "").join(""))];
    default:
      return (node.content ?? []).flatMap(readDocument);
  }
}

function nonEmpty(value: string): string[] {
  return value === "" ? [] : [value];
}

function readInlines(node: TestNode): string {
  return (node.content ?? [])
    .map((child) => {
      if (child.type === "hardBreak") return "\n";
      const types = new Set((child.marks ?? []).map((mark) => mark.type));
      const flags = (types.has("strong") ? "b" : "") + (types.has("em") ? "i" : "") + (types.has("link") ? "a" : "");
      if (child.type === "text") return style((child.text ?? "").replaceAll("\n", " "), flags);
      const { text: own, url } = child.attrs ?? {};
      return url === undefined ? style(String(own).replaceAll("\n", " "), "") : style(String(url), "a");
    })
    .join("");
}

/** What Markdown says, block by block, according to a CommonMark parser. */
function readMarkdown(markdown: string): StyledText[] {
  const blocks: string[] = [];
  const walker = new Parser().parse(markdown).walker();
  const depths: Record<string, number> = { strong: 0, emph: 0, link: 0 };
  let current = "";
  for (let step = walker.next(); step !== null; step = walker.next()) {
    const { node, entering } = step;
    if (node.type in depths) depths[node.type] = (depths[node.type] ?? 0) + (entering ? 1 : -1);
    else if (node.type === "html_inline") countTag(node.literal ?? "", depths);
    else if (node.type === "softbreak" || node.type === "linebreak") current += "\n";
    else if (node.type === "text" || node.type === "code") current += style(node.literal ?? "", toFlags(depths));
    else if (node.type === "code_block" || node.type === "html_block")
      blocks.push(trimCode((node.literal ?? "").replace(/\n$/, "")));
    else if (!entering && isTextBlock(node)) {
      blocks.push(...nonEmpty(trimLines(current)));
      current = "";
    }
  }
  return blocks;
}

function isTextBlock(node: Node): boolean {
  return node.type === "paragraph" || node.type === "heading";
}

function countTag(tag: string, depths: Record<string, number>): void {
  const [, slash, name = ""] = /^<(\/?)(\w+)>$/.exec(tag) ?? [];
  const kind = { strong: "strong", em: "emph" }[name];
  if (kind !== undefined) depths[kind] = (depths[kind] ?? 0) + (slash === "/" ? -1 : 1);
}

function toFlags(depths: Record<string, number>): string {
  return (
    ((depths["strong"] ?? 0) > 0 ? "b" : "") +
    ((depths["emph"] ?? 0) > 0 ? "i" : "") +
    ((depths["link"] ?? 0) > 0 ? "a" : "")
  );
}

test(`a CommonMark parser reads ${RUNS} generated documents back to the same text and emphasis`, () => {
  fc.assert(
    fc.property(document, (doc) => {
      expect(readMarkdown(adfToMarkdown(doc))).toEqual(readDocument(doc));
    }),
    { numRuns: RUNS },
  );
});

test("an escape that is forgotten is caught", () => {
  const forgetful = (doc: unknown): string => adfToMarkdown(doc).replaceAll("\\", "");
  const result = fc.check(
    fc.property(document, (doc) => {
      expect(readMarkdown(forgetful(doc))).toEqual(readDocument(doc));
    }),
    { numRuns: 200 },
  );
  expect(result.failed).toBe(true);
});
