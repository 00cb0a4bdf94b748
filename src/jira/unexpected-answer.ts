import { UpstreamError } from "../runtime/errors.ts";

export interface AnswerProblem {
  readonly code: "not_json" | "not_a_list" | "missing_id" | "invalid_token" | "repeated_page";
  /** Where in the answer; empty for all of it. */
  readonly path: readonly (string | number)[];
  /** What is wrong, as a clause. */
  readonly message: string;
}

/** Thrown by whoever reads an answer that came whole and is not what Jira's API promises. */
export class UnexpectedAnswer extends Error {
  readonly problem: AnswerProblem;

  constructor(problem: AnswerProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** The same for the caller: which request it was, and what to do. The details have `code` and `path`. */
export function toUnexpectedAnswerError(
  { method, url }: { readonly method: string; readonly url: string },
  { code, path, message }: AnswerProblem,
  advice = "if a proxy stands between, see what it does to answers; otherwise try again later",
): UpstreamError {
  return new UpstreamError(
    `${url} did not answer as Jira does (${message}): ${advice}`,
    { method, url, status: 200 },
    { details: { code, path }, retry: {} },
  );
}
