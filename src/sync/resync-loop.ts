import type { Clock } from "../runtime/clock.ts";
import { toMessage } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Run } from "../store/run-store.ts";

/**
 * Runs one resync after another: at once, then `intervalMs` after the start of the last one, or as soon as somebody
 * asks. A request during a resync waits for its end and is then served once, however often it was made; it never
 * aborts the running one.
 */
export class ResyncLoop {
  readonly #resync: (trigger: Run["trigger"], signal: AbortSignal) => Promise<unknown>;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #requested: Run["trigger"] | undefined;
  #wake: AbortController | undefined;

  constructor(options: {
    readonly resync: (trigger: Run["trigger"], signal: AbortSignal) => Promise<unknown>;
    readonly intervalMs: number;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#resync = options.resync;
    this.#intervalMs = options.intervalMs;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  request(trigger: Run["trigger"]): void {
    this.#requested ??= trigger;
    this.#wake?.abort();
  }

  /** Until the signal aborts. A resync that fails is logged, and the next one comes at its time. */
  async run(signal: AbortSignal): Promise<void> {
    let trigger: Run["trigger"] = "start";
    while (!signal.aborted) {
      const startedAtMs = this.#clock.now();
      this.#requested = undefined;
      try {
        await this.#resync(trigger, signal);
      } catch (error) {
        if (!signal.aborted)
          this.#logger.error({ err: toMessage(error) }, "the resync failed; the next one comes at its time");
      }
      trigger = await this.#waitUntil(startedAtMs + this.#intervalMs, signal);
    }
  }

  async #waitUntil(timeMs: number, signal: AbortSignal): Promise<Run["trigger"]> {
    if (this.#requested === undefined && !signal.aborted) {
      this.#wake = new AbortController();
      const either = AbortSignal.any([signal, this.#wake.signal]);
      await this.#clock.sleep(Math.max(0, timeMs - this.#clock.now()), either).catch(() => undefined); // woken early
      this.#wake = undefined;
    }
    return this.#requested ?? "schedule";
  }
}
