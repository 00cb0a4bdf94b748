import { analyzeNode, type JqAnalysis } from "./analyze-jq.ts";
import type { BuiltinTable } from "./builtins/builtin.ts";
import { checkOutput, isPartOfInput } from "./check-output.ts";
import { compileNode } from "./compile-node.ts";
import { expandMacros } from "./expand-macros.ts";
import { DEFAULT_LIMITS, JqBudget, type JqLimits } from "./jq-budget.ts";
import { collect, type JqCode, type JqRun } from "./jq-code.ts";
import { JqLimitError } from "./jq-errors.ts";
import type { JqValue } from "./jq-engine.ts";
import type { JqNode } from "./jq-node.ts";
import { parseJq } from "./parse-jq.ts";

export interface JqOptions {
  /** What programs may call besides jq's own functions. Real jq does not have it. */
  readonly functions?: BuiltinTable;
  readonly limits?: Partial<JqLimits>;
  /** Milliseconds since 1970; for `now`. */
  readonly clock?: () => number;
  /** Milliseconds since whenever, never going back; for the time limit. */
  readonly stopwatch?: () => number;
}

export interface JqProgram {
  readonly source: string;
  readonly analysis: JqAnalysis;
  /** Real jq cannot evaluate it. */
  readonly usesAddedFunctions: boolean;
  /** The first output; undefined when there is none. Throws JqError, JqLimitError or JqUnsupportedError. */
  first(input: JqValue): JqValue | undefined;
  /** All outputs; throws like `first`, even when there were outputs before the error. */
  all(input: JqValue): JqValue[];
  /** Whether the last evaluation took long enough to have a look at the clock. */
  tookLong(): boolean;
}

/**
 * Compiles a program for many inputs. Throws JqSyntaxError when it is none, JqUnsupportedError when real jq has to
 * evaluate it. Inputs and outputs are never changed and may share parts.
 */
export function compileJq(source: string, options: JqOptions = {}): JqProgram {
  const functions = options.functions ?? {};
  const parsed = parseJq(source);
  const tree = withinStack(() => expandMacros(parsed, functions));
  const budget = new JqBudget({ ...DEFAULT_LIMITS, ...options.limits }, options.stopwatch ?? (() => performance.now()));
  const clock = options.clock ?? Date.now;
  const run: JqRun = { budget, breaking: undefined, isDone: false, now: () => clock() / 1000 };
  const added = { table: functions, used: new Set<string>() };
  const code = withinStack(() => compileNode(tree, run, added));
  return new CompiledProgram(source, tree, code, run, tree !== parsed || added.used.size > 0);
}

/** A class, so that all programs have one shape: the loops over inputs are much faster then. */
class CompiledProgram implements JqProgram {
  readonly source: string;
  readonly usesAddedFunctions: boolean;
  readonly first: JqProgram["first"];
  readonly #tree: JqNode;
  readonly #code: JqCode;
  readonly #run: JqRun;
  #analysis: JqAnalysis | undefined;

  constructor(source: string, tree: JqNode, code: JqCode, run: JqRun, usesAddedFunctions: boolean) {
    this.source = source;
    this.usesAddedFunctions = usesAddedFunctions;
    this.first = toFirst(code, run, !isPartOfInput(tree));
    this.#tree = tree;
    this.#code = code;
    this.#run = run;
  }

  get analysis(): JqAnalysis {
    return (this.#analysis ??= analyzeNode(this.#tree));
  }

  all(input: JqValue): JqValue[] {
    const run = this.#run;
    run.budget.reset();
    run.isDone = false;
    return withinStack(() => {
      const values = collect(this.#code, input, undefined, run);
      checkOutput(values, run.budget);
      return values;
    });
  }

  tookLong(): boolean {
    return this.#run.budget.hasLooked;
  }
}

function toFirst({ maybe, many }: JqCode, run: JqRun, isChecked: boolean): JqProgram["first"] {
  const { budget } = run;
  const read =
    maybe ??
    ((input: JqValue) => {
      let first: JqValue | undefined;
      run.isDone = false;
      many(input, undefined, (value) => {
        first = value;
        run.isDone = true;
        return true;
      });
      return first;
    });
  return (input) => {
    budget.reset();
    try {
      const value = read(input, undefined);
      if (isChecked && typeof value === "object" && value !== null) checkOutput(value, budget);
      return value;
    } catch (error) {
      throw toKnownError(error);
    }
  };
}

function withinStack<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toKnownError(error);
  }
}

/** JavaScript reports a full stack, a string or an array that is too long, as a RangeError. */
function toKnownError(error: unknown): unknown {
  if (error instanceof RangeError) return new JqLimitError("depth", "the program nests too deeply");
  return error;
}
