import type { JqEngine, JqSyntaxProblem } from "../jq/jq-engine.ts";
import type { EntityMapping, JqSource, MappedSearch, MappingDocument, MappingResource } from "../model/mapping.ts";
import type { InputProblem, Position } from "../runtime/errors.ts";

/** Every jq program of the mapping that does not compile or may not be used, at its place. */
export async function findProgramProblems(document: MappingDocument, jq: JqEngine): Promise<readonly InputProblem[]> {
  const problems: InputProblem[] = [];
  for (const program of document.resources.flatMap(listPrograms)) {
    const problem = await jq.check(program.source);
    if (problem !== undefined) problems.push(toInputProblem(program, problem));
  }
  return problems;
}

/** The jq programs of a resource. */
export function listPrograms(resource: MappingResource): readonly JqSource[] {
  const { query, itemsToParse, mappings } = resource;
  return [query, ...(itemsToParse ? [itemsToParse] : []), ...mappings.flatMap(listMappingPrograms)];
}

function listMappingPrograms(mapping: EntityMapping): JqSource[] {
  const { identifier, blueprint, title, icon, team, properties, relations } = mapping;
  const sources = [identifier, blueprint, title, icon, team, ...Object.values(properties), ...Object.values(relations)];
  return sources.flatMap((source) => (source === undefined ? [] : listLeaves(source)));
}

function listLeaves(source: JqSource | MappedSearch): JqSource[] {
  if (!("rules" in source)) return [source];
  const rules = source.rules.flatMap((rule) => ("rules" in rule ? listLeaves(rule) : Object.values(rule)));
  return [source.combinator, ...rules];
}

function toInputProblem({ source, position, path, isVerbatim }: JqSource, problem: JqSyntaxProblem): InputProblem {
  const exact = position && isVerbatim === true ? toExactPosition(position, problem) : undefined;
  const place = exact ? "" : ` (line ${problem.line}, column ${problem.column} of the expression)`;
  return {
    code: "invalid_jq",
    message: `\`${path.at(-1)}\` is not valid jq: ${problem.message}${place}, in ${source.trim()}`,
    path,
    ...((exact ?? position) && { position: exact ?? position }),
  };
}

/** Of a program that stands on one line as it is. */
function toExactPosition({ line, column }: Position, problem: JqSyntaxProblem): Position | undefined {
  return problem.line === 1 ? { line, column: column + problem.column - 1 } : undefined;
}
