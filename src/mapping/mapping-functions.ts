import { adfToMarkdown } from "../adf/adf-to-markdown.ts";
import { native, type BuiltinTable } from "../jq/builtins/builtin.ts";

/**
 * What jq can do in a mapping besides what it can do anywhere. `findField` tells the id of the field that a name means,
 * if there is one.
 */
export function toMappingFunctions(findField: (name: string) => string | undefined): BuiltinTable {
  return {
    "adf_to_markdown/0": native((input) => (input === null ? null : adfToMarkdown(input))),
    "field/1": {
      kind: "macro",
      expand: (name) => {
        const id = findField(name);
        return id === undefined ? "null" : `.fields[${JSON.stringify(id)}]`;
      },
    },
  };
}

/** For mappings that nobody has joined to a Jira yet: which field a name means is not known. */
export const UNBOUND_MAPPING_FUNCTIONS: BuiltinTable = {
  ...toMappingFunctions(() => undefined),
  "field/1": { kind: "macro", expand: () => ".fields" },
};

/** For expressions that are not in a mapping. */
export const NO_MAPPING_FUNCTIONS: BuiltinTable = Object.fromEntries(
  Object.keys(UNBOUND_MAPPING_FUNCTIONS).map((key) => [key, { kind: "refused", reason: "only mappings have it" }]),
);
