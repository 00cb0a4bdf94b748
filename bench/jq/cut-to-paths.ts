import type { JqAnalysis } from "../../src/jq/analyze-jq.ts";
import type { JqValue } from "../../src/jq/jq-engine.ts";

/** The value without the fields that no path leads to or through; lists stay whole. */
export function cutToPaths(value: JqValue, paths: JqAnalysis["paths"]): JqValue {
  if (paths === "all" || paths.some((path) => path.length === 0)) return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).flatMap(([key, child]): [string, JqValue][] => {
    const below = paths.filter(([first]) => first === key).map(([, ...rest]) => rest);
    return below.length === 0 ? [] : [[key, cutToPaths(child, below)]];
  });
  return Object.fromEntries(kept);
}
