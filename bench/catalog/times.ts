import { fdatasyncSync, closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds, sorted. */
export type Times = readonly number[];

export function percentile(times: Times, share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}

export function toSorted(times: Iterable<number>): Times {
  return [...times].toSorted((a, b) => a - b);
}

/** One after another. */
export async function timeEach(count: number, act: (n: number) => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const startedMs = performance.now();
    await act(n);
    times.push(performance.now() - startedMs);
  }
  return toSorted(times);
}

/** At a steady rate until `isOver`, whether or not those before were answered. */
export async function timeAtRate(
  perSecond: number,
  act: (n: number) => Promise<unknown>,
  isOver: () => boolean,
): Promise<Times> {
  const times: number[] = [];
  const waiting: Promise<void>[] = [];
  const startedMs = performance.now();
  for (let n = 0; !isOver(); n++) {
    const dueMs = startedMs + (n * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    // Counted from here: a timer of this process that fires late is no fault of the server.
    const sentMs = performance.now();
    waiting.push(act(n).then(() => void times.push(performance.now() - sentMs)));
  }
  await Promise.all(waiting);
  return toSorted(times);
}

/** How long the disk takes to keep 16 KB for good. */
export function timeFsync(folder: string): Times {
  const path = join(folder, "fsync");
  const file = openSync(path, "w");
  const block = Buffer.alloc(16_384, 1);
  const times = Array.from({ length: 200 }, () => {
    writeSync(file, block);
    const startedMs = performance.now();
    fdatasyncSync(file);
    return performance.now() - startedMs;
  });
  closeSync(file);
  rmSync(path);
  return toSorted(times);
}
