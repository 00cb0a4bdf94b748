/**
 * The errors of the product. Domain code throws these; only `http/error-response.ts` and `cli/exit-codes.ts` know
 * what a code means on the wire or to the shell.
 */
export type ErrorCode =
  | "invalid_input"
  | "authentication_failed"
  | "not_allowed"
  | "not_found"
  | "conflict"
  | "upstream_failed"
  | "configuration_invalid"
  | "limit_exceeded"
  | "aborted"
  | "internal";

/** Whether trying again can help, and how long to wait when the other side said so. */
export type Retry = "no" | { readonly afterMs?: number };

export interface ErrorOptions {
  readonly cause?: unknown;
  readonly retry?: Retry;
  /** Machine-readable facts for the caller; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** `message` says what failed, on which thing, and what to do. User values stand in quotes; secrets never appear. */
export class QuaysideError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retry = options.retry ?? "no";
    this.details = options.details;
  }
}

/** A place in a text a person wrote: 1-based line and column, and the path of keys that leads there. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with an input. `path` is made of keys and indexes, e.g. `["resources", 1, "kind"]`. */
export interface InputProblem {
  readonly code: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly position?: Position;
  /** The nearest valid word when this looks like a typing mistake. */
  readonly suggestion?: string;
}

/** Something a person or a client sent is wrong. Holds every problem found, not just the first. */
export class InputError extends QuaysideError {
  readonly problems: readonly InputProblem[];

  constructor(message: string, problems: readonly InputProblem[] = [], options: ErrorOptions = {}) {
    super("invalid_input", message, options);
    this.problems = problems;
  }
}

export class AuthenticationError extends QuaysideError {
  constructor(message: string, options?: ErrorOptions) {
    super("authentication_failed", message, options);
  }
}

export class NotAllowedError extends QuaysideError {
  constructor(message: string, options?: ErrorOptions) {
    super("not_allowed", message, options);
  }
}

export class NotFoundError extends QuaysideError {
  constructor(message: string, options?: ErrorOptions) {
    super("not_found", message, options);
  }
}

export class ConflictError extends QuaysideError {
  constructor(message: string, options?: ErrorOptions) {
    super("conflict", message, options);
  }
}

export class LimitError extends QuaysideError {
  constructor(message: string, options?: ErrorOptions) {
    super("limit_exceeded", message, options);
  }
}

export class ConfigurationError extends QuaysideError {
  readonly problems: readonly InputProblem[];

  constructor(message: string, problems: readonly InputProblem[] = [], options?: ErrorOptions) {
    super("configuration_invalid", message, options);
    this.problems = problems;
  }
}

/** Another system answered with an error, or not at all (`status` undefined). */
export class UpstreamError extends QuaysideError {
  readonly method: string;
  readonly url: string;
  readonly status: number | undefined;

  constructor(
    message: string,
    request: { readonly method: string; readonly url: string; readonly status?: number },
    options?: ErrorOptions,
  ) {
    super("upstream_failed", message, options);
    this.method = request.method;
    this.url = request.url;
    this.status = request.status;
  }
}

export class AbortError extends QuaysideError {
  constructor(message = "The operation was stopped", options?: ErrorOptions) {
    super("aborted", message, options);
  }
}

/** A programmer's mistake: the invariant in words. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new QuaysideError("internal", `Invariant broken: ${invariant}`);
}

/** The value, or a programmer's mistake when it is not there. */
export function must<T>(value: T | undefined | null, invariant: string): T {
  assert(value !== undefined && value !== null, invariant);
  return value;
}

/** Closes an exhaustive switch over a union. */
export function unreachable(value: never): never {
  throw new QuaysideError("internal", `Unexpected value: ${JSON.stringify(value)}`);
}

/** The text of whatever was thrown. */
export function toMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
