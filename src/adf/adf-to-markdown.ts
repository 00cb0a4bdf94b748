import { isObject, textAttribute, toNode, toNodes } from "./adf-node.ts";
import type { AdfNode } from "./adf-node.ts";
import { escapeHeading, escapeLine, escapeText, longestRun, toCodeSpan, toLink } from "./escape-markdown.ts";
import { cardTarget, isInline, toInlineMarkdown } from "./inline-markdown.ts";
import { toTable } from "./table-markdown.ts";

/** Containers inside one another; deeper ones are not indented any further. */
const MAX_DEPTH = 64;

/**
 * A document in Atlassian document format as Markdown (CommonMark, with GitHub's tables, task lists and strikethrough).
 * Never throws: a string is taken for text that is Markdown already, other things that are no document give "".
 *
 * @example adfToMarkdown(issue.fields.description)
 */
export function adfToMarkdown(doc: unknown): string {
  if (typeof doc === "string") return doc;
  if (Array.isArray(doc)) return toBlocks(doc, START);
  return isObject(doc) ? toBlocks([doc], START) : "";
}

/** Where blocks stand. */
interface Place {
  readonly depth: number;
  /** A cell of a table, which is one line: breaks become tags when its lines are joined. */
  readonly isCell: boolean;
}

const START: Place = { depth: 0, isCell: false };

/** Blocks one after the other, with an empty line between them. */
function toBlocks(content: readonly unknown[], place: Place): string {
  return toBlockList(content, place).join("\n\n");
}

function toBlockList(content: readonly unknown[], place: Place): string[] {
  if (place.depth > MAX_DEPTH) return flatten(content);
  const blocks: string[] = [];
  let line: AdfNode[] = [];
  let previousType = "";
  let isOtherMarker = false;
  const add = (markdown: string): void => {
    if (markdown !== "") blocks.push(markdown);
  };
  const endLine = (): void => {
    if (line.length > 0) add(toParagraph(line, place));
    line = [];
  };
  for (const node of toNodes(content)) {
    if (isInline(node)) {
      line.push(node);
      continue;
    }
    endLine();
    // Two lists in a row would run into one; another marker keeps them apart.
    isOtherMarker = node.type === previousType && !isOtherMarker;
    previousType = node.type;
    add(toBlock(node, place, isOtherMarker));
  }
  endLine();
  return blocks;
}

function toBlock(node: AdfNode, place: Place, isOtherMarker: boolean): string {
  const inside: Place = { ...place, depth: place.depth + 1 };
  switch (node.type) {
    case "paragraph":
      return toParagraph(toNodes(node.content), place);
    case "heading":
      return toHeading(node);
    case "codeBlock":
      return toCodeBlock(node, place);
    case "rule":
      return "***";
    case "blockquote":
      return quote(toBlocks(node.content, inside));
    case "panel":
      return quote(withLabel(PANEL_LABELS.get(node.attrs["panelType"]), toBlocks(node.content, inside)));
    case "expand":
    case "nestedExpand":
      return withLabel(textAttribute(node, "title"), toBlocks(node.content, inside));
    case "bulletList":
    case "decisionList":
    case "taskList":
      return toList(node, () => (isOtherMarker ? "+ " : "- "), inside);
    case "orderedList": {
      const first = toStart(node.attrs["order"]);
      return toList(node, (index) => `${first + index}${isOtherMarker ? ")" : "."} `, inside);
    }
    case "table":
      return toTable(node, (cell) => toBlocks(cell.content, { ...inside, isCell: true }));
    case "blockCard":
    case "embedCard": {
      const url = cardTarget(node);
      return url === undefined ? "" : toLink(escapeText(url), url);
    }
    case "mediaGroup":
    case "mediaSingle":
      return toMedia(node, place);
    case "extension":
      return toParagraph([toNode({ type: "text", text: textAttribute(node, "text") ?? "" })], place);
    default:
      // doc, layoutSection, layoutColumn, bodiedExtension, bodiedSyncBlock, …, and nodes not invented yet.
      return toBlocks(node.content, inside);
  }
}

const PANEL_LABELS: ReadonlyMap<unknown, string> = new Map([
  ["info", "Info"],
  ["note", "Note"],
  ["tip", "Tip"],
  ["success", "Success"],
  ["warning", "Warning"],
  ["error", "Error"],
]);

function toParagraph(nodes: readonly AdfNode[], place: Place): string {
  const text = toInlineMarkdown(nodes).trim();
  if (text === "") return "";
  // In a cell, where no block can begin, escapes would only be in the way of those for the cell.
  return place.isCell ? text : text.split("\n").map(escapeLine).join("\\\n");
}

function toHeading(node: AdfNode): string {
  const level = Math.min(6, Math.max(1, Math.trunc(Number(node.attrs["level"])) || 1));
  const text = toInlineMarkdown(toNodes(node.content)).replaceAll("\n", " ");
  return text.trim() === "" ? "" : `${"#".repeat(level)} ${escapeHeading(text)}`;
}

function toCodeBlock(node: AdfNode, place: Place): string {
  const code = toNodes(node.content)
    .map((child) => child.text ?? "\n")
    .join("")
    .replaceAll(/\r\n?/g, "\n");
  if (place.isCell)
    return code
      .split("\n")
      .filter((line) => line !== "")
      .map(toCodeSpan)
      .join("\n");
  const language = /^[\w+#.-]+$/.exec(textAttribute(node, "language") ?? "")?.[0] ?? "";
  const fence = "`".repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}${language}\n${code}${code === "" ? "" : "\n"}${fence}`;
}

function toMedia(node: AdfNode, place: Place): string {
  const link = node.marks.find((mark) => mark.type === "link");
  const parts = toNodes(node.content).map((child) => {
    if (child.type === "caption") return toParagraph(toNodes(child.content), place);
    const markdown = toInlineMarkdown([child]);
    const href = link && textAttribute(link, "href");
    return href === undefined ? markdown : toLink(markdown, href);
  });
  return parts.filter((part) => part !== "").join("\n\n");
}

function toList(node: AdfNode, toMarker: (index: number) => string, place: Place): string {
  const items: string[] = [];
  let isTight = true;
  toNodes(node.content).forEach((child, index) => {
    const marker = toMarker(index);
    // A list within a list of tasks is a child of the list itself.
    const isBareList = child.type === "taskList";
    const blocks = isBareList ? toBlockList([node.content[index]], place) : toBlockList(child.content, place);
    const body = joinItem(blocks);
    isTight &&= !body.includes("\n\n");
    items.push(isBareList ? indent(body, "  ") : toItem(marker, toBox(child) + body));
  });
  return items.join(isTight ? "\n" : "\n\n");
}

function toItem(marker: string, body: string): string {
  const [firstLine = ""] = body.split("\n", 1);
  const inside = " ".repeat(marker.length);
  // The markers of empty items after one another would be read as a rule.
  if (/^[-+ ]+$/.test(firstLine)) return `${marker.trimEnd()}\n${indent(body, inside)}`;
  return `${marker}${body.replaceAll(/\n(?=.)/g, `\n${inside}`)}`.trimEnd();
}

function toBox(node: AdfNode): string {
  if (node.type !== "taskItem" && node.type !== "blockTaskItem") return "";
  return node.attrs["state"] === "DONE" ? "[x] " : "[ ] ";
}

/** The blocks of a list item. A list right after the first line stays close to it, where Markdown allows that. */
function joinItem(blocks: readonly string[]): string {
  const [first = "", second = "", ...rest] = blocks;
  const isClose = rest.length === 0 && !first.includes("\n") && /^(?:[-+]|1[.)]) \S/.test(second);
  return isClose ? `${first}\n${second}` : blocks.join("\n\n");
}

function toStart(order: unknown): number {
  return typeof order === "number" && Number.isInteger(order) && order >= 0 && order < 1_000_000 ? order : 1;
}

function withLabel(label: string | undefined, body: string): string {
  if (label === undefined) return body;
  const heading = `**${escapeText(label.trim())}**`;
  return body === "" ? heading : `${heading}\n\n${body}`;
}

function quote(body: string): string {
  if (body === "") return "";
  return body.replaceAll(/^.*$/gm, (line) => (line === "" ? ">" : `> ${line}`));
}

function indent(body: string, by: string): string {
  return body.replaceAll(/^(?=.)/gm, by);
}

/** The texts of content that is nested too deep to show how, without recursion. */
function flatten(content: readonly unknown[]): string[] {
  const blocks: string[] = [];
  let line: AdfNode[] = [];
  const waiting: unknown[] = content.toReversed();
  const endLine = (): void => {
    const text = line.length === 0 ? "" : toParagraph(line, START);
    if (text !== "") blocks.push(text);
    line = [];
  };
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (!isObject(value)) continue;
    const node = toNode(value);
    if (isInline(node)) {
      line.push(node);
      continue;
    }
    endLine();
    for (const child of node.content.toReversed()) waiting.push(child);
  }
  endLine();
  return blocks;
}
