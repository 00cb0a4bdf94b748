/** What an expression has cost while it was timed. */
export interface JqTiming {
  readonly source: string;
  readonly evaluations: number;
  readonly failures: number;
  /** Evaluations that were left to real jq. */
  readonly fallBacks: number;
  /** Expressions that go to real jq together share its time equally. */
  readonly milliseconds: number;
}

type Sums = { -readonly [Key in keyof JqTiming]: JqTiming[Key] };

/** Times the expressions of any number of engines. Nothing is timed, nor costs anything, before `start`. */
export class JqTimings {
  readonly #bySource = new Map<string, Sums>();
  #isStarted = false;

  start(): void {
    this.#isStarted = true;
  }

  /** Where the engine adds what an expression has cost. */
  find(source: string): Sums | undefined {
    if (!this.#isStarted) return undefined;
    const known = this.#bySource.get(source);
    if (known !== undefined) return known;
    const created: Sums = { source, evaluations: 0, failures: 0, fallBacks: 0, milliseconds: 0 };
    this.#bySource.set(source, created);
    return created;
  }

  /** Dearest first. */
  list(): readonly JqTiming[] {
    return [...this.#bySource.values()].sort((left, right) => right.milliseconds - left.milliseconds);
  }
}
