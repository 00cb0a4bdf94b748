import { spendLength, spendMemory, spendSteps } from "../jq-budget.ts";
import { JqUnsupportedError } from "../jq-errors.ts";
import { toCivilDate, toDayOfYear, toWeekday } from "./civil-date.ts";
import type { DateParts } from "./dates.ts";
import { MONTHS, WEEKDAYS } from "./date-names.ts";

interface Moment extends DateParts {
  readonly epoch: number;
  /** Since 1970-01-01. */
  readonly days: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0 is the first of January. */
  readonly dayOfYear: number;
}

type Directive = (moment: Moment) => string;

const DIRECTIVES: Readonly<Record<string, Directive | string>> = {
  "%": () => "%",
  n: () => "\n",
  t: () => "\t",
  Y: ({ year }) => String(year),
  C: ({ year }) => pad(Math.floor(year / 100), 2),
  y: ({ year }) => pad(year % 100, 2),
  m: ({ month }) => pad(month + 1, 2),
  B: ({ month }) => MONTHS[month] ?? "-",
  b: ({ month }) => MONTHS[month]?.slice(0, 3) ?? "-",
  h: "%b",
  d: ({ day }) => pad(day, 2),
  e: ({ day }) => pad(day, 2, " "),
  j: ({ dayOfYear }) => pad(dayOfYear + 1, 3),
  H: ({ hour }) => pad(hour, 2),
  I: ({ hour }) => pad(hour % 12 || 12, 2),
  M: ({ minute }) => pad(minute, 2),
  S: ({ second }) => pad(second, 2),
  p: ({ hour }) => (hour >= 12 ? "PM" : "AM"),
  A: ({ weekday }) => WEEKDAYS[weekday] ?? "-",
  a: ({ weekday }) => WEEKDAYS[weekday]?.slice(0, 3) ?? "-",
  u: ({ weekday }) => String(weekday || 7),
  w: ({ weekday }) => String(weekday),
  U: ({ dayOfYear, weekday }) => pad(Math.floor((dayOfYear + 7 - weekday) / 7), 2),
  W: ({ dayOfYear, weekday }) => pad(Math.floor((dayOfYear + 7 - ((weekday + 6) % 7)) / 7), 2),
  V: (moment) => pad(toIsoWeek(moment).week, 2),
  G: (moment) => String(toIsoWeek(moment).year),
  g: (moment) => pad(toIsoWeek(moment).year % 100, 2),
  s: ({ epoch }) => String(epoch),
  Z: () => "UTC",
  z: () => "+0000",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  R: "%H:%M",
  T: "%H:%M:%S",
  r: "%I:%M:%S %p",
  c: "%a %b %e %H:%M:%S %Y",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

export function formatDate(pattern: string, parts: DateParts, epoch: number): string {
  const days = Math.floor(epoch / 86_400);
  const dayOfYear = toDayOfYear(days, toCivilDate(days).year);
  const moment = { ...parts, epoch, days, weekday: toWeekday(days), dayOfYear };
  let text = "";
  for (const piece of getPieces(pattern)) {
    spendSteps(1);
    text += typeof piece === "string" ? piece : piece(moment);
  }
  spendLength(text.length);
  return text;
}

const MAX_CACHED = 200;
/** Nobody means a longer one: it is not kept, and paid for. */
const MAX_CACHED_LENGTH = 1000;
const BYTES_PER_CHARACTER = 128;
const cache = new Map<string, readonly (Directive | string)[]>();

function getPieces(pattern: string): readonly (Directive | string)[] {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > MAX_CACHED_LENGTH) spendMemory(BYTES_PER_CHARACTER * pattern.length);
  const pieces = compilePattern(pattern);
  if (pattern.length > MAX_CACHED_LENGTH) return pieces;
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(pattern, pieces);
  return pieces;
}

/** Text to copy, and directives. */
function compilePattern(pattern: string): readonly (Directive | string)[] {
  return [...pattern.matchAll(/[^%]+|%([\s\S]?)/g)].flatMap(([piece, letter]) => {
    if (letter === undefined) return [piece];
    const directive = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    if (directive === undefined) throw new JqUnsupportedError(`strftime with %${letter}`);
    return typeof directive === "string" ? compilePattern(directive) : [directive];
  });
}

function pad(value: number, width: number, filler = "0"): string {
  return String(value).padStart(width, filler);
}

/** The week belongs to the year in which its Thursday lies. */
function toIsoWeek({ days, weekday }: Moment): { readonly year: number; readonly week: number } {
  const thursday = days + 4 - (weekday || 7);
  const { year } = toCivilDate(thursday);
  return { year, week: Math.floor(toDayOfYear(thursday, year) / 7) + 1 };
}
