import { spendMemory, spendSteps } from "../jq-budget.ts";
import { JqUnsupportedError } from "../jq-errors.ts";
import type { DateParts } from "./dates.ts";
import { MONTHS, WEEKDAYS } from "./date-names.ts";

type Mutable = { -readonly [Part in keyof DateParts]: DateParts[Part] };

interface Cursor {
  readonly text: string;
  at: number;
  readonly parts: Mutable;
  /** Whether the hour was given by `%I`, which alone `%p` applies to. */
  isTwelveHours: boolean;
  isAfternoon: boolean;
}

export interface ParsedDate {
  readonly parts: DateParts;
  /** The white space at the end. */
  readonly rest: string;
}

/** Reads what belongs to the directive; false when it is not there. */
type Directive = (cursor: Cursor) => boolean;

const DIRECTIVES: Readonly<Record<string, Directive | string>> = {
  "%": (cursor) => readLiteral(cursor, "%"),
  n: readSpace,
  t: readSpace,
  Y: (cursor) => readNumber(cursor, 4, 0, 9999, (year) => (cursor.parts.year = year)),
  y: (cursor) => readNumber(cursor, 2, 0, 99, (year) => (cursor.parts.year = year + (year < 69 ? 2000 : 1900))),
  m: (cursor) => readNumber(cursor, 2, 1, 12, (month) => (cursor.parts.month = month - 1)),
  B: readMonth,
  b: readMonth,
  h: readMonth,
  d: (cursor) => readNumber(cursor, 2, 1, 31, (day) => (cursor.parts.day = day)),
  e: "%d",
  H: (cursor) => readNumber(cursor, 2, 0, 23, (hour) => (cursor.parts.hour = hour)),
  I: (cursor) => {
    cursor.isTwelveHours = true;
    return readNumber(cursor, 2, 1, 12, (hour) => (cursor.parts.hour = hour));
  },
  M: (cursor) => readNumber(cursor, 2, 0, 59, (minute) => (cursor.parts.minute = minute)),
  S: (cursor) => readNumber(cursor, 2, 0, 60, (second) => (cursor.parts.second = second)),
  p: readHalfOfDay,
  A: (cursor) => readName(cursor, WEEKDAYS) !== undefined,
  a: (cursor) => readName(cursor, WEEKDAYS) !== undefined,
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  R: "%H:%M",
  T: "%H:%M:%S",
  r: "%I:%M:%S %p",
};

const MAX_CACHED = 200;
/** Nobody means a longer one: it is not kept, and paid for. */
const MAX_CACHED_LENGTH = 1000;
const BYTES_PER_CHARACTER = 128;
const cache = new Map<string, readonly Directive[]>();

/** `strptime`; undefined when the text does not have the form. What is not in the form is that of 1970-01-01. */
export function parseDate(text: string, pattern: string): ParsedDate | undefined {
  const parts = { year: 1970, month: 0, day: 1, hour: 0, minute: 0, second: 0 };
  const cursor: Cursor = { text, at: 0, parts, isTwelveHours: false, isAfternoon: false };
  for (const read of getDirectives(pattern)) {
    spendSteps(1);
    if (!read(cursor)) return undefined;
  }
  if (cursor.isTwelveHours && cursor.isAfternoon) parts.hour += 12;
  const rest = text.slice(cursor.at);
  return rest.trim() === "" ? { parts, rest } : undefined;
}

function getDirectives(pattern: string): readonly Directive[] {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > MAX_CACHED_LENGTH) spendMemory(BYTES_PER_CHARACTER * pattern.length);
  const directives = compilePattern(pattern);
  if (pattern.length > MAX_CACHED_LENGTH) return directives;
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(pattern, directives);
  return directives;
}

function compilePattern(pattern: string): readonly Directive[] {
  return [...pattern.matchAll(/%[\s\S]?|\s+|[\s\S]/g)].flatMap(([piece]) => {
    if (/^\s/.test(piece)) return [readSpace];
    if (!piece.startsWith("%")) return [(cursor: Cursor) => readLiteral(cursor, piece)];
    const letter = piece.slice(1);
    const directive = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    // Only when it is reached: before that, the text may already have the wrong form.
    if (directive === undefined) return [() => refuse(piece)];
    return typeof directive === "string" ? compilePattern(directive) : [directive];
  });
}

function refuse(piece: string): never {
  throw new JqUnsupportedError(`strptime with ${piece}`);
}

function readLiteral(cursor: Cursor, literal: string): boolean {
  const char = cursor.text.charAt(cursor.at);
  if (char !== literal && char.toLowerCase() !== literal.toLowerCase()) return false;
  cursor.at++;
  return true;
}

function readSpace(cursor: Cursor): boolean {
  while (cursor.at < cursor.text.length && /\s/.test(cursor.text.charAt(cursor.at))) cursor.at++;
  return true;
}

function readNumber(cursor: Cursor, width: number, low: number, high: number, use: (value: number) => void): boolean {
  let value = 0;
  let end = cursor.at;
  for (; end < cursor.at + width; end++) {
    const digit = cursor.text.charCodeAt(end) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value = 10 * value + digit;
  }
  if (end === cursor.at) {
    if (/^[+-]/.test(cursor.text.slice(cursor.at))) throw new JqUnsupportedError("strptime with a sign");
    return false;
  }
  if (value < low || value > high) return false;
  cursor.at = end;
  use(value);
  return true;
}

/** The whole name or its first three letters. */
function readName(cursor: Cursor, names: readonly string[]): number | undefined {
  const rest = cursor.text.slice(cursor.at, cursor.at + 9).toLowerCase();
  const index = names.findIndex((name) => rest.startsWith(name.slice(0, 3).toLowerCase()));
  const name = names[index];
  if (name === undefined) return undefined;
  cursor.at += rest.startsWith(name.toLowerCase()) ? name.length : 3;
  return index;
}

function readMonth(cursor: Cursor): boolean {
  const month = readName(cursor, MONTHS);
  if (month !== undefined) cursor.parts.month = month;
  return month !== undefined;
}

function readHalfOfDay(cursor: Cursor): boolean {
  const half = cursor.text.slice(cursor.at, cursor.at + 2).toLowerCase();
  if (half !== "am" && half !== "pm") return false;
  cursor.at += 2;
  cursor.isAfternoon = half === "pm";
  return true;
}
