import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Run } from "../store/run-store.ts";
import { NO_COUNTS } from "../sync/run-recorder.ts";
import { createProgressView } from "./progress.ts";

/** A stream that keeps what is written; `isTTY` as given. */
function createStream(isTTY: boolean) {
  const stream = new PassThrough();
  let text = "";
  stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const terminal = Object.assign(stream, {
    isTTY,
    columns: 120,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  // Only what progress views use of a terminal is there.
  return { stream: terminal as unknown as NodeJS.WriteStream, text: () => text };
}

function toProgress(listed: number) {
  const resource = {
    bucket: "b",
    kind: "issue",
    index: 0,
    fingerprint: "f",
    status: "running",
    counts: { ...NO_COUNTS, listed },
  };
  const run = { resources: [resource] } as unknown as Run; // the view reads nothing else
  return { run, expectedTotals: new Map([["b", 100]]) };
}

test("where there is no terminal, a plain line tells of each resource and then of its progress now and then", () => {
  const { stream, text } = createStream(false);
  let now = 0;
  const view = createProgressView(stream, { now: () => now, sleep: () => Promise.resolve() });
  view.update(toProgress(0));
  view.update(toProgress(10));
  now = 6000;
  view.update(toProgress(50));
  view.stop();
  expect(text()).toBe("reading issue\nreading issue: 50 of about 100\n");
});

test("on a terminal a bar shows kind, count and rate", () => {
  const { stream, text } = createStream(true);
  let now = 0;
  const view = createProgressView(stream, { now: () => now, sleep: () => Promise.resolve() });
  view.update(toProgress(0));
  view.update(toProgress(0));
  now = 10_000;
  view.update(toProgress(50));
  view.stop();
  expect(text()).toContain("issue");
  expect(text()).toContain("50/100");
  expect(text()).toContain("5/s, 10 s left");
  expect(text()).not.toMatch(/NaN|Inf/);
});
