import type { JqlPosition } from "./jql-query.ts";

export interface JqlSyntaxProblem {
  readonly at: JqlPosition;
  readonly expected?: readonly string[];
  readonly suggestion?: string | undefined;
}

/**
 * The query cannot be read. The message is worded as Jira words it, so that people find it in their search engine, and
 * ends with the place.
 */
export class JqlSyntaxError extends Error {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  /** What could have stood there instead, in words or symbols. */
  readonly expected: readonly string[];
  /** What was probably meant, when that can be guessed. */
  readonly suggestion: string | undefined;

  constructor(message: string, problem: JqlSyntaxProblem) {
    super(message);
    this.name = "JqlSyntaxError";
    this.line = problem.at.line;
    this.column = problem.at.column;
    this.offset = problem.at.offset;
    this.expected = problem.expected ?? [];
    this.suggestion = problem.suggestion;
  }
}
