import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adfToMarkdown } from "./adf-to-markdown.ts";
import { markdownToAdf } from "./markdown-to-adf.ts";

type Node = Readonly<Record<string, unknown>>;

const text = (value: string, ...marks: (string | Node)[]): Node => ({
  type: "text",
  text: value,
  marks: marks.map((mark) => (typeof mark === "string" ? { type: mark } : mark)),
});
const node = (type: string, content: readonly Node[], attrs: Node = {}): Node => ({ type, attrs, content });
const paragraph = (...content: (Node | string)[]): Node =>
  node(
    "paragraph",
    content.map((part) => (typeof part === "string" ? text(part) : part)),
  );
const link = (href: string, title?: string): Node => ({ type: "link", attrs: { href, title } });
const item = (...content: Node[]): Node => node("listItem", content);
const write = (...content: Node[]): string => adfToMarkdown({ type: "doc", version: 1, content });

test.each<[string, Node, string]>([
  ["strong", text("x", "strong"), "**x**"],
  ["em", text("x", "em"), "_x_"],
  ["strike", text("x", "strike"), "~~x~~"],
  ["code", text("a`b", "code"), "``a`b``"],
  ["underline", text("x", "underline"), "<u>x</u>"],
  ["sub", text("2", { type: "subsup", attrs: { type: "sub" } }), "<sub>2</sub>"],
  ["sup", text("2", { type: "subsup", attrs: { type: "sup" } }), "<sup>2</sup>"],
  ["link", text("x", link("https://a.b")), "[x](https://a.b)"],
  ["link with a title", text("x", link("https://a.b", 'say "hi"')), '[x](https://a.b "say \\"hi\\"")'],
  ["link that shows its target", text("https://a.b/c_d", link("https://a.b/c_d")), "<https://a.b/c_d>"],
  ["link with odd characters", text("x", link("/a b(c)>")), "[x](</a b(c)\\>>)"],
  ["textColor", text("x", { type: "textColor", attrs: { color: "#ff0000" } }), "x"],
  ["annotation", text("x", { type: "annotation", attrs: { id: "1" } }), "x"],
  ["several marks", text("x", "em", "strong", "code"), "**_`x`_**"],
  ["a mark nobody knows", text("x", "sparkle"), "x"],
])("the mark %s", (_name, inline, expected) => {
  expect(write(paragraph(inline))).toBe(expected);
});

test.each<[string, Node, string]>([
  ["mention", node("mention", [], { id: "5", text: "@Ann" }), "@Ann"],
  ["mention without a name", node("mention", [], { id: "5" }), "@5"],
  ["emoji", node("emoji", [], { shortName: ":smile:", text: "😄" }), "😄"],
  ["emoji of the site", node("emoji", [], { shortName: ":our_own:" }), ":our_own:"],
  ["date", node("date", [], { timestamp: "1767225600000" }), "2026-01-01"],
  ["status", node("status", [], { text: "IN REVIEW", color: "blue" }), "**IN REVIEW**"],
  ["placeholder", node("placeholder", [], { text: "Type *here*" }), "Type \\*here\\*"],
  ["inlineCard", node("inlineCard", [], { url: "https://a.b/c" }), "<https://a.b/c>"],
  ["inlineCard with data", node("inlineCard", [], { data: { url: "https://a.b/c" } }), "<https://a.b/c>"],
  ["inlineExtension", node("inlineExtension", [], { extensionKey: "k", text: "shown" }), "shown"],
  ["mediaInline", node("mediaInline", [], { id: "1", alt: "plan.pdf" }), "plan.pdf"],
  ["an inline node not invented yet", { type: "sparkle", text: "kept" }, "kept"],
])("the inline node %s", (_name, inline, expected) => {
  expect(write(paragraph("a ", inline, " z"))).toBe(`a ${expected} z`);
});

test.each<[string, Node, string]>([
  ["heading", node("heading", [text("Title #")], { level: 3 }), "### Title \\#"],
  ["rule", node("rule", []), "***"],
  ["codeBlock", node("codeBlock", [text("a\n```\nb")], { language: "ts" }), "````ts\na\n```\nb\n````"],
  ["blockquote", node("blockquote", [paragraph("a"), paragraph("b")]), "> a\n>\n> b"],
  ["panel", node("panel", [paragraph("a")], { panelType: "warning" }), "> **Warning**\n>\n> a"],
  ["custom panel", node("panel", [paragraph("a")], { panelType: "custom" }), "> a"],
  ["expand", node("expand", [paragraph("a")], { title: "More" }), "**More**\n\na"],
  ["nestedExpand", node("nestedExpand", [paragraph("a")], { title: "" }), "a"],
  ["bulletList", node("bulletList", [item(paragraph("a")), item(paragraph("b"))]), "- a\n- b"],
  ["orderedList", node("orderedList", [item(paragraph("a")), item(paragraph("b"))], { order: 9 }), "9. a\n10. b"],
  ["taskList", node("taskList", [node("taskItem", [text("a")], { state: "DONE" }), node("taskItem", [text("b")], { state: "TODO" })]), "- [x] a\n- [ ] b"],
  ["taskList in a taskList", node("taskList", [node("taskItem", [text("a")]), node("taskList", [node("taskItem", [text("b")])])]), "- [ ] a\n  - [ ] b"],
  ["blockTaskItem", node("taskList", [node("blockTaskItem", [paragraph("a")], { state: "TODO" })]), "- [ ] a"],
  ["decisionList", node("decisionList", [node("decisionItem", [text("a")])]), "- a"],
  ["layoutSection", node("layoutSection", [node("layoutColumn", [paragraph("a")]), node("layoutColumn", [paragraph("b")])]), "a\n\nb"],
  ["mediaSingle of another site", node("mediaSingle", [node("media", [], { type: "external", url: "https://a.b/c.png", alt: "a cat" })]), "![a cat](https://a.b/c.png)"],
  ["mediaSingle with a caption", node("mediaSingle", [node("media", [], { type: "file", id: "1" }), node("caption", [text("Fig. 1")])]), "attachment\n\nFig. 1"],
  ["mediaSingle with a link", { ...node("mediaSingle", [node("media", [], { alt: "logo" })]), marks: [link("/x")] }, "[logo](/x)"],
  ["mediaGroup", node("mediaGroup", [node("media", [], { alt: "a.txt" }), node("media", [], { alt: "b.txt" })]), "a.txt\n\nb.txt"],
  ["blockCard", node("blockCard", [], { url: "https://a.b" }), "<https://a.b>"],
  ["embedCard", node("embedCard", [], { url: "https://a.b" }), "<https://a.b>"],
  ["extension", node("extension", [], { extensionKey: "toc", text: "Contents" }), "Contents"],
  ["bodiedExtension", node("bodiedExtension", [paragraph("a")], { extensionKey: "k" }), "a"],
  ["bodiedSyncBlock", node("bodiedSyncBlock", [paragraph("a")]), "a"],
  ["syncBlock", node("syncBlock", []), ""],
  ["a block not invented yet", node("sparkle", [paragraph("a")]), "a"],
  ["a block not invented yet, with text in it", node("sparkle", [text("a")]), "a"],
])("the node %s", (_name, block, expected) => {
  expect(write(block)).toBe(expected);
}); // prettier-ignore

const spec = process.env["QUAYSIDE_SPEC"];

test.skipIf(spec === undefined)("every node and mark of the schema has a row above (needs QUAYSIDE_SPEC)", () => {
  const schema = readFileSync(join(spec ?? "", "jira", "adf-full-v1.json"), "utf8");
  const own = readFileSync(import.meta.filename, "utf8");
  const names = [...schema.matchAll(/"type":\s*\{\s*"enum":\s*\[\s*"(\w+)"\s*\]/g)].map(([, name = ""]) => name);
  /** Looks only: their text is what is shown; media files show as such within their frames. */
  const plain = [
    "alignment",
    "backgroundColor",
    "border",
    "breakout",
    "dataConsumer",
    "fontSize",
    "fragment",
    "indentation",
  ];
  const missing = names.filter((name) => !plain.includes(name) && !own.includes(`"${name}`));
  expect(names).toContain("nestedExpand");
  expect(missing).toEqual([]);
});

test("tables are GitHub's, one line a row, with breaks in cells as tags", () => {
  const cell = (...content: Node[]): Node => node("tableCell", content);
  const header = (value: string): Node => node("tableHeader", [paragraph(value)]);
  const code = node("codeBlock", [text("x | y\nz")]);
  const list = node("bulletList", [item(paragraph("p")), item(paragraph("q"))]);
  const table = node("table", [
    node("tableRow", [header("A|B"), header("C")]),
    node("tableRow", [cell(paragraph("a", { type: "hardBreak" }, "b"), paragraph("c")), cell(code)]),
    node("tableRow", [node("tableCell", [list], { colspan: 2 })]),
  ]);
  expect(write(table)).toBe(
    ["| A\\|B | C |", "| --- | --- |", "| a<br>b<br>c | `x \\| y`<br>`z` |", "| - p<br>- q |  |"].join("\n"),
  );
});

test("pipes and backslashes in cells are read back as they were", () => {
  const values = ["a|b", "a\\|b", "\\\\||", "|-|", "`|`"].flatMap((value) => [text(value), text(value, "code")]);
  const row = node(
    "tableRow",
    values.map((inline) => node("tableCell", [paragraph(inline)])),
  );
  const readBack = JSON.stringify(markdownToAdf(write(node("table", [row]))));
  const texts = [...readBack.matchAll(/"text":("(?:[^"\\]|\\.)*")/g)].map(([, word = ""]): unknown => JSON.parse(word));
  expect(texts.join("")).toBe(values.map((inline) => inline["text"]).join(""));
});

test("a table without a header gets an empty one", () => {
  const row = node("tableRow", [node("tableCell", [paragraph("a")]), node("tableCell", [])]);
  expect(write(node("table", [row]))).toBe("|  |  |\n| --- | --- |\n| a |  |");
  expect(write(node("table", []))).toBe("");
});

test.each([
  ["1. not a list", "1\\. not a list"],
  ["# not a heading", "\\# not a heading"],
  ["#hash", "#hash"],
  ["- x", "\\- x"],
  ["-5", "-5"],
  ["> x", "\\> x"],
  ["snake_case_name _x_", "snake_case_name \\_x\\_"],
  ["5 * 3 [a](b) <b> `c` ~~d~~", "5 \\* 3 \\[a\\](b) \\<b> \\`c\\` \\~\\~d\\~\\~"],
  ["AT&T &amp; R&D costs", "AT&T \\&amp; R&D costs"],
  ["C:\\temp", "C:\\\\temp"],
  ["  spaces at the ends  ", "spaces at the ends"],
])("the text %j is written %j", (value, expected) => {
  expect(write(paragraph(value))).toBe(expected);
});

test("lines stay lines, and each is guarded against being a block", () => {
  expect(write(paragraph({ type: "hardBreak" }, "a", { type: "hardBreak" }, "- b", { type: "hardBreak" }))).toBe(
    "a\\\n\\- b",
  );
});

test("emphasis that Markdown would not see is written as tags", () => {
  expect(write(paragraph("a", text("(b)", "strong"), "c"))).toBe("a<strong>(b)</strong>c");
  expect(write(paragraph("a ", text(" b ", "strong"), " c"))).toBe("a  **b**  c");
});

test("a link after an exclamation mark is no image", () => {
  expect(write(paragraph("Look!", text("here", link("/x"))))).toBe("Look\\![here](/x)");
});

test("lists in a row do not run into one another", () => {
  const list = node("bulletList", [item(paragraph("a"))]);
  expect(write(list, list, list)).toBe("- a\n\n+ a\n\n- a");
});

test("a list in a list follows its line", () => {
  const inner = node("orderedList", [item(paragraph("b"))]);
  expect(write(node("bulletList", [item(paragraph("a"), inner), item(paragraph("c"))]))).toBe("- a\n  1. b\n- c");
});

test.each([
  [undefined, ""],
  [null, ""],
  [5, ""],
  ["h1. wiki *markup*", "h1. wiki *markup*"],
  [[paragraph("a"), paragraph("b")], "a\n\nb"],
  [paragraph("a"), "a"],
  [{ type: "doc", content: "x" }, ""],
  [{ type: "doc", content: [null, 5, [], { type: 7 }, { text: "kept", marks: [null, { type: 1 }] }] }, "kept"],
  [node("heading", [text("h")], { level: "many" }), "# h"],
  [node("constructor", [node("toString", [text("a")])]), "a"],
  [node("panel", [paragraph("a")], { panelType: "constructor" }), "> a"],
])("%j is no reason to throw", (value, expected) => {
  expect(adfToMarkdown(value)).toBe(expected);
});

test("ten thousand levels keep their text", () => {
  let blocks = paragraph("deep");
  let inlines: Node = text("deep");
  for (let level = 0; level < 10_000; level++) {
    blocks = level % 2 === 0 ? node("blockquote", [blocks]) : node("bulletList", [item(blocks)]);
    inlines = node(level % 2 === 0 ? "paragraph" : "sparkle", [inlines]);
  }
  expect(adfToMarkdown(blocks)).toMatch(/deep$/);
  expect(adfToMarkdown(inlines)).toBe("deep");
});

test("five megabytes of the worst text are written whole", () => {
  const mega = (unit: string): string => unit.repeat(Math.ceil(5_000_000 / unit.length));
  expect(write(paragraph(mega("_*[")))).toHaveLength(mega("_*[").length * 2);
  expect(write(paragraph(`a${mega(" ")}b`))).toHaveLength(5_000_002);
  expect(write(node("codeBlock", [text(mega("`"))]))).toHaveLength(3 * 5_000_000 + 4);
  expect(write(node("heading", [text(`${mega("#")}x`)]))).toHaveLength(5_000_003);
  expect(write(paragraph(text(` ${mega("a")}`, "code")))).toHaveLength(5_000_003);
  const many = Array.from({ length: 100_000 }, (_, index) =>
    text("some words of text that is long enough, ", ...(index % 2 === 0 ? [] : ["strong"])),
  );
  expect(write(paragraph(...many)).length).toBeGreaterThan(4_000_000);
});

const corpus = process.env["QUAYSIDE_CORPUS"];

test.skipIf(corpus === undefined)("descriptions of real issues are readable (needs QUAYSIDE_CORPUS)", () => {
  const file = join(corpus ?? "", "issue_cloud.jsonl");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  const descriptions = lines.map((line): unknown => {
    // The corpus holds issues as Jira sent them.
    const { data } = JSON.parse(line) as { data: { fields: { description: unknown } } };
    return data.fields.description;
  });
  expect(descriptions.length).toBeGreaterThan(0);
  for (const description of descriptions) {
    const markdown = adfToMarkdown(description);
    for (const [, word = ""] of JSON.stringify(description).matchAll(/"text":"(\w+)/g))
      expect(markdown).toContain(word);
    expect(markdown === "").toBe(description === null);
  }
});
