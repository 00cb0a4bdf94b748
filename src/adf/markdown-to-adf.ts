import { markdownToAdf as convert } from "marklassian";
import { isObject } from "./adf-node.ts";

/** A document as Jira's REST API v3 takes it for descriptions, comments and text areas. */
export interface AdfDocument {
  readonly version: 1;
  readonly type: "doc";
  readonly content: readonly unknown[];
}

/**
 * Markdown (GitHub's, with tables, task lists and strikethrough) as an Atlassian document; the same text always gives
 * the same document.
 */
export function markdownToAdf(markdown: string): AdfDocument {
  let nextId = 1;
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((item) => !isEmptyText(item)).map(clean);
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, inner]) =>
      // The library draws ids at random; what matters is only that they differ.
      key === "localId" ? ([key, String(nextId++)] as const) : ([key, clean(inner)] as const),
    );
    return Object.fromEntries(entries);
  };
  return { version: 1, type: "doc", content: convertSafely(markdown).map(clean) };
}

function convertSafely(markdown: string): readonly unknown[] {
  try {
    return convert(markdown).content;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    // Nested so deep that the library runs out of stack, which nobody writes: the text is kept as it is.
    return [{ type: "paragraph", content: [{ type: "text", text: markdown }] }];
  }
}

/** Jira refuses texts without a character. */
function isEmptyText(node: unknown): boolean {
  return isObject(node) && node["type"] === "text" && node["text"] === "";
}
