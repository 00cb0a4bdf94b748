import type { Clock } from "../runtime/clock.ts";

/** A clock that stands still, and jumps to the next sleeper when everybody sleeps: hours pass in milliseconds. */
export class VirtualClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 1);
  readonly #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  #isJumping = false;
  /** Every sleep that was asked for. */
  readonly slept: number[] = [];

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error); // what abort() was given
      const sleeper = { atMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        const index = this.#sleepers.indexOf(sleeper);
        if (index >= 0) this.#sleepers.splice(index, 1);
        reject(signal.reason as Error); // what abort() was given
      });
      this.#jumpSoon();
      return undefined;
    });
  }

  /** Leaves the others a turn of the event loop to fall asleep as well. */
  #jumpSoon(): void {
    if (this.#isJumping) return;
    this.#isJumping = true;
    setImmediate(() => {
      this.#isJumping = false;
      this.#sleepers.sort((a, b) => a.atMs - b.atMs);
      const next = this.#sleepers.shift();
      if (next === undefined) return;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
      if (this.#sleepers.length > 0) this.#jumpSoon();
    });
  }
}
