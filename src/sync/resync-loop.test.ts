import { expect, test } from "vitest";
import type { Clock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/logger.ts";
import { ResyncLoop } from "./resync-loop.ts";

/** A clock whose sleeps end at once, moving the time on; it stops the loop after some of them. */
function createClock(stop: AbortController, sleeps: number): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
      if (slept.length >= sleeps) stop.abort();
    },
  };
}

test("the interval counts from the start of the last resync", async () => {
  const stop = new AbortController();
  const clock = createClock(stop, 2);
  const triggers: string[] = [];
  const resync = async (trigger: string): Promise<void> => void triggers.push(trigger);
  await new ResyncLoop({ resync, intervalMs: 1000, clock, logger: silentLogger }).run(stop.signal);
  expect(triggers).toEqual(["start", "schedule"]);
  expect(clock.slept).toEqual([1000, 1000]);
});

test("requests during a resync wait for its end, are served once, and abort nothing", async () => {
  const stop = new AbortController();
  const clock = createClock(stop, 1);
  const seen: { trigger: string; aborted: boolean }[] = [];
  const loop: ResyncLoop = new ResyncLoop({
    resync: async (trigger, signal) => {
      if (trigger === "start") {
        loop.request("manual");
        loop.request("request");
      }
      seen.push({ trigger, aborted: signal.aborted });
    },
    intervalMs: 1000,
    clock,
    logger: silentLogger,
  });
  await loop.run(stop.signal);
  expect(seen).toEqual([
    { trigger: "start", aborted: false },
    { trigger: "manual", aborted: false },
  ]);
});

test("a resync that fails does not end the loop", async () => {
  const stop = new AbortController();
  let runs = 0;
  const loop = new ResyncLoop({
    resync: () => {
      runs++;
      return Promise.reject(new Error("planted"));
    },
    intervalMs: 1,
    clock: createClock(stop, 3),
    logger: silentLogger,
  });
  await loop.run(stop.signal);
  expect(runs).toBe(3);
});
