import type { JqLimit } from "./jq-errors.ts";

/** A JSON value, structurally: this folder imports nothing from outside of it. */
export type JqValue = null | boolean | number | string | readonly JqValue[] | { readonly [key: string]: JqValue };

export interface JqSyntaxProblem {
  readonly message: string;
  /** 1-based, inside the program. */
  readonly line: number;
  readonly column: number;
}

export interface PageProblem {
  /** Index of the program and of the input. */
  readonly program: number;
  readonly item: number;
  readonly message: string;
  /** What ran out, when the program was ended for that; no other engine should try again. */
  readonly limit?: JqLimit;
}

export interface PageResult {
  /** `values[program][item]`: the first output; undefined when there was none, or an error (see problems). */
  readonly values: readonly (readonly (JqValue | undefined)[])[];
  readonly problems: readonly PageProblem[];
}

/**
 * Evaluates jq programs over pages of inputs, column by column, in the way of Port's mappings: only the first output
 * counts, an error gives no value and is reported, `env` and `$ENV` are empty. A program that never ends, or that needs
 * too much memory, costs one problem per item, never the process.
 */
export interface JqEngine {
  /** What is wrong with the program, or undefined when it is valid and allowed. */
  check(source: string): Promise<JqSyntaxProblem | undefined>;
  /** All programs have passed `check`. */
  evaluatePage(programs: readonly string[], inputs: readonly JqValue[]): Promise<PageResult>;
  close(): Promise<void>;
}
