import type { JqFailure } from "./jq-worker.ts";

const MAX_FAILURES = 3;
const FORGET_MS = 10 * 60_000;

interface Record {
  failures: number;
  lastMs: number;
  reason: JqFailure;
}

/**
 * Remembers programs that had to be ended. One that was ended `MAX_FAILURES` times is not tried again until it has been
 * left alone for `FORGET_MS`, so that it costs a few deadlines in a run and not one for each object.
 */
export class ProgramBreaker {
  readonly #now: () => number;
  readonly #records = new Map<string, Record>();

  constructor(now: () => number) {
    this.#now = now;
  }

  report(program: string, reason: JqFailure): void {
    this.#forget();
    const failures = (this.#records.get(program)?.failures ?? 0) + 1;
    this.#records.set(program, { failures, lastMs: this.#now(), reason });
  }

  /** Why the program should not be tried; undefined when it may be. */
  findRefusal(program: string): JqFailure | undefined {
    this.#forget();
    const record = this.#records.get(program);
    if (record === undefined || record.failures < MAX_FAILURES) return undefined;
    const { message, limit } = record.reason;
    return { message: `${message}; it is not tried again for now, because that happened ${MAX_FAILURES} times`, limit };
  }

  #forget(): void {
    for (const [program, { lastMs }] of this.#records) {
      if (this.#now() - lastMs >= FORGET_MS) this.#records.delete(program);
    }
  }
}
