interface DocumentNode {
  readonly type?: string;
  readonly text?: string;
  readonly attrs?: { readonly level?: number; readonly href?: string };
  readonly marks?: readonly DocumentNode[];
  readonly content?: readonly DocumentNode[];
}

const tags: Readonly<Record<string, string>> = {
  paragraph: "p",
  bulletList: "ul",
  orderedList: "ol",
  listItem: "li",
  codeBlock: "pre",
  strong: "b",
  em: "em",
  code: "tt",
};

/** A document as a page shows it; what it does not know, it shows the text of. */
export function toHtml(document: unknown): string {
  return writeNode(document as DocumentNode); // whatever it is, its parts are looked at one by one
}

function writeNode(node: DocumentNode): string {
  if (node.type === "hardBreak") return "<br/>";
  const content = node.text === undefined ? (node.content ?? []).map(writeNode).join("") : escape(node.text);
  const marked = (node.marks ?? []).reduce(
    (html, mark) =>
      mark.type === "link" ? `<a href="${escape(mark.attrs?.href ?? "")}">${html}</a>` : wrap(mark, html),
    content,
  );
  return wrap(node, marked);
}

function wrap(node: DocumentNode, html: string): string {
  const tag = node.type === "heading" ? `h${node.attrs?.level ?? 1}` : tags[node.type ?? ""];
  return tag === undefined ? html : `<${tag}>${html}</${tag}>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
