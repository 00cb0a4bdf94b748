import { analyzeJq } from "../jq/analyze-jq.ts";
import { compileJq } from "../jq/compile-jq.ts";
import type { JqEngine, JqSyntaxProblem } from "../jq/jq-engine.ts";
import { JqSyntaxError } from "../jq/jq-errors.ts";
import { toDoubleQuotes } from "../jq/single-quotes.ts";
import type { EntityMapping, JqSource, MappedSearch, MappingDocument, MappingResource } from "../model/mapping.ts";
import type { InputProblem, Position } from "../runtime/errors.ts";
import { UNBOUND_MAPPING_FUNCTIONS } from "./mapping-functions.ts";

/** Every jq program of the mapping that does not compile or may not be used, at its place. */
export async function findProgramProblems(document: MappingDocument, jq: JqEngine): Promise<readonly InputProblem[]> {
  const problems: InputProblem[] = [];
  for (const program of document.resources.flatMap(listPrograms)) {
    const problem = await jq.check(program.source);
    if (problem !== undefined) problems.push(toInputProblem(program, problem));
  }
  return problems;
}

/** The same at once, as far as our own jq can tell: some programs only real jq can judge. */
export function findCompileProblems(document: MappingDocument): readonly InputProblem[] {
  return document.resources.flatMap(listPrograms).flatMap((program) => {
    try {
      compileJq(toDoubleQuotes(program.source), { functions: UNBOUND_MAPPING_FUNCTIONS });
      return [];
    } catch (error) {
      return error instanceof JqSyntaxError ? [toInputProblem(program, error)] : [];
    }
  });
}

/** Programs that ask for the environment, which has nothing in it: their author will have expected something else. */
export function findEnvironmentUses(document: MappingDocument): readonly InputProblem[] {
  return document.resources.flatMap(listPrograms).flatMap(({ source, path, position }) =>
    analyzeJq(toDoubleQuotes(source), UNBOUND_MAPPING_FUNCTIONS).usesEnvironment
      ? [
          {
            code: "empty_environment",
            message: `\`${path.at(-1)}\` asks for the environment (env, $ENV), which is empty here, in ${source.trim()}`,
            path,
            ...(position && { position }),
          },
        ]
      : [],
  );
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
