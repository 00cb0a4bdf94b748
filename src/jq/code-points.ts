import { spendSteps } from "./jq-budget.ts";

/** Code point order, which is jq's; UTF-16 order differs between surrogates and U+E000 to U+FFFF. */
export function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const leftUnit = left.charCodeAt(index);
    const rightUnit = right.charCodeAt(index);
    if (leftUnit === rightUnit) continue;
    spendSteps(index >> 5);
    const isOrdinary = leftUnit < 0xd800 || rightUnit < 0xd800;
    return isOrdinary ? leftUnit - rightUnit : rankUnit(leftUnit) - rankUnit(rightUnit);
  }
  return left.length - right.length;
}

function rankUnit(unit: number): number {
  return unit <= 0xdfff ? unit + 0x2000 : unit - 0x800;
}

const SURROGATE = /[\ud800-\udfff]/;

export function hasSurrogates(text: string): boolean {
  return SURROGATE.test(text);
}

const BEYOND_ASCII = /[\u0080-\uffff]/;

export function isAscii(text: string): boolean {
  return !BEYOND_ASCII.test(text);
}

const PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

/** The length in code points. */
export function countAllPoints(text: string): number {
  let points = text.length;
  spendSteps(points >> 5);
  PAIRS.lastIndex = 0;
  while (PAIRS.test(text)) points--;
  return points;
}

/** Code points between two positions; half of a pair counts as one. */
export function countPoints(text: string, start: number, end: number): number {
  let points = 0;
  for (let at = start; at < end; at++) {
    points++;
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) at++;
  }
  return points;
}
