import type { JqEngine } from "../jq/jq-engine.ts";
import type { Kind } from "../jira/kind.ts";
import { findEnvironmentUses, findProgramProblems } from "../mapping/check-programs.ts";
import { parseMapping, toMappingError } from "../mapping/parse-mapping.ts";
import type { MappingDocument, MappingResource, SelectorPosition } from "../model/mapping.ts";
import { InputError, type InputProblem, type Position } from "../runtime/errors.ts";

/** A resource whose selector its kind has understood. */
export interface PreparedResource {
  readonly resource: MappingResource;
  readonly kind: Kind<unknown>;
  /** What `kind.parseSelector` made of the selector. */
  readonly selector: unknown;
}

/** A resource with a mistake of its own: it is left out, and the others run. */
export interface BrokenMapping {
  readonly resource: MappingResource;
  readonly problems: readonly InputProblem[];
}

export interface PreparedMapping {
  readonly document: MappingDocument;
  readonly resources: readonly PreparedResource[];
  readonly broken: readonly BrokenMapping[];
  readonly warnings: readonly InputProblem[];
}

/**
 * Everything that can be wrong with a mapping before Jira is asked. A mistake in its form, or a kind that there is not,
 * is thrown as one InputError; so are mistakes in selectors and jq programs if they leave no resource that can run.
 */
export async function prepareMapping(
  source: { readonly text: string; readonly name: string; readonly unknownKeys: "refuse" | "warn" },
  services: { readonly kinds: Readonly<Record<string, Kind<unknown>>>; readonly jq: JqEngine },
): Promise<PreparedMapping> {
  const { kinds, jq } = services;
  const { document, warnings } = parseMapping(source.text, { ...source, kinds: Object.keys(kinds) });
  const resources: PreparedResource[] = [];
  const broken: BrokenMapping[] = [];
  for (const resource of document.resources) {
    const kind = kinds[resource.kind];
    if (kind === undefined) continue; // parseMapping has refused it
    const problems = [...(await findProgramProblems({ ...document, resources: [resource] }, jq))];
    try {
      const selector = kind.parseSelector(resource.selector);
      if (problems.length === 0) resources.push({ resource, kind, selector });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const found = error.problems.length > 0 ? error.problems : [{ code: "invalid_value", message: error.message }];
      problems.unshift(...toSelectorProblems(found, resource));
    }
    if (problems.length > 0) broken.push({ resource, problems });
  }
  if (resources.length === 0) {
    throw toMappingError(
      source.name,
      broken.flatMap(({ problems }) => problems),
    );
  }
  return { document, resources, broken, warnings: [...warnings, ...findEnvironmentUses(document)] };
}

/** What is wrong with a broken resource, on one line. */
export function describeProblems(problems: readonly InputProblem[]): string {
  return problems
    .map(({ message, position }) =>
      position ? `line ${position.line}, column ${position.column}: ${message}` : message,
    )
    .join("; ");
}

/** The kind knows what is wrong, and where in its value; the resource knows where that stands. */
export function toSelectorProblems(problems: readonly InputProblem[], resource: MappingResource): InputProblem[] {
  const { index, selectorPositions, query } = resource;
  return problems.map((problem) => {
    const path = problem.path ?? [];
    const start = selectorPositions[String(path[0])] ?? query.position;
    const position = start && toExactPosition(start, problem.position);
    return { ...problem, path: ["resources", index, "selector", ...path], ...(position && { position }) };
  });
}

function toExactPosition(start: SelectorPosition, inside: Position | undefined): Position {
  const { line, column, textColumn } = start;
  const isExact = inside?.line === 1 && textColumn !== undefined;
  return { line, column: isExact ? textColumn + inside.column - 1 : column };
}
