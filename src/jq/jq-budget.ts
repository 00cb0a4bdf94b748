import { JqLimitError } from "./jq-errors.ts";

export interface JqLimits {
  /** Elementary operations of one evaluation. */
  readonly steps: number;
  /** Wall time of one evaluation. */
  readonly timeMs: number;
  /** What one evaluation may allocate in all, garbage included; an estimate. */
  readonly memoryBytes: number;
  /** What one output may take as a text; parts that occur several times count each time. */
  readonly outputBytes: number;
  /** Steps of one regular expression on one text. */
  readonly backtracking: number;
}

export const DEFAULT_LIMITS: JqLimits = {
  steps: 20_000_000,
  timeMs: 100,
  memoryBytes: 64 * 1024 * 1024,
  outputBytes: 8 * 1024 * 1024,
  backtracking: 250_000,
};

/** How many steps pass between two looks at the clock. */
const STEPS_PER_LOOK = 4096;
export const MAX_STRING_LENGTH = 8 * 1024 * 1024;

/** The one evaluation under way: there is never a second one, because evaluating never waits. */
let running: JqBudget | undefined;

/** For work that grows with the size of a value, wherever it is done. */
export function spendSteps(count: number): void {
  running?.steps(count);
}

/** For work whose price nobody knows beforehand, when it is done. */
export function lookAtClock(): void {
  running?.lookAtClock();
}

/** Memory for what is made along with a value, wherever that is. */
export function spendMemory(bytes: number): void {
  running?.allocate(bytes);
}

/** The length of a string that is being put together. */
export function spendLength(length: number): void {
  running?.checkString(length);
}

/**
 * What an evaluation may still spend. `step` is called in every loop and call, so it only counts down; the clock is
 * first looked at after `STEPS_PER_LOOK` steps, which most evaluations never reach.
 */
export class JqBudget {
  readonly limits: JqLimits;
  readonly #now: () => number;
  #untilLook = STEPS_PER_LOOK;
  #looks = 0;
  #firstLookMs = 0;
  #bytes = 0;

  constructor(limits: JqLimits, now: () => number) {
    this.limits = limits;
    this.#now = now;
  }

  /** Begins a new evaluation. */
  reset(): void {
    // oxlint-disable-next-line typescript/no-this-alias -- this is what it is for
    running = this;
    this.#untilLook = STEPS_PER_LOOK;
    this.#looks = 0;
    this.#bytes = 0;
  }

  /** Whether this evaluation has taken so many steps that the clock was looked at. */
  get hasLooked(): boolean {
    return this.#looks > 0;
  }

  step(): void {
    if (--this.#untilLook < 0) this.#look();
  }

  /** Many steps at once: a loop of native code. */
  steps(count: number): void {
    this.#untilLook -= count;
    if (this.#untilLook < 0) this.#look();
  }

  /** Whether the time is up, whatever the number of steps. */
  lookAtClock(): void {
    const now = this.#now();
    if (this.#looks === 0) {
      this.#looks = 1;
      this.#firstLookMs = now;
    }
    this.#assertTimeLeft(now);
  }

  /** Memory that is about to be allocated. */
  allocate(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.memoryBytes) {
      throw new JqLimitError("memory", `the program needs more than ${this.limits.memoryBytes} bytes of memory`);
    }
  }

  /** A string of this length is about to be made. */
  allocateString(length: number): void {
    this.checkString(length);
    this.steps(length >> 4);
    this.allocate(length);
  }

  /** A string of this length is about to be put together from others, at no price. */
  checkString(length: number): void {
    if (length > MAX_STRING_LENGTH) {
      throw new JqLimitError("memory", `the program makes a string longer than ${MAX_STRING_LENGTH} characters`);
    }
  }

  #look(): void {
    const now = this.#now();
    if (this.#looks === 0) this.#firstLookMs = now;
    const overdrawn = Math.ceil(-this.#untilLook / STEPS_PER_LOOK);
    this.#looks += overdrawn;
    this.#untilLook += overdrawn * STEPS_PER_LOOK;
    if (this.#looks * STEPS_PER_LOOK > this.limits.steps) {
      throw new JqLimitError("steps", `the program did not end within ${this.limits.steps} steps`);
    }
    this.#assertTimeLeft(now);
  }

  #assertTimeLeft(now: number): void {
    if (now - this.#firstLookMs > this.limits.timeMs) {
      throw new JqLimitError("time", `the program did not end within ${this.limits.timeMs} ms`);
    }
  }
}
