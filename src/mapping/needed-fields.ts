import { analyzeJq } from "../jq/analyze-jq.ts";
import { toDoubleQuotes } from "../jq/single-quotes.ts";
import type { MappingResource } from "../model/mapping.ts";
import { listPrograms } from "./check-programs.ts";

/**
 * Which keys below `fields` the programs of a resource read, so that Jira is asked for no others; "all" when one of them
 * looks at `fields` as a whole, or cannot be followed.
 */
export function toNeededFields(resource: MappingResource): readonly string[] | "all" {
  const names = new Set<string>();
  for (const { source } of listPrograms(resource)) {
    const { paths } = analyzeJq(toDoubleQuotes(source));
    if (paths === "all") return "all";
    for (const [top, name] of paths) {
      if (top === undefined) return "all";
      if (top !== "fields") continue;
      if (typeof name !== "string") return "all";
      names.add(name);
    }
  }
  return [...names].toSorted();
}
