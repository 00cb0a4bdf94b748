import { JqUnsupportedError } from "../jq-errors.ts";
import type { JqValue } from "../jq-engine.ts";
import { countBytes, fail, isArray } from "../jq-value.ts";
import { argument, native, type BuiltinTable } from "./builtin.ts";
import { toCivilDate, toDayOfYear, toDays, toWeekday, type CivilDate } from "./civil-date.ts";
import { formatDate } from "./format-date.ts";
import { parseDate } from "./parse-date.ts";

/** A moment in UTC in its parts, in the order of jq's arrays; the month counts from 0. */
export interface DateParts extends CivilDate {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Seconds. */
const DAY = 86_400;

/** There is no time zone but UTC here: the same mapping gives the same entities on every machine. */
export const DATES: BuiltinTable = {
  "gmtime/0": native((input) => toBrokenDown(toSeconds(input, "gmtime() requires numeric inputs"))),
  "localtime/0": native((input) => toBrokenDown(toSeconds(input, "localtime() requires numeric inputs"))),
  "mktime/0": native((input) => {
    if (!isArray(input)) return fail("mktime requires array inputs");
    return checkEpoch(toEpoch(toParts(input, "mktime requires parsed datetime inputs")));
  }),
  "strftime/1": native((input, args) => format(input, argument(args, 0), "strftime/1")),
  "strflocaltime/1": native((input, args) => {
    const caller = "strflocaltime/1";
    if (!isArray(input)) return format(input, argument(args, 0), caller);
    // Unlike strftime it first makes a real date of the parts.
    const real = toBrokenDown(toEpoch(toParts(input, `${caller} requires parsed datetime inputs`)));
    return format(real, argument(args, 0), caller);
  }),
  "strptime/1": native((input, args) => {
    const pattern = argument(args, 0);
    if (typeof input !== "string" || typeof pattern !== "string") {
      return fail("strptime/1 requires string inputs and arguments");
    }
    const { epoch, rest } = parse(input, pattern);
    const broken = toBrokenDown(epoch);
    return rest === "" ? broken : [...broken, rest];
  }),
  "fromdate/0": native(fromIso),
  "fromdateiso8601/0": native(fromIso),
};

/** `strptime` and `mktime` in one. */
function fromIso(input: JqValue): number {
  if (typeof input !== "string") return fail("strptime/1 requires string inputs and arguments");
  return checkEpoch(parse(input, "%Y-%m-%dT%H:%M:%SZ").epoch);
}

function parse(text: string, pattern: string): { readonly epoch: number; readonly rest: string } {
  const parsed = parseDate(text, pattern);
  if (parsed === undefined) return fail(`date "${text}" does not match format "${pattern}"`);
  const epoch = toEpoch(parsed.parts);
  assertUsualYear(toCivilDate(Math.floor(epoch / DAY)).year);
  return { epoch, rest: parsed.rest };
}

/** The C library reports failures as -1, and jq asks it again in another way. */
function checkEpoch(seconds: number): number {
  if (seconds === -2) throw new JqUnsupportedError("mktime of two seconds before 1970");
  return seconds === -1 ? fail("invalid gmtime representation") : seconds;
}

function toSeconds(input: JqValue, complaint: string): number {
  return typeof input === "number" ? input : fail(complaint);
}

/** Years of four digits, where all C libraries agree. */
function assertUsualYear(year: number): void {
  if (!(year >= 1000 && year <= 9999)) throw new JqUnsupportedError("dates outside of the years 1000 to 9999");
}

function toBrokenDown(seconds: number): readonly number[] {
  const whole = Math.trunc(seconds);
  const days = Math.floor(whole / DAY);
  const { year, month, day } = toCivilDate(days);
  assertUsualYear(year);
  const rest = whole - days * DAY;
  const hour = Math.floor(rest / 3600);
  const minute = Math.floor(rest / 60) % 60;
  const second = (rest % 60) + (seconds - Math.floor(seconds));
  return [year, month, day, hour, minute, second, toWeekday(days), toDayOfYear(days, year)];
}

function toParts(input: readonly JqValue[], complaint: string): DateParts {
  const read = (index: number): number => {
    const part = index < input.length ? input[index] : 0;
    return typeof part === "number" && !Number.isNaN(part) ? Math.trunc(part) : fail(complaint);
  };
  const parts = { year: read(0), month: read(1), day: read(2), hour: read(3), minute: read(4), second: read(5) };
  assertUsualYear(parts.year);
  const { month, day, hour, minute, second } = parts;
  if (Math.min(month, day, hour, minute, second) < 0 || Math.max(month, day, hour, minute, second) > 10_000) {
    throw new JqUnsupportedError("dates with parts far out of range");
  }
  return parts;
}

function toEpoch(parts: DateParts): number {
  return toDays(parts) * DAY + parts.hour * 3600 + parts.minute * 60 + parts.second;
}

/** By how many bytes jq lets a date be longer than its pattern. */
const ROOM = 100;

function format(input: JqValue, pattern: JqValue, caller: string): string {
  const complaint = `${caller} requires parsed datetime inputs`;
  const broken = typeof input === "number" ? toBrokenDown(input) : input;
  if (!isArray(broken)) return fail(complaint);
  if (typeof pattern !== "string") return fail(`${caller} requires a string format`);
  const parts = toParts(broken, complaint);
  const text = formatDate(pattern, parts, toEpoch(parts));
  const isTooLong = text.length >= pattern.length + ROOM / 2 && countBytes(text) >= countBytes(pattern) + ROOM;
  return isTooLong ? fail(`${caller}: unknown system failure`) : text;
}
