import { spendMemory, spendSteps } from "./jq-budget.ts";

/** Up to this length of a part JavaScript's own search is quick whatever the texts are, */
const MAX_NATIVE_LENGTH = 200;
/** and with longer ones up to this many comparisons. */
const MAX_NATIVE_COMPARISONS = 2 ** 22;
const UNITS_PER_STEP = 16;

/**
 * Where `part` begins in `text`, at or after `from`; -1 when it does not. JavaScript's `indexOf` compares every position
 * with all of a long part when the texts are made for that, and cannot be interrupted.
 */
export function findPart(text: string, part: string, from = 0): number {
  if (part.length > MAX_NATIVE_LENGTH && (text.length - from) * part.length > MAX_NATIVE_COMPARISONS) {
    return findLongPart(text, part, from);
  }
  const found = text.indexOf(part, from);
  spendSteps(((found < 0 ? text.length : found) - from) >> 5);
  return found;
}

/** Knuth, Morris and Pratt: no unit of the text is read twice. */
function findLongPart(text: string, part: string, from: number): number {
  const borders = listBorders(part);
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    if (at % UNITS_PER_STEP === 0) spendSteps(1);
    const unit = text.charCodeAt(at);
    while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0;
    if (part.charCodeAt(matched) === unit) matched++;
    if (matched === part.length) return at - matched + 1;
  }
  return -1;
}

/** For each beginning of the text, how long its longest proper beginning is that is its end as well. */
function listBorders(text: string): Int32Array {
  spendMemory(4 * text.length);
  const borders = new Int32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at++) {
    if (at % UNITS_PER_STEP === 0) spendSteps(1);
    const unit = text.charCodeAt(at);
    while (length > 0 && text.charCodeAt(length) !== unit) length = borders[length - 1] ?? 0;
    if (text.charCodeAt(length) === unit) length++;
    borders[at] = length;
  }
  return borders;
}
