import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { mapInOrder } from "./map-in-order.ts";

const signal = new AbortController().signal;

test("results come in order, and never more than the given number is under way", async () => {
  let running = 0;
  let most = 0;
  const results: number[] = [];
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++running);
    for (let turns = item % 5; turns >= 0; turns--) await setImmediate();
    running--;
    return item * 2;
  };
  const items = Array.from({ length: 40 }, (_, index) => index);
  for await (const result of mapInOrder(items, { concurrency: 4, signal }, work)) results.push(result);
  expect(results).toEqual(items.map((item) => item * 2));
  expect(most).toBe(4);
});

test("a failure aborts what is under way and reaches the consumer", async () => {
  const aborted: number[] = [];
  const work = async (item: number, signal: AbortSignal): Promise<number> => {
    if (item === 0) throw new Error("first");
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    aborted.push(item);
    return item;
  };
  const read = async (): Promise<void> => {
    for await (const _ of mapInOrder([0, 1, 2], { concurrency: 3, signal }, work)) expect.unreachable();
  };
  await expect(read()).rejects.toThrow("first");
  expect(aborted).toEqual([1, 2]);
});

test("a consumer that stops early aborts what is under way", async () => {
  let isAborted = false;
  const work = async (item: number, signal: AbortSignal): Promise<number> => {
    if (item > 0) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    isAborted = signal.aborted;
    return item;
  };
  for await (const result of mapInOrder([0, 1], { concurrency: 2, signal }, work)) {
    expect(result).toBe(0);
    break;
  }
  expect(isAborted).toBe(true);
});
