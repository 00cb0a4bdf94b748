import { setTimeout } from "node:timers/promises";
import type { Clock } from "../runtime/clock.ts";

/** Time that runs fifty times as fast, for tests over real connections: a wait of seconds takes some milliseconds. */
export class FastClock implements Clock {
  readonly #factor = 50;
  readonly #startMs = Date.now();
  readonly #startedAt = performance.now();

  now(): number {
    return this.#startMs + (performance.now() - this.#startedAt) * this.#factor;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await setTimeout(ms / this.#factor, undefined, signal && { signal });
  }
}
