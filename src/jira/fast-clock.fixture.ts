import { setTimeout } from "node:timers/promises";
import type { Clock } from "../runtime/clock.ts";

/** Time that runs faster, for tests over real connections: a wait of seconds takes some milliseconds. */
export class FastClock implements Clock {
  readonly #factor: number;
  readonly #startMs = Date.now();
  readonly #startedAt = performance.now();

  constructor(factor = 50) {
    this.#factor = factor;
  }

  now(): number {
    return this.#startMs + (performance.now() - this.#startedAt) * this.#factor;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await setTimeout(ms / this.#factor, undefined, signal && { signal });
  }
}
