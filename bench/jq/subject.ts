import { compileJq } from "../../src/jq/compile-jq.ts";
import type { JqValue } from "../../src/jq/jq-engine.ts";
import { JqError, JqLimitError, JqSyntaxError, JqUnsupportedError } from "../../src/jq/jq-errors.ts";
import type { Outcome } from "./outcome.ts";

/** A compiled program of an engine under test. After an error, the outputs before it are not known. */
export interface SubjectProgram {
  readonly first: (input: JqValue) => Outcome;
  readonly all: (input: JqValue) => Outcome;
}

export type Subject = (program: string) => SubjectProgram;

/** Our engine; `rewrite` changes each program before it is compiled. */
export function makeSubject(rewrite = (program: string): string => program): Subject {
  return (program) => {
    let compiled: ReturnType<typeof compileJq>;
    try {
      compiled = compileJq(rewrite(program));
    } catch (error) {
      return { first: () => toFailure(error), all: () => toFailure(error) };
    }
    const settle = (evaluate: () => readonly JqValue[]): Outcome => {
      try {
        return { outputs: evaluate(), failed: false };
      } catch (error) {
        return toFailure(error);
      }
    };
    return {
      first: (input) =>
        settle(() => {
          const output = compiled.first(input);
          return output === undefined ? [] : [output];
        }),
      all: (input) => settle(() => compiled.all(input)),
    };
  };
}

function toFailure(error: unknown): Outcome {
  if (error instanceof JqError) return { outputs: [], failed: true };
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof JqUnsupportedError) return { none: "not covered", reason };
  if (error instanceof JqLimitError) return { none: "limit", reason };
  return { none: error instanceof JqSyntaxError ? "refused" : "broken", reason };
}
