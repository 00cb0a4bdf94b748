import type { JqTiming } from "../jq/jq-timings.ts";
import { toTextTable } from "./text-table.ts";

/** What is not among these takes next to nothing. */
const MOST_SHOWN = 30;
const MOST_CHARACTERS = 80;

/** The dearest expressions of a resync, and what they cost. */
export function toTimingReport(timings: readonly JqTiming[]): string {
  const rows = timings
    .slice(0, MOST_SHOWN)
    .map(({ source, evaluations, failures, fallBacks, milliseconds }) => [
      toLine(source),
      evaluations,
      failures,
      fallBacks,
      milliseconds.toFixed(1),
      ((1000 * milliseconds) / Math.max(1, evaluations)).toFixed(2),
    ]);
  return toTextTable(["expression", "objects", "failed", "by real jq", "ms", "us each"], rows);
}

function toLine(source: string): string {
  const line = source.replaceAll(/\s+/g, " ").trim();
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 3)}...`;
}
