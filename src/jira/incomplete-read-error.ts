import { AbortError, AuthenticationError, ConfigurationError, QuaysideError, toMessage } from "../runtime/errors.ts";

export interface Gap {
  /** What could not be read, e.g. `issue 10023`. */
  readonly what: string;
  readonly error: unknown;
}

/** Everything that could be read was yielded, but parts are missing, so nothing may be removed. */
export class IncompleteReadError extends QuaysideError {
  readonly gaps: readonly Gap[];

  constructor(kind: string, gaps: readonly Gap[]) {
    const first = gaps[0];
    const more = gaps.length > 1 ? ` and ${gaps.length - 1} more` : "";
    super(
      "upstream_failed",
      `Not every ${kind} could be read: ${first?.what ?? "nothing"}${more} failed, first with: ${toMessage(first?.error)}`,
      { cause: first?.error, retry: {}, details: { gaps: gaps.map((gap) => gap.what).slice(0, 20) } },
    );
    this.gaps = gaps;
  }
}

/** With more the read as a whole counts as failed: something is wrong with more than single objects. */
const MAX_GAPS = 50;

/** Collects what a read had to leave out, so that one bad part fails only itself. */
export class Gaps {
  readonly #kind: string;
  readonly #gaps: Gap[] = [];

  constructor(kind: string) {
    this.#kind = kind;
  }

  /** Notes a failure, or throws it when the reason holds for everything else as well. */
  add(what: string, error: unknown): void {
    if (error instanceof IncompleteReadError) {
      this.#gaps.push(...error.gaps);
      return;
    }
    if (isFatal(error)) throw error;
    this.#gaps.push({ what, error });
    if (this.#gaps.length >= MAX_GAPS) this.throwIfAny();
  }

  throwIfAny(): void {
    if (this.#gaps.length > 0) throw new IncompleteReadError(this.#kind, this.#gaps);
  }
}

function isFatal(error: unknown): boolean {
  return (
    !(error instanceof QuaysideError) ||
    error.code === "internal" ||
    error instanceof AbortError ||
    error instanceof AuthenticationError ||
    error instanceof ConfigurationError
  );
}
