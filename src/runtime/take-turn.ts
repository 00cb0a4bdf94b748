import { setImmediate as nextRound } from "node:timers/promises";

let last: Promise<void> = Promise.resolve();

/**
 * Waits for a round of the event loop that nobody else has asked for. Work that keeps the thread busy for milliseconds
 * begins with it, so that between two such pieces whatever came in meanwhile is served: answers of another thread alone
 * would follow each other without a break.
 */
export function takeTurn(): Promise<void> {
  last = last.then(() => nextRound());
  return last;
}
