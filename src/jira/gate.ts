import type { Clock } from "../runtime/clock.ts";
import { Pace } from "./pace.ts";
import { Semaphore } from "../runtime/semaphore.ts";

export interface GateLimits {
  /** Requests on their way to Jira at any time, all endpoints together. */
  readonly maxInFlight: number;
  readonly maxInFlightPerBucket: number;
  /** Per bucket; undefined means nine tenths of what Jira documents for the method. */
  readonly requestsPerSecond?: number;
}

export const DEFAULT_GATE_LIMITS: GateLimits = { maxInFlight: 10, maxInFlightPerBucket: 8 };

export interface Passage {
  /** Method and path template, e.g. `GET /rest/api/3/project/search`: the unit that Jira limits. */
  readonly bucket: string;
  /** The issue that the request writes to. */
  readonly issue?: string | undefined;
  readonly signal: AbortSignal;
}

/** What Jira's `RateLimit-Reason` asks for: slow one endpoint, stop everything, or write to one issue at a time. */
export type Restraint = "bucket" | "all" | "issue";

interface BucketState {
  readonly places: Semaphore;
  readonly pace: Pace;
  pausedUntilMs: number;
}

/** Writers to one issue that Jira asked to come one by one. */
interface IssueState {
  readonly turn: Semaphore;
  pausedUntilMs: number;
}

/**
 * Decides when a request may leave. A request waits for a place in its bucket, then for the bucket's pace and for all
 * pauses that concern it, and only then for one of the common places: what waits because its endpoint is throttled
 * holds nothing that other endpoints need.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #limits: GateLimits;
  readonly #common: Semaphore;
  readonly #buckets = new Map<string, BucketState>();
  readonly #issues = new Map<string, IssueState>();
  #pausedUntilMs = 0;

  constructor(clock: Clock, limits: GateLimits = DEFAULT_GATE_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
    this.#common = new Semaphore(limits.maxInFlight);
  }

  /** Resolves when the request may be sent, with the function to call once it was answered. */
  async enter(passage: Passage): Promise<() => void> {
    const held: (() => void)[] = [];
    const leave = (): void => held.forEach((release) => release());
    const bucket = this.#bucketOf(passage.bucket);
    try {
      const issue = passage.issue === undefined ? undefined : this.#issues.get(passage.issue);
      if (issue) held.push(await issue.turn.acquire(passage.signal));
      held.push(await bucket.places.acquire(passage.signal));
      await this.#sleepUntil(bucket.pace.reserve(this.#clock.now()), passage.signal);
      for (;;) {
        await this.#waitOutPauses(passage);
        const release = await this.#common.acquire(passage.signal);
        if (this.#pauseEnd(passage) <= this.#clock.now()) {
          held.push(release);
          return leave;
        }
        release();
      }
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Jira refused a request: nothing under the restraint leaves before `untilMs`. */
  restrain(restraint: Restraint, passage: Omit<Passage, "signal">, untilMs: number): void {
    const bucket = this.#bucketOf(passage.bucket);
    if (restraint === "all") {
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
    } else if (restraint === "issue" && passage.issue !== undefined) {
      const issue = this.#issues.get(passage.issue) ?? { turn: new Semaphore(1), pausedUntilMs: 0 };
      this.#issues.set(passage.issue, issue);
      issue.pausedUntilMs = Math.max(issue.pausedUntilMs, untilMs);
    } else {
      bucket.pace.refuse(this.#clock.now(), untilMs);
      bucket.pausedUntilMs = Math.max(bucket.pausedUntilMs, untilMs);
    }
  }

  /** Jira let a request through, but less than a fifth of its allowance is left. */
  warn(bucket: string): void {
    this.#bucketOf(bucket).pace.warn(this.#clock.now());
  }

  ratePerSecond(bucket: string): number {
    return this.#bucketOf(bucket).pace.ratePerSecond;
  }

  async #waitOutPauses(passage: Passage): Promise<void> {
    for (;;) {
      const untilMs = this.#pauseEnd(passage);
      if (untilMs <= this.#clock.now()) return;
      await this.#sleepUntil(untilMs, passage.signal);
    }
  }

  #pauseEnd({ bucket, issue }: Omit<Passage, "signal">): number {
    const issuePause = issue === undefined ? 0 : (this.#issues.get(issue)?.pausedUntilMs ?? 0);
    return Math.max(this.#pausedUntilMs, this.#bucketOf(bucket).pausedUntilMs, issuePause);
  }

  async #sleepUntil(timeMs: number, signal: AbortSignal): Promise<void> {
    const waitMs = timeMs - this.#clock.now();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
  }

  #bucketOf(name: string): BucketState {
    let state = this.#buckets.get(name);
    if (state === undefined) {
      state = {
        places: new Semaphore(this.#limits.maxInFlightPerBucket),
        pace: new Pace(name.slice(0, name.indexOf(" ")), this.#limits.requestsPerSecond),
        pausedUntilMs: 0,
      };
      this.#buckets.set(name, state);
    }
    return state;
  }
}
