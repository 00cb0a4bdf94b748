/** Time as the product sees it: injected everywhere, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(toReason(signal));
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        if (signal) reject(toReason(signal));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};

function toReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("Stopped", { cause: signal.reason });
}

/** RFC 3339 UTC with milliseconds, the form that Port's clients read. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
