import { toNodes } from "./adf-node.ts";
import type { AdfNode } from "./adf-node.ts";

/** A table in GitHub's notation. Cells are one line; a cell over several columns is followed by empty ones. */
export function toTable(table: AdfNode, toCell: (cell: AdfNode) => string): string {
  const rows = toNodes(table.content).map((row) => {
    const cells = toNodes(row.content);
    return {
      isHeader: cells.length > 0 && cells.every((cell) => cell.type === "tableHeader"),
      cells: cells.flatMap((cell) => [toOneLine(toCell(cell)), ...fillers(cell)]),
    };
  });
  const width = rows.reduce((widest, row) => Math.max(widest, row.cells.length), 0);
  if (width === 0) return "";
  const first = rows[0];
  // Tables need a header; where the document has none, it is empty.
  const [header, body] = first?.isHeader === true ? [first.cells, rows.slice(1)] : [[], rows];
  const write = (cells: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, index) => cells[index] ?? "").join(" | ")} |`;
  return [write(header), `|${" --- |".repeat(width)}`, ...body.map((row) => write(row.cells))].join("\n");
}

/** More columns than any table has would only be an attack. */
const MAX_SPAN = 100;

function fillers(cell: AdfNode): string[] {
  const span = cell.attrs["colspan"];
  return typeof span === "number" && span > 1 ? Array<string>(Math.min(Math.trunc(span), MAX_SPAN) - 1).fill("") : [];
}

function toOneLine(markdown: string): string {
  const lines = markdown.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .join("<br>")
    .replaceAll("|", "\\|");
}
