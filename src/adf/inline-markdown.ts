import { textAttribute, toNodes } from "./adf-node.ts";
import type { AdfMark, AdfNode } from "./adf-node.ts";
import { escapeText, toCodeSpan, toCodeTag, toDestination, toLink } from "./escape-markdown.ts";

/** A piece of a line with the marks it has in Markdown, outermost first. */
interface Run {
  /** Markdown already, for what stands between the marks. */
  readonly markdown: string;
  /** The text of a code span, of which `markdown` is the span. */
  readonly code?: string;
  readonly marks: readonly InlineMark[];
}

type InlineMark = { readonly type: "strong" | "em" | "strike" | "underline" | "sub" | "sup" } | LinkMark;

interface LinkMark {
  readonly type: "link";
  readonly href: string;
  readonly title: string | undefined;
}

/** From the outside in; runs that share a mark are wrapped together. */
const MARK_ORDER: readonly InlineMark["type"][] = ["link", "strong", "em", "strike", "underline", "sub", "sup"];

const DELIMITERS: Readonly<Record<string, readonly string[]>> = { strong: ["**"], em: ["_", "*"], strike: ["~~"] };

const TAGS: Readonly<Record<Exclude<InlineMark["type"], "link">, string>> = {
  strong: "strong",
  em: "em",
  strike: "del",
  underline: "u",
  sub: "sub",
  sup: "sup",
};

/** Inline nodes as lines of Markdown. Lines are separated by "\n", without what makes a break hard. */
export function toInlineMarkdown(nodes: readonly AdfNode[]): string {
  return wrapRuns(joinCode(toLeaves(nodes).flatMap(toRuns)), 0);
}

/** Whether a node stands within a line. Unknown nodes do when they are nothing but a text. */
export function isInline(node: AdfNode): boolean {
  return INLINE_TEXTS.has(node.type) || (node.text !== undefined && node.content.length === 0);
}

const ATTACHMENT = "attachment";

/** What stands in a line for every inline node that is not plain text, before escaping. */
const INLINE_TEXTS: ReadonlyMap<string, (node: AdfNode) => string> = new Map(
  Object.entries<(node: AdfNode) => string>({
    text: (node) => node.text ?? "",
    hardBreak: () => "\n",
    mention: (node) => textAttribute(node, "text") ?? `@${textAttribute(node, "id") ?? ""}`,
    emoji: (node) => textAttribute(node, "text", "shortName") ?? "",
    date: (node) => toDay(node.attrs["timestamp"]),
    status: (node) => textAttribute(node, "text") ?? "",
    placeholder: (node) => textAttribute(node, "text") ?? "",
    inlineCard: (node) => cardTarget(node) ?? "",
    inlineExtension: (node) => textAttribute(node, "text") ?? "",
    mediaInline: (node) => textAttribute(node, "alt") ?? ATTACHMENT,
    media: (node) => textAttribute(node, "alt") ?? ATTACHMENT,
  }),
);

/** The address of a card of any kind. */
export function cardTarget(node: AdfNode): string | undefined {
  const { data } = node.attrs;
  return (
    textAttribute(node, "url") ??
    (typeof data === "object" && data !== null && "url" in data && typeof data.url === "string" ? data.url : undefined)
  );
}

/** The nodes of a line. What is no inline node stands for what is in it; without recursion, for its depth has no limit. */
function toLeaves(nodes: readonly AdfNode[]): AdfNode[] {
  const leaves: AdfNode[] = [];
  const waiting = nodes.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isInline(node)) leaves.push(node);
    else for (const child of toNodes(node.content).toReversed()) waiting.push(child);
  }
  return leaves;
}

function toRuns(node: AdfNode): Run[] {
  const text = INLINE_TEXTS.get(node.type)?.(node) ?? node.text ?? "";
  const marks = toInlineMarks(node);
  switch (node.type) {
    case "hardBreak":
      return [{ markdown: "\n", marks }];
    case "inlineCard":
      return text === "" ? [] : [{ markdown: toLink(escapeText(text), text), marks: [] }];
    case "status":
      return text === "" ? [] : [{ markdown: escapeText(text), marks: [{ type: "strong" }] }];
    case "media": {
      const url = textAttribute(node, "url");
      return [{ markdown: url === undefined ? escapeText(text) : toImage(node, url), marks }];
    }
  }
  if (text === "") return [];
  const isCode = node.marks.some((mark) => mark.type === "code");
  return [isCode ? toCodeRun(text, marks) : { markdown: escapeText(text), marks }];
}

function toCodeRun(code: string, marks: readonly InlineMark[]): Run {
  // A bracket within the label of a link could make it the definition of a reference, and the line would vanish.
  const isRisky = code.includes("]") && marks.some((mark) => mark.type === "link");
  return { markdown: isRisky ? toCodeTag(code) : toCodeSpan(code), code, marks };
}

/** Two code spans in a row would be read as one with backticks in it. */
function joinCode(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const isSame =
      last?.marks.length === run.marks.length && run.marks.every((mark, index) => isSameMark(mark, last.marks[index]));
    if (last?.code !== undefined && run.code !== undefined && isSame) {
      joined.splice(-1, 1, toCodeRun(last.code + run.code, run.marks));
    } else joined.push(run);
  }
  return joined;
}

function toImage(node: AdfNode, url: string): string {
  return `![${escapeText(textAttribute(node, "alt") ?? "")}](${toDestination(url)})`;
}

function toInlineMarks(node: AdfNode): InlineMark[] {
  const marks = node.marks.map(toInlineMark).filter((mark) => mark !== undefined);
  return MARK_ORDER.flatMap((type) => marks.find((mark) => mark.type === type) ?? []);
}

/** Colours, sizes, alignment, borders and annotations have no counterpart. */
function toInlineMark({ type, attrs }: AdfMark): InlineMark | undefined {
  switch (type) {
    case "strong":
    case "em":
    case "strike":
    case "underline":
      return { type };
    case "subsup":
      return { type: attrs["type"] === "sub" ? "sub" : "sup" };
    case "link": {
      const href = textAttribute({ attrs }, "href");
      return href === undefined ? undefined : { type: "link", href, title: textAttribute({ attrs }, "title") };
    }
    default:
      return undefined;
  }
}

/** Runs of which the marks before `depth` are written already. */
function wrapRuns(runs: readonly Run[], depth: number): string {
  const groups: { readonly mark: InlineMark | undefined; readonly runs: Run[] }[] = [];
  for (const run of runs) {
    const mark = run.marks[depth];
    const last = groups.at(-1);
    if (last !== undefined && isSameMark(last.mark, mark)) last.runs.push(run);
    else groups.push({ mark, runs: [run] });
  }
  const parts = groups.map(({ mark, runs: grouped }) => ({
    mark,
    inner: mark === undefined ? grouped.map((run) => run.markdown).join("") : wrapRuns(grouped, depth + 1),
  }));
  const written: string[] = [];
  parts.forEach(({ mark, inner }, index) => {
    if (mark === undefined) {
      written.push(inner);
      return;
    }
    // A link after an exclamation mark would be an image.
    const previous = written.at(-1);
    if (mark.type === "link" && previous?.endsWith("!") === true) written.splice(-1, 1, `${previous.slice(0, -1)}\\!`);
    const next = parts[index + 1];
    const after = next === undefined ? "" : next.mark === undefined ? next.inner.slice(0, 2) : "*";
    written.push(wrap(mark, inner, written.at(-1)?.slice(-2) ?? "", after));
  });
  return written.join("");
}

function isSameMark(left: InlineMark | undefined, right: InlineMark | undefined): boolean {
  if (left?.type !== right?.type) return false;
  return left?.type !== "link" || right?.type !== "link" || (left.href === right.href && left.title === right.title);
}

/** White space at the ends is put outside: Markdown knows no emphasis that begins or ends with it. */
function wrap(mark: InlineMark, inner: string, before: string, after: string): string {
  if (mark.type === "link") return toLink(inner.replaceAll("\n", " "), mark.href, mark.title);
  const core = inner.trim();
  if (core === "") return inner;
  const leading = inner.slice(0, inner.indexOf(core));
  const trailing = inner.slice(leading.length + core.length);
  const outside = { before: leading.at(-1) ?? before, after: trailing[0] ?? after };
  const delimiter = DELIMITERS[mark.type]?.find((candidate) => isReadable(candidate, core, outside));
  const tag = TAGS[mark.type];
  const [open, close] = delimiter === undefined ? [`<${tag}>`, `</${tag}>`] : [delimiter, delimiter];
  return leading + open + core + close + trailing;
}

/**
 * Whether CommonMark takes the delimiter for emphasis between these neighbours. Where its rules turn on details of
 * Unicode the answer is no, and a tag of HTML is written instead.
 */
function isReadable(delimiter: string, core: string, outside: { before: string; after: string }): boolean {
  const character = delimiter.slice(0, 1);
  const before = toClass(outside.before.at(-1));
  const after = toClass(outside.after[0]);
  const first = toClass(core[0]);
  const last = toClass(core.at(-1));
  const isApart = [outside.before.at(-1), outside.after[0], core[0], core.at(-1)].every((near) => near !== character);
  const opens = first === "word" || (first === "punctuation" && before !== "word" && before !== "odd");
  const closes = last === "word" || (last === "punctuation" && after !== "word" && after !== "odd");
  const isBetweenWords = [before, after].some((side) => side === "word" || side === "odd");
  return isApart && opens && closes && !(character === "_" && isBetweenWords);
}

function toClass(character: string | undefined): "space" | "punctuation" | "word" | "odd" {
  if (character === undefined || character === "" || /^[ \t\n]$/.test(character)) return "space";
  if (/^[!-/:-@[-`{-~]$/.test(character)) return "punctuation";
  return /^[\p{L}\p{N}]$/u.test(character) ? "word" : "odd";
}

function toDay(timestamp: unknown): string {
  const date = new Date(Number(timestamp));
  if (!Number.isNaN(date.getTime())) return date.toISOString().slice(0, 10);
  return typeof timestamp === "string" ? timestamp : "";
}
