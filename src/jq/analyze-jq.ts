import type { BuiltinTable } from "./builtins/builtin.ts";
import { expandMacros } from "./expand-macros.ts";
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

function toConstant(node: JqNode): JqValue | undefined {
  switch (node.kind) {
    case "literal":
      return node.value;
    case "template":
      return node.format === undefined && node.parts.every((part) => typeof part === "string")
        ? node.parts.join("")
        : undefined;
    case "negate": {
      const value = toConstant(node.body);
      return typeof value === "number" ? 0 - value : undefined; // never -0, as the program
    }
    case "array":
      return node.body === undefined ? [] : toConstantItems(node.body);
    case "object": {
      const entries = node.entries.map(({ key, value }) => [toConstant(key), toConstant(value)] as const);
      return entries.every(
        (entry): entry is [string, JqValue] => typeof entry[0] === "string" && entry[1] !== undefined,
      )
        ? Object.fromEntries(entries)
        : undefined;
    }
    default:
      return undefined;
  }
}

function toConstantItems(body: JqNode): readonly JqValue[] | undefined {
  const items = body.kind === "comma" ? toConstantItems(body.left) : [];
  const last = toConstant(body.kind === "comma" ? body.right : body);
  return items === undefined || last === undefined ? undefined : [...items, last];
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
