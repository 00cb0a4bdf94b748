import type { JqValue } from "./jq-engine.ts";
import type { JqPosition } from "./jq-node.ts";

/** What a message quotes may be of any size. */
export const MAX_MESSAGE_LENGTH = 1000;

/** The text is not a jq program, or uses what is not available. */
export class JqSyntaxError extends Error {
  override readonly name = "JqSyntaxError";
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** What could have stood there, in words; empty when that is not the point. */
  readonly expected: readonly string[];

  constructor(message: string, at: JqPosition, expected: readonly string[] = []) {
    super(message);
    this.offset = at.offset;
    this.line = at.line;
    this.column = at.column;
    this.expected = expected;
  }
}

/** An error of jq, as `try` catches it: any value. */
export class JqError extends Error {
  override readonly name = "JqError";
  readonly value: JqValue;

  /** `message` is for values that are no strings. */
  constructor(value: JqValue, message = "not a string") {
    // The stack is that of the engine, which explains nothing, and would be dearer than the rest of a failure.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(typeof value === "string" ? value.slice(0, MAX_MESSAGE_LENGTH) : message);
    Error.stackTraceLimit = stackTraceLimit;
    this.value = value;
  }
}

/** What an evaluation can run out of; `trap`: whatever real jq ran out of when it broke down, mostly memory. */
export type JqLimit = "steps" | "time" | "memory" | "output" | "depth" | "backtracking" | "trap";

/** A program wanted more than it may have. Final: no other engine should try again. */
export class JqLimitError extends Error {
  override readonly name = "JqLimitError";
  readonly limit: JqLimit;

  constructor(limit: JqLimit, message: string) {
    super(message);
    this.limit = limit;
  }
}

/** What this engine does not do, but real jq does. */
export class JqUnsupportedError extends Error {
  override readonly name = "JqUnsupportedError";
}
