import { JqUnsupportedError } from "../jq-errors.ts";
import type { JqValue } from "../jq-engine.ts";
import { fail, isArray } from "../jq-value.ts";
import { argument, native, type BuiltinTable } from "./builtin.ts";
import { formatDate } from "./format-date.ts";
import { parseDate } from "./parse-date.ts";

/** A moment in UTC in its parts, in the order of jq's arrays; the month counts from 0. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** There is no time zone but UTC here: the same mapping gives the same entities on every machine. */
export const DATES: BuiltinTable = {
  "gmtime/0": native((input) => toBrokenDown(toSeconds(input, "gmtime() requires numeric inputs"))),
  "localtime/0": native((input) => toBrokenDown(toSeconds(input, "localtime() requires numeric inputs"))),
  "mktime/0": native((input) => {
    if (!isArray(input)) return fail("mktime requires array inputs");
    const seconds = toEpoch(toParts(input, "mktime requires parsed datetime inputs"));
    if (seconds === -2) throw new JqUnsupportedError("mktime of two seconds before 1970");
    return seconds === -1 ? fail("invalid gmtime representation") : seconds;
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
    const parsed = parseDate(input, pattern);
    if (parsed === undefined) return fail(`date "${input}" does not match format "${pattern}"`);
    const broken = toBrokenDown(toEpoch(parsed.parts));
    return parsed.rest === "" ? broken : [...broken, parsed.rest];
  }),
};

function toSeconds(input: JqValue, complaint: string): number {
  return typeof input === "number" ? input : fail(complaint);
}

/** Years of four digits, where all C libraries agree. */
function assertUsualYear(year: number): void {
  if (!(year >= 1000 && year <= 9999)) throw new JqUnsupportedError("dates outside of the years 1000 to 9999");
}

function toBrokenDown(seconds: number): readonly number[] {
  const whole = Math.trunc(seconds);
  const date = new Date(whole * 1000);
  const year = date.getUTCFullYear();
  assertUsualYear(year);
  const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000);
  const second = date.getUTCSeconds() + (seconds - Math.floor(seconds));
  const time = [date.getUTCHours(), date.getUTCMinutes(), second];
  return [year, date.getUTCMonth(), date.getUTCDate(), ...time, date.getUTCDay(), dayOfYear];
}

function toParts(input: readonly JqValue[], complaint: string): DateParts {
  const read = (index: number): number => {
    const part = index < input.length ? input[index] : 0;
    return typeof part === "number" && !Number.isNaN(part) ? Math.trunc(part) : fail(complaint);
  };
  const parts = { year: read(0), month: read(1), day: read(2), hour: read(3), minute: read(4), second: read(5) };
  assertUsualYear(parts.year);
  if (Object.values(parts).some((part) => part < 0 || part > 10_000)) {
    throw new JqUnsupportedError("dates with parts far out of range");
  }
  return parts;
}

function toEpoch({ year, month, day, hour, minute, second }: DateParts): number {
  return Date.UTC(year, month, day, hour, minute, second) / 1000;
}

function format(input: JqValue, pattern: JqValue, caller: string): string {
  const complaint = `${caller} requires parsed datetime inputs`;
  const broken = typeof input === "number" ? toBrokenDown(input) : input;
  if (!isArray(broken)) return fail(complaint);
  if (typeof pattern !== "string") return fail(`${caller} requires a string format`);
  const parts = toParts(broken, complaint);
  return formatDate(pattern, parts, toEpoch(parts));
}
