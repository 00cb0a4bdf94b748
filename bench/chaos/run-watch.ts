import { setTimeout } from "node:timers/promises";
import type { RequestCounters } from "../../src/simulator/server/request-counters.ts";
import type { Finished, QuaysideProcess } from "../../test/fixtures/quayside-process.ts";

/** When a run made its requests, and when it reported its end. Times are milliseconds after its first request. */
export interface Timeline {
  readonly requestsAtMs: readonly number[];
  readonly durationMs: number;
}

/** Looks, each millisecond, how far a run is that is the only one to make requests. */
export class RunWatch {
  /** Resolves when the process has ended. */
  readonly ended: Promise<Finished & { readonly timeline: Timeline }>;
  readonly #requestsAt: number[] = [];

  constructor(sync: QuaysideProcess, requests: RequestCounters) {
    this.ended = this.#watch(sync, requests);
  }

  /**
   * Waits until the run is where an earlier one was at this share of its length: for as many requests, and then as long
   * as that one took from there on. So it does not matter that a busy machine is slow.
   */
  async reach(share: number, { requestsAtMs, durationMs }: Timeline): Promise<void> {
    const atMs = share * durationMs;
    const passed = requestsAtMs.filter((requestMs) => requestMs <= atMs);
    const isOver = new AbortController();
    void this.ended.then(() => isOver.abort());
    while (this.#requestsAt.length < passed.length && !isOver.signal.aborted) await setTimeout(1);
    await setTimeout(atMs - (passed.at(-1) ?? 0));
  }

  async #watch(sync: QuaysideProcess, requests: RequestCounters): Promise<Finished & { readonly timeline: Timeline }> {
    const before = requests.total;
    const look = setInterval(() => {
      while (this.#requestsAt.length < requests.total - before) this.#requestsAt.push(performance.now());
    }, 1);
    await sync.waitFor(/^Resync /m).catch(() => undefined); // killed before it had anything to report
    const reportedAt = performance.now();
    const finished = await sync.ended();
    clearInterval(look);
    const startedAt = this.#requestsAt[0] ?? reportedAt;
    const requestsAtMs = this.#requestsAt.map((time) => time - startedAt);
    return { ...finished, timeline: { requestsAtMs, durationMs: reportedAt - startedAt } };
  }
}
