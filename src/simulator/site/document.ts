import type { Description } from "./issue.ts";
import type { ProseBlock } from "./prose.ts";

interface DocumentNode {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly content?: unknown;
}

/** The description as wiki markup, which version 2 of the API and webhooks carry. Of a written document only the text. */
export function toWiki(description: Description | undefined, prose: readonly ProseBlock[]): string | null {
  if (description === undefined) return null;
  if (description.kind === "generated") return description.blocks.map((block) => prose[block]?.wiki).join("\n\n");
  return listContent(description.document).map(toText).join("\n\n");
}

/** Wiki markup as it came in under version 2: one paragraph per block, its markup kept as text. */
export function fromWiki(wiki: string): Description {
  const content = wiki
    .split(/\n{2,}/)
    .filter((text) => text !== "")
    .map((text) => ({ type: "paragraph", content: [{ type: "text", text }] }));
  return { kind: "document", document: { type: "doc", version: 1, content } };
}

/** Whether Jira would take the value where it wants a document. */
export function isDocument(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    value.type === "doc" &&
    "version" in value &&
    value.version === 1 &&
    "content" in value &&
    Array.isArray(value.content)
  );
}

function toText(node: DocumentNode): string {
  if (typeof node.text === "string") return node.text;
  return node.type === "hardBreak" ? "\n" : listContent(node).map(toText).join("");
}

function listContent(node: unknown): DocumentNode[] {
  if (typeof node !== "object" || node === null || !("content" in node) || !Array.isArray(node.content)) return [];
  return node.content.filter((child) => typeof child === "object" && child !== null);
}
