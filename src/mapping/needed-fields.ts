import { analyzeJq } from "../jq/analyze-jq.ts";
import type { BuiltinTable } from "../jq/builtins/builtin.ts";
import { toDoubleQuotes } from "../jq/single-quotes.ts";
import type { MappingResource } from "../model/mapping.ts";
import { listPrograms } from "./check-programs.ts";
import { UNBOUND_MAPPING_FUNCTIONS } from "./mapping-functions.ts";

/**
 * Which keys below `fields` the programs of a resource read, so that Jira is asked for no others; "all" when one of them
 * looks at `fields` as a whole, or cannot be followed.
 */
export function toNeededFields(
  resource: MappingResource,
  functions: BuiltinTable = UNBOUND_MAPPING_FUNCTIONS,
): readonly string[] | "all" {
  const names = new Set<string>();
  for (const { source } of listPrograms(resource)) {
    const { paths } = analyzeJq(toDoubleQuotes(source), functions);
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
