import { expect, test } from "vitest";
import { Gate, type Passage } from "./gate.ts";
import { VirtualClock } from "./virtual-clock.fixture.ts";

const signal = new AbortController().signal;
const at = (bucket: string, issue?: string): Passage => ({ bucket, issue, signal });

/** Sends `count` requests as fast as the gate allows, `width` callers wide, and tells when each one left. */
async function send(gate: Gate, clock: VirtualClock, passage: Passage, count: number, width = 10): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const leave = await gate.enter(passage);
      times.push(clock.now());
      leave();
    }
  };
  await Promise.all(Array.from({ length: width }, caller));
  return times;
}

function mostWithin(times: readonly number[], windowMs: number): number {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + windowMs).length));
}

test("a bucket never gets more than its refill, over any stretch of time, apart from one burst", async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock);
  const times = await send(gate, clock, at("GET /a"), 2_000);
  for (const seconds of [1, 3, 10]) expect(mostWithin(times, seconds * 1000)).toBeLessThanOrEqual(20 + 90 * seconds);
  const steady = times.slice(20);
  for (const seconds of [1, 3, 10]) expect(mostWithin(steady, seconds * 1000)).toBeLessThanOrEqual(90 * seconds + 1);
  const duration = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  expect(duration).toBeGreaterThan(21); // 2,000 at 90 a second, less the burst
  expect(duration).toBeLessThan(23);
});

test("writes get half of what reads get", async () => {
  const clock = new VirtualClock();
  const times = await send(new Gate(clock), clock, at("PUT /a"), 300);
  expect(mostWithin(times, 1000)).toBeLessThanOrEqual(20 + 45);
});

test("a tighter bucket than documented is learned: after a minute it is hardly ever overdrawn", async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock);
  const refill = 20;
  let tokens = 30;
  let filledAtMs = clock.now();
  const refusals: number[] = [];
  const sent: number[] = [];
  const startMs = clock.now();
  const caller = async (): Promise<void> => {
    while (clock.now() < startMs + 600_000) {
      const leave = await gate.enter(at("GET /a"));
      const nowMs = clock.now();
      tokens = Math.min(30, tokens + ((nowMs - filledAtMs) / 1000) * refill);
      filledAtMs = nowMs;
      if (tokens >= 1) {
        tokens--;
        sent.push(nowMs);
      } else {
        refusals.push(nowMs);
        gate.restrain("bucket", at("GET /a"), nowMs + 1000);
      }
      leave();
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
  const settled = startMs + 60_000;
  const lateRefusals = refusals.filter((time) => time > settled).length;
  const late = sent.filter((time) => time > settled);
  expect(lateRefusals / late.length).toBeLessThan(0.005);
  expect(late.length / 540).toBeLessThanOrEqual(refill);
  expect(late.length / 540).toBeGreaterThan(refill * 0.8); // and most of what there is gets used
});

test("requests that are refused together halve the pace once", async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock);
  for (let count = 0; count < 8; count++) gate.restrain("bucket", at("GET /a"), clock.now() + 1000);
  expect(gate.ratePerSecond("GET /a")).toBe(45);
});

test("a warning slows a little, and silence brings the pace back", async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock);
  gate.warn("GET /a");
  expect(gate.ratePerSecond("GET /a")).toBe(85.5);
  await clock.sleep(60_000);
  (await gate.enter(at("GET /a")))();
  expect(gate.ratePerSecond("GET /a")).toBe(90);
});

test("a throttled endpoint does not slow another one: the other's requests all leave meanwhile", async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock, { maxInFlight: 4, maxInFlightPerBucket: 8 });
  gate.restrain("bucket", at("GET /slow"), clock.now() + 3_600_000);
  const slow = Array.from({ length: 20 }, () => gate.enter(at("GET /slow")));
  const startMs = clock.now();
  const times = await send(gate, clock, at("GET /fast"), 500);
  expect(times).toHaveLength(500);
  expect(Math.max(...times) - startMs).toBeLessThan(10_000);
  await Promise.all(slow.map(async (entered) => (await entered)()));
  expect(clock.now() - startMs).toBeGreaterThanOrEqual(3_600_000);
});

test("a spent quota stops everything until its reset", async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock);
  const resetMs = clock.now() + 1_847_000;
  gate.restrain("all", at("GET /a"), resetMs);
  const times = await send(gate, clock, at("GET /b"), 5);
  expect(Math.min(...times)).toBe(resetMs);
});

test("writes to an issue that Jira complained of come one at a time; other issues do not notice", async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock);
  gate.restrain("issue", at("PUT /issue", "A-1"), clock.now() + 2_000);
  const first = await gate.enter(at("PUT /issue", "A-2"));
  expect(clock.now()).toBe(Date.UTC(2026, 0, 1));
  const second = await gate.enter(at("PUT /issue", "A-1"));
  let isThirdIn = false;
  const third = gate.enter(at("PUT /issue", "A-1")).then((leave) => {
    isThirdIn = true;
    leave();
  });
  await clock.sleep(60_000);
  expect(isThirdIn).toBe(false);
  second();
  await third;
  expect(isThirdIn).toBe(true);
  first();
});

test("who waits can be called off, and leaves nothing occupied", async () => {
  const clock = new VirtualClock();
  const gate = new Gate(clock, { maxInFlight: 1, maxInFlightPerBucket: 1 });
  const leave = await gate.enter(at("GET /a"));
  const stop = new AbortController();
  const waiting = gate.enter({ bucket: "GET /a", signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  leave();
  (await gate.enter(at("GET /a")))();
});
