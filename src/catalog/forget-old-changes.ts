import type { Clock } from "../runtime/clock.ts";
import type { Store } from "../store/store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Forgets changes that are older than so many days: with the next change, and then once a day while there are any. */
export function forgetOldChanges(store: Pick<Store, "audit" | "feed">, clock: Clock, days: number): void {
  let nextMs = Number.NEGATIVE_INFINITY;
  store.feed.onCommit(() => {
    const now = clock.now();
    if (now < nextMs) return;
    nextMs = now + DAY_MS;
    // If the store closes meanwhile, the next start goes on.
    store.audit.forget(now - days * DAY_MS).catch(() => undefined);
  });
}
