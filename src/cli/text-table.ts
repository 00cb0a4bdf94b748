const graphemes = new Intl.Segmenter();

/** Columns padded to their widest cell; the first is text, the others are numbers and stand to the right. */
export function toTextTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows.map((row) => row.map(toCell))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ""))));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        const padding = " ".repeat(Math.max(0, (widths[column] ?? 0) - width(cell)));
        return column === 0 ? cell + padding : padding + cell;
      })
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((size) => "-".repeat(size)).join("  ");
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function toCell(value: string | number): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : value;
}

function width(text: string): number {
  return [...graphemes.segment(text)].length;
}
