import { expect, test } from "vitest";
import { readRetryAfter } from "./retry-after.ts";

const nowMs = Date.UTC(2026, 0, 1, 12);

test.each([
  [{ "retry-after": "1847" }, 1_847_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "Thu, 01 Jan 2026 12:00:30 GMT" }, 30_000],
  [{ "beta-retry-after": "7" }, 7_000],
  [{ "x-ratelimit-reset": "2026-01-01T12:01:00Z" }, 60_000],
  [{ "retry-after": "2", "x-ratelimit-reset": "2026-01-01T13:00:00Z" }, 2_000],
])("%j asks to wait %d ms", (headers, waitMs) => {
  expect(readRetryAfter(headers, nowMs)).toBe(nowMs + waitMs);
});

test.each([{}, { "retry-after": "soon" }, { "retry-after": "" }])("%j asks for nothing", (headers) => {
  expect(readRetryAfter(headers, nowMs)).toBeUndefined();
});
