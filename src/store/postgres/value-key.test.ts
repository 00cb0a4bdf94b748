import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AFTER_NUMBERS, fromKey, toKey } from "./value-key.ts";

const byCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const number = fc.double({ noNaN: true });
const text = fc.string({ unit: "binary" });

test("keys are in the order of the numbers that they stand for", () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(Math.sign(byCodePoints(toKey(a), toKey(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test("numbers come before texts, and texts keep their order", () => {
  fc.assert(
    fc.property(number, text, text, (some, a, b) => {
      expect(byCodePoints(toKey(some), AFTER_NUMBERS)).toBe(-1);
      expect(byCodePoints(AFTER_NUMBERS, toKey(a))).toBeLessThanOrEqual(0);
      expect(byCodePoints(toKey(a), toKey(b))).toBe(byCodePoints(a, b));
    }),
  );
});

test("a key gives its value back; true is 1, as it is to SQLite, and a list its JSON", () => {
  fc.assert(
    fc.property(fc.oneof(number, text), (value) => {
      expect(fromKey(toKey(value))).toBe(value === 0 ? 0 : value);
    }),
  );
  expect([fromKey(toKey(true)), fromKey(null), fromKey('3["a", 1]')]).toEqual([1, null, '["a",1]']);
});
