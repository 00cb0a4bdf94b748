import type { JqEngine } from "../jq/jq-engine.ts";
import type { Kind } from "../jira/kind.ts";
import { findProgramProblems } from "../mapping/check-programs.ts";
import { parseMapping, toMappingError } from "../mapping/parse-mapping.ts";
import type { MappingDocument, MappingResource } from "../model/mapping.ts";
import { InputError, type InputProblem } from "../runtime/errors.ts";

/** A resource whose selector its kind has understood. */
export interface PreparedResource {
  readonly resource: MappingResource;
  readonly kind: Kind<unknown>;
  /** What `kind.parseSelector` made of the selector. */
  readonly selector: unknown;
}

export interface PreparedMapping {
  readonly document: MappingDocument;
  readonly resources: readonly PreparedResource[];
  readonly warnings: readonly InputProblem[];
}

/**
 * Everything that can be wrong with a mapping before Jira is asked: its form, its kinds and their selectors, its jq
 * programs. Throws one InputError with all of it.
 */
export async function prepareMapping(
  source: { readonly text: string; readonly name: string; readonly unknownKeys: "refuse" | "warn" },
  services: { readonly kinds: Readonly<Record<string, Kind<unknown>>>; readonly jq: JqEngine },
): Promise<PreparedMapping> {
  const { kinds, jq } = services;
  const { document, warnings } = parseMapping(source.text, { ...source, kinds: Object.keys(kinds) });
  const problems: InputProblem[] = [];
  const resources = document.resources.flatMap((resource): PreparedResource[] => {
    const kind = kinds[resource.kind];
    if (kind === undefined) return []; // parseMapping has refused it
    try {
      return [{ resource, kind, selector: kind.parseSelector(resource.selector) }];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...toSelectorProblems(error, resource));
      return [];
    }
  });
  problems.push(...(await findProgramProblems(document, jq)));
  if (problems.length > 0) throw toMappingError(source.name, problems);
  return { document, resources, warnings };
}

/** The kind knows what is wrong; the resource knows where it stands. */
function toSelectorProblems(error: InputError, { index, selectorPositions, query }: MappingResource): InputProblem[] {
  const problems = error.problems.length > 0 ? error.problems : [{ code: "invalid_value", message: error.message }];
  return problems.map((problem) => {
    const path = problem.path ?? [];
    const position = selectorPositions[String(path[0])] ?? query.position;
    return { ...problem, path: ["resources", index, "selector", ...path], ...(position && { position }) };
  });
}
