import type { JqlContext, Verdict } from "./jql-value.ts";
import { createWallClock } from "./wall-clock.ts";
import type { InstantRange, WallClock } from "./wall-clock.ts";

/** What a date in a query means: an instant, known to lie in a range. */
export interface Moment extends InstantRange {
  /**
   * 0 for an exact instant. Date literals have no seconds: nothing says which instants of their minute they equal, or
   * whether they are after them.
   */
  readonly precisionMs: number;
  /** The calendar day of the reader, counted from 1970-01-01, for fields that hold days. */
  readonly firstDay: number;
  readonly lastDay: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Period = "day" | "week" | "month" | "year";
type Unit = "m" | "h" | "d" | "w" | "M" | "y";
const RELATIVE_UNITS_MS: Readonly<Record<string, number>> = {
  "": MINUTE_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};
const PERIOD_UNITS: Readonly<Record<Period, Unit>> = { day: "d", week: "w", month: "M", year: "y" };
/** From small to large. */
const UNITS: readonly Unit[] = ["m", "h", "d", "w", "M", "y"];

/** Resolves the dates of one query: now and the reader's zone are fixed. */
export class MomentReader {
  readonly #clock: WallClock;
  readonly #nowMs: number;
  readonly #firstDaysOfWeek: readonly number[];

  constructor(context: JqlContext) {
    this.#clock = createWallClock(context.timeZone);
    this.#nowMs = context.nowMs;
    // Weeks begin on Saturday, Sunday or Monday, depending on where one lives.
    this.#firstDaysOfWeek = context.firstDayOfWeek === undefined ? [6, 0, 1] : [context.firstDayOfWeek];
  }

  /** A literal as a moment; undefined when Jira would not take it for a date, or nobody knows for which. */
  readLiteral(text: string, isNumber: boolean): Moment | undefined {
    if (isNumber) return text.startsWith("-") ? undefined : this.#exact(Number(text));
    return this.#readAbsolute(text) ?? this.#readRelative(text);
  }

  /** The value of a date function; undefined when it is none, or its argument is not understood. */
  readFunction(name: string, args: readonly string[]): Moment | undefined {
    if (name === "now") return args.length === 0 ? this.#exact(this.#nowMs) : undefined;
    const [, edge, period] = /^(start|end)of(day|week|month|year)$/.exec(name) ?? [];
    const increment = parseIncrement(args);
    if (edge === undefined || !isPeriod(period) || increment === undefined) return undefined;
    const unit = increment.unit ?? PERIOD_UNITS[period];
    const walls = this.#boundaries(period, edge === "end" ? 1 : 0, { amount: increment.amount, unit });
    const later = unit === "h" || unit === "m" ? increment.amount * (unit === "h" ? HOUR_MS : MINUTE_MS) : 0;
    const shift = later - (edge === "end" ? 1 : 0);
    const instants = walls.map((wallMs) => this.#clock.toFirstInstant(wallMs));
    return this.#withDays({
      earliest: Math.min(...instants.map((range) => range.earliest)) + shift,
      latest: Math.max(...instants.map((range) => range.latest)) + shift,
    });
  }

  /** Wall times at which the wanted period may begin. */
  #boundaries(period: Period, periodsLater: 0 | 1, increment: { amount: number; unit: Unit }): number[] {
    const { earliest, latest } = this.#clock.toWall(this.#nowMs);
    const distance = UNITS.indexOf(increment.unit) - UNITS.indexOf(PERIOD_UNITS[period]);
    return [earliest, latest].flatMap((wallMs) =>
      (period === "week" ? this.#firstDaysOfWeek : [0]).flatMap((firstDay) => {
        const begin = (from: number): number =>
          addToWall(beginOf(from, period, firstDay), periodsLater, PERIOD_UNITS[period]);
        const shifted = (from: number): number => addToWall(from, increment.amount, increment.unit);
        // startOfMonth("+14d") is the 15th: a smaller step goes from the boundary. With a larger one, the order of the
        // two steps is not documented.
        if (distance < 0) return [shifted(begin(wallMs))];
        return distance === 0 ? [begin(shifted(wallMs))] : [begin(shifted(wallMs)), shifted(begin(wallMs))];
      }),
    );
  }

  #readAbsolute(text: string): Moment | undefined {
    const match = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?: (\d{1,2}):(\d{1,2}))?$/.exec(text);
    if (match === null) return undefined;
    const [year = 0, , month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map((part) => Number(part ?? 0));
    const dayMs = Date.UTC(year, month - 1, day);
    const isReal = new Date(dayMs).getUTCMonth() === month - 1 && day > 0 && hour < 24 && minute < 60;
    if (!isReal) return undefined;
    const wallMs = dayMs + hour * HOUR_MS + minute * MINUTE_MS;
    const wallDay = dayMs / DAY_MS;
    return { ...this.#clock.toInstant(wallMs), precisionMs: MINUTE_MS, firstDay: wallDay, lastDay: wallDay };
  }

  #readRelative(text: string): Moment | undefined {
    const match = /^([-+]?)(\d+[wdhm]?(?: +\d+[wdhm]?)*)$/.exec(text);
    const [, sign = "", amounts = ""] = match ?? [];
    // Digits alone may be minutes or milliseconds.
    if (match === null || (sign === "" && /^\d+$/.test(amounts))) return undefined;
    const total = amounts.split(/ +/).reduce((sum, part) => {
      const unit = part.replace(/^\d+/, "");
      return sum + Number.parseInt(part, 10) * (RELATIVE_UNITS_MS[unit] ?? 0);
    }, 0);
    return this.#exact(this.#nowMs + (sign === "-" ? -total : total));
  }

  #exact(epochMs: number): Moment {
    return this.#withDays({ earliest: epochMs, latest: epochMs });
  }

  #withDays({ earliest, latest }: InstantRange): Moment {
    return {
      earliest,
      latest,
      precisionMs: 0,
      firstDay: Math.floor(this.#clock.toWall(earliest).earliest / DAY_MS),
      lastDay: Math.floor(this.#clock.toWall(latest).latest / DAY_MS),
    };
  }
}

/** Whether an instant is before a moment. */
export function isBefore(epochMs: number, moment: Moment): Verdict {
  return epochMs < moment.earliest ? "yes" : epochMs >= moment.latest ? "no" : "unknown";
}

/** Whether an instant is after a moment. */
export function isAfter(epochMs: number, moment: Moment): Verdict {
  if (epochMs <= moment.earliest) return "no";
  return epochMs > moment.latest && epochMs >= moment.latest + moment.precisionMs ? "yes" : "unknown";
}

export function isSameInstant(epochMs: number, moment: Moment): Verdict {
  if (epochMs < moment.earliest || (epochMs > moment.latest && epochMs >= moment.latest + moment.precisionMs)) {
    return "no";
  }
  return moment.earliest === moment.latest && moment.precisionMs === 0 ? "yes" : "unknown";
}

/** Whether a calendar day is the day of a moment. */
export function isSameDay(day: number, moment: Moment): Verdict {
  if (day < moment.firstDay || day > moment.lastDay) return "no";
  return moment.firstDay === moment.lastDay ? "yes" : "unknown";
}

function isPeriod(text: string | undefined): text is Period {
  return text !== undefined && text in PERIOD_UNITS;
}

function parseIncrement(args: readonly string[]): { amount: number; unit: Unit | undefined } | undefined {
  const [argument, ...rest] = args;
  if (argument === undefined) return { amount: 0, unit: undefined };
  const [, amount, unit] = /^([-+]?\d{1,6})([mhdwMy]?)$/.exec(argument) ?? [];
  if (amount === undefined || rest.length > 0) return undefined;
  return { amount: Number(amount), unit: UNITS.find((candidate) => candidate === unit) };
}

function beginOf(wallMs: number, period: Period, firstDayOfWeek: number): number {
  const date = new Date(wallMs);
  const dayMs = Math.floor(wallMs / DAY_MS) * DAY_MS;
  switch (period) {
    case "day":
      return dayMs;
    case "week":
      return dayMs - ((date.getUTCDay() - firstDayOfWeek + 7) % 7) * DAY_MS;
    case "month":
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    case "year":
      return Date.UTC(date.getUTCFullYear(), 0, 1);
  }
}

/** Days and more by the calendar; hours and minutes are added to the instant instead, across changes of the clock. */
function addToWall(wallMs: number, amount: number, unit: Unit): number {
  switch (unit) {
    case "m":
    case "h":
      return wallMs;
    case "d":
      return wallMs + amount * DAY_MS;
    case "w":
      return wallMs + amount * 7 * DAY_MS;
    case "M":
      return addMonths(wallMs, amount);
    case "y":
      return addMonths(wallMs, amount * 12);
  }
}

/** The same day of another month, or its last day when it has no such day. */
function addMonths(wallMs: number, amount: number): number {
  const date = new Date(wallMs);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + amount;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const dayMs = Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay));
  return dayMs + (((wallMs % DAY_MS) + DAY_MS) % DAY_MS);
}
