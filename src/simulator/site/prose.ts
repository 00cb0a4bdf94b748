import { createRandom } from "../random.ts";
import { words } from "./vocabulary.ts";

/** A block of a description in the two bodies Jira knows: a node of the document format, and wiki markup. */
export interface ProseBlock {
  readonly node: unknown;
  readonly wiki: string;
}

export const blockPoolSize = 1024;

export function generateProse(seed: number): ProseBlock[] {
  return Array.from({ length: blockPoolSize }, (_, index) => generateBlock(seed, index));
}

function generateBlock(seed: number, index: number): ProseBlock {
  const random = createRandom(seed);
  const sentence = (part: number): string => {
    const start = random(index, 601 + part) % words.length;
    const length = 12 + (random(index, 621 + part) % 24);
    const text = Array.from({ length }, (_, place) => words[(start + place * 7) % words.length]).join(" ");
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  };
  const text = (value: string): { type: "text"; text: string } => ({ type: "text", text: value });
  const paragraph = (...content: unknown[]): unknown => ({ type: "paragraph", content });
  const first = sentence(0);
  const second = sentence(1);
  switch (index % 16) {
    case 3:
      return {
        node: { type: "heading", attrs: { level: 2 }, content: [text("Steps to reproduce")] },
        wiki: "h2. Steps to reproduce",
      };
    case 5:
      return {
        node: {
          type: "bulletList",
          content: [first, second].map((item) => ({ type: "listItem", content: [paragraph(text(item))] })),
        },
        wiki: `* ${first}\n* ${second}`,
      };
    case 9:
      return {
        node: {
          type: "codeBlock",
          attrs: { language: "sh" },
          content: [text(`curl -s "https://example.com/${index}"`)],
        },
        wiki: `{code:sh}curl -s "https://example.com/${index}"{code}`,
      };
    case 11: {
      const href = `https://example.com/wiki/${index}?from=jira`;
      return {
        node: paragraph(
          { ...text("Background"), marks: [{ type: "strong" }] },
          { type: "hardBreak" },
          { ...text(href), marks: [{ type: "link", attrs: { href } }] },
          text(` – ${first}`),
        ),
        wiki: `*Background*\n[${href}] – ${first}`,
      };
    }
    default:
      return { node: paragraph(text(`${first} ${second}`)), wiki: `${first} ${second}` };
  }
}
