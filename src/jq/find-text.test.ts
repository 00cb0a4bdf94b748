import { assert, constantFrom, integer, property, string } from "fast-check";
import { expect, test } from "vitest";
import { findPart } from "./find-text.ts";

/** Long enough for the search of our own. */
const TIMES = 5000;

test("a long part is found where JavaScript finds it, in texts made of few letters", () => {
  const few = string({ unit: constantFrom("a", "b"), minLength: 1, maxLength: 12 });
  let found = 0;
  assert(
    property(few, few, few, integer({ min: 0, max: 20_000 }), (period, head, tail, from) => {
      const text = head + period.repeat(TIMES) + tail;
      const part = (period.repeat(2000) + tail).slice(0, 3000);
      const at = text.indexOf(part, from);
      if (at >= 0) found++;
      expect(findPart(text, part, from)).toBe(at);
    }),
    { numRuns: 50 },
  );
  expect(found).toBeGreaterThan(10);
});

test("what makes JavaScript compare every position with all of the part is searched in one go", () => {
  const text = "a".repeat(2_000_000);
  expect(findPart(text, `${"a".repeat(500_000)}b${"a".repeat(500_000)}`)).toBe(-1);
  expect(findPart(`${text}b`, `${"a".repeat(500_000)}b`)).toBe(1_500_000);
});
