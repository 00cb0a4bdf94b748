import { countPoints, hasSurrogates } from "./code-points.ts";
import { spendMemory, spendSteps } from "./jq-budget.ts";
import type { JqValue } from "./jq-engine.ts";
import { fail, type JqObject } from "./jq-value.ts";

/** The key that stands for a slice in a path. */
export function toSliceKey(start: JqValue, end: JqValue): JqObject {
  return { start, end };
}

export function sliceArray(array: readonly JqValue[], from: JqValue, to: JqValue): readonly JqValue[] {
  const { start, end } = toRange(from, to, array.length);
  // The whole of it is the same array, unless that is empty; in paths this counts.
  if (start === 0 && end === array.length && end > 0) return array;
  spendSteps((end - start) >> 3);
  spendMemory(8 * (end - start));
  return array.slice(start, end);
}

export function sliceString(text: string, from: JqValue, to: JqValue): string {
  if (!hasSurrogates(text)) {
    const { start, end } = toRange(from, to, text.length);
    return text.slice(start, end);
  }
  spendSteps(text.length >> 3);
  const { start, end } = toRange(from, to, countPoints(text, 0, text.length));
  const unit = skipPoints(text, 0, start);
  return text.slice(unit, skipPoints(text, unit, end - start));
}

/** The unit that so many code points end at. */
function skipPoints(text: string, from: number, count: number): number {
  let unit = from;
  for (let skipped = 0; skipped < count; skipped++) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return unit;
}

/** Whole positions within `length`; a fraction widens the range. */
export function toRange(from: JqValue, to: JqValue, length: number): { readonly start: number; readonly end: number } {
  if ((from !== null && typeof from !== "number") || (to !== null && typeof to !== "number")) {
    return fail("Array/string slice indices must be integers");
  }
  const start = clamp(from ?? 0, length);
  const end = clamp(to ?? length, length);
  return { start: Math.floor(start), end: Math.ceil(Math.max(start, end)) };
}

function clamp(position: number, length: number): number {
  if (Number.isNaN(position)) return 0;
  return Math.min(Math.max(position < 0 ? position + length : position, 0), length);
}
