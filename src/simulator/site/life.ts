import type { Site } from "./site.ts";

const minuteMs = 60_000;

/** Changes that happen while nobody does anything, evenly spread over each minute. */
export class Life {
  readonly #site: Site;
  readonly #editsPerMinute: number;

  constructor(site: Site, editsPerMinute: number) {
    this.#site = site;
    this.#editsPerMinute = editsPerMinute;
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#editsPerMinute <= 0) return;
    const pauseMs = minuteMs / this.#editsPerMinute;
    try {
      while (!signal.aborted) {
        await this.#site.options.clock.sleep(pauseMs, signal);
        this.#site.drift(1);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
