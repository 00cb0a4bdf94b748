import type { Clock } from "../runtime/clock.ts";

const MAX_ATTEMPTS = 20;
/** For failures and the waits chosen here; waits that Jira asked for come on top. */
const DEADLINE_MS = 5 * 60_000;
/** The longest wait that Jira may ask for: its quotas are hourly. */
const MAX_ASKED_WAIT_MS = 2 * 3_600_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** How long and how often one request is tried. Being told to wait is no failure and has a count of its own. */
export class RetryBudget {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #maxAttempts: number;
  #deadlineMs: number;
  #failures = 0;
  #askedWaits = 0;

  constructor(options: { readonly clock: Clock; readonly random: () => number; readonly maxAttempts?: number }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS;
    this.#deadlineMs = options.clock.now() + DEADLINE_MS;
  }

  /** Time that went by before the request could leave, through no fault of its own. */
  excuse(ms: number): void {
    this.#deadlineMs += ms;
  }

  /** After a failure: how long to wait before the next try, or undefined when there shall be none. */
  nextWait(cause: { readonly isRateLimit: boolean; readonly notBeforeMs?: number | undefined }): number | undefined {
    const nowMs = this.#clock.now();
    const count = cause.isRateLimit ? ++this.#askedWaits : ++this.#failures;
    if (count >= (cause.isRateLimit ? MAX_ATTEMPTS : this.#maxAttempts) || nowMs >= this.#deadlineMs) return undefined;
    if (cause.notBeforeMs === undefined) {
      const jitter = 0.7 + 0.6 * this.#random();
      return Math.min(FIRST_WAIT_MS * 2 ** (count - 1), LONGEST_WAIT_MS) * jitter;
    }
    const askedMs = Math.max(0, cause.notBeforeMs - nowMs);
    if (askedMs > MAX_ASKED_WAIT_MS) return undefined;
    this.#deadlineMs += askedMs;
    // A little more, at random, so that all who wait for the same moment do not come at once.
    return askedMs + this.#random() * FIRST_WAIT_MS;
  }
}
