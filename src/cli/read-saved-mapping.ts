import { readConfigText } from "../catalog/read-config-text.ts";
import { KIND_NAMES, SERVER_KINDS } from "../jira/kinds.ts";
import { findCompileProblems, findEnvironmentUses } from "../mapping/check-programs.ts";
import { parseMapping, toMappingError } from "../mapping/parse-mapping.ts";
import type { JsonObject } from "../model/json.ts";
import { InputError, type InputProblem } from "../runtime/errors.ts";
import { silentLogger, type Logger } from "../runtime/logger.ts";

const JIRA_TYPES: readonly string[] = ["jira", "jira-server"];
const KINDS = [...new Set([...KIND_NAMES, ...Object.keys(SERVER_KINDS)])];
const NAME = "config";

/**
 * Reads a mapping that is to be saved. One of Jira is judged as the sync will read it, unknown keys included, and may
 * have no resources yet; what others map is their own business. A place is a line and column where a text was sent,
 * else a path. What is merely odd about its programs is logged.
 */
export function readSavedMapping(
  source: JsonObject | string,
  installationAppType: string,
  logger: Logger = silentLogger,
): JsonObject {
  if (!JIRA_TYPES.includes(installationAppType)) return readConfigText(source);
  const isText = typeof source === "string";
  const problems = listProblems(isText ? source : JSON.stringify(source), logger);
  if (problems.length > 0) throw toMappingError(NAME, isText ? problems : problems.map(withoutPosition));
  return readConfigText(source);
}

function listProblems(text: string, logger: Logger): readonly InputProblem[] {
  try {
    const { document } = parseMapping(text, { kinds: KINDS, unknownKeys: "refuse", name: NAME });
    for (const { message, path } of findEnvironmentUses(document)) logger.warn({ path }, `mapping: ${message}`);
    return findCompileProblems(document);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.filter((problem) => !isWithoutResources(problem));
  }
}

function isWithoutResources({ code, path }: InputProblem): boolean {
  return code === "missing_value" && path?.length === 1 && path[0] === "resources";
}

/** Of a text that nobody wrote. */
function withoutPosition(problem: InputProblem): InputProblem {
  const { position: _, ...rest } = problem;
  return rest;
}
