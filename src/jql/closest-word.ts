/** The candidate that differs from what was written by a typing mistake or two, if there is one. */
export function closestWord(written: string, candidates: Iterable<string>): string | undefined {
  const word = written.toLowerCase();
  const limit = word.length < 3 ? 0 : word.length < 6 ? 1 : Math.floor(word.length / 3);
  let best: string | undefined;
  let bestCost = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestCost) continue;
    const cost = countMistakes(word, candidate.toLowerCase());
    if (cost < bestCost) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/** Letters added, dropped, replaced or swapped with their neighbour (optimal string alignment). */
function countMistakes(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= a.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const cost = Math.min(
        cell(row - 1, column) + 1,
        cell(row, column - 1) + 1,
        cell(row - 1, column - 1) + (isSame ? 0 : 1),
        isSwap ? cell(row - 2, column - 2) + 1 : Infinity,
      );
      rows[row]?.push(cost);
    }
  }
  return cell(a.length, b.length);
}
