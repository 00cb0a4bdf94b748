import type { BuiltinTable } from "./builtins/builtin.ts";
import { expandMacros } from "./expand-macros.ts";
import { toConstant } from "./constants.ts";
import { hasManyOutputs } from "./has-many-outputs.ts";
import type { JqValue } from "./jq-engine.ts";
import { JqSyntaxError } from "./jq-errors.ts";
import type { JqNode } from "./jq-node.ts";
import { parseJq } from "./parse-jq.ts";
import { traceReads, type JqPath } from "./trace-reads.ts";

export type { JqPath } from "./trace-reads.ts";

/** What can be said of a program without running it. */
export interface JqAnalysis {
  /** The parts of the input it can depend on, or "all" of it. What is not listed never matters. */
  readonly paths: readonly JqPath[] | "all";
  /** False if it provably has one output at most. */
  readonly mayHaveManyOutputs: boolean;
  /** Its only output, when that is written out in the program. */
  readonly constant: JqValue | undefined;
  /** It asks for `env` or `$ENV`, which are empty here. */
  readonly usesEnvironment: boolean;
}

/**
 * Of a text that is no program nothing is known: it may read anything. `functions` are those that it may call besides
 * jq's own.
 */
export function analyzeJq(source: string, functions: BuiltinTable = {}): JqAnalysis {
  try {
    return analyzeNode(expandMacros(parseJq(source), functions));
  } catch (error) {
    if (!(error instanceof JqSyntaxError)) throw error;
    return { paths: "all", mayHaveManyOutputs: true, constant: undefined, usesEnvironment: false };
  }
}

export function analyzeNode(program: JqNode): JqAnalysis {
  return {
    paths: traceReads(program),
    mayHaveManyOutputs: hasManyOutputs(program),
    constant: toConstant(program),
    usesEnvironment: usesEnvironment(program),
  };
}

/** Any node of the tree, wherever it stands. */
function usesEnvironment(tree: unknown): boolean {
  if (typeof tree !== "object" || tree === null) return false;
  const { kind, name, args } = tree as {
    readonly kind?: unknown;
    readonly name?: unknown;
    readonly args?: readonly unknown[];
  };
  if (kind === "variable" && name === "ENV") return true;
  if (kind === "call" && name === "env" && args?.length === 0) return true;
  return Object.values(tree).some(usesEnvironment);
}
