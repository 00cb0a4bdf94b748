import { expect, test } from "vitest";
import { ProgramBreaker } from "./program-breaker.ts";

const REASON = { message: "jq did not end within 1500 ms", limit: "time" } as const;

test("a program is refused from the third time on, by itself, with the reason of the last time", () => {
  const breaker = new ProgramBreaker(() => 0);
  breaker.report("a", { message: "jq failed", limit: "trap" });
  breaker.report("a", REASON);
  breaker.report("b", REASON);
  expect(breaker.findRefusal("a")).toBeUndefined();
  breaker.report("a", REASON);
  expect(breaker.findRefusal("a")).toMatchObject({
    limit: "time",
    message: expect.stringContaining(REASON.message) as string,
  });
  expect(breaker.findRefusal("b")).toBeUndefined();
});

test("what has not happened again for ten minutes is forgotten", () => {
  let now = 0;
  const breaker = new ProgramBreaker(() => now);
  for (const at of [0, 500_000, 1_000_000]) {
    now = at;
    breaker.report("a", REASON);
  }
  now = 1_599_999;
  expect(breaker.findRefusal("a")).toBeDefined();
  now = 1_600_000;
  expect(breaker.findRefusal("a")).toBeUndefined();
});
