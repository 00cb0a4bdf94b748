import { compared, relate } from "./clause.ts";
import type { Clause, Scene } from "./clause.ts";
import { toText, toUtc } from "./local-calendar.ts";
import type { RawIssue } from "./raw-issue.ts";
import { EITHER, NO, oneOf, truly } from "./truth.ts";
import type { Truth } from "./truth.ts";

/** A date as a query writes it, and what it may mean. */
interface DateOperand {
  readonly jql: string;
  /** Whether it names a minute and not an instant. */
  readonly isMinute: boolean;
  readonly instants: readonly number[];
  /** As days of the reader. */
  readonly days: readonly string[];
}

type Unit = "y" | "M" | "w" | "d" | "h" | "m";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const OPERATORS = ["=", "!=", "<", "<=", ">", ">="];
const PERIODS = { Day: "d", Week: "w", Month: "M", Year: "y" } as const;
const LENGTHS = "mhdwMy";

/** Clauses about dates. */
export const DATE_CLAUSES: readonly ((scene: Scene) => Clause)[] = [
  literal,
  literal,
  relative,
  epoch,
  boundary,
  boundary,
  now,
];

function literal(scene: Scene): Clause {
  const { random, calendar, nowMs } = scene;
  const around = toUtc(calendar.show(nowMs)) + random.integer(-3 * 1440, 3 * 1440) * MINUTE_MS;
  const grid = random.pick([1440, 60, 30, 1]) * MINUTE_MS;
  const shown = toText(Math.floor(around / grid) * grid);
  const day = shown.slice(0, 10);
  const text = shown.endsWith("00:00") && random.chance(0.7) ? day : shown;
  const spelled = random.chance(0.3) ? text.replaceAll("-", "/") : text;
  const jql = spelled === day ? spelled : `"${spelled}"`;
  return dateClause(scene, { jql, isMinute: true, instants: calendar.instantsOf(shown), days: [day] });
}

function relative(scene: Scene): Clause {
  const { random, nowMs } = scene;
  const [jql, agoMs] = random.pick<[string, number]>([
    ["-1w", 7 * DAY_MS], ["-1d", DAY_MS], ['"-1d 12h"', 1.5 * DAY_MS], ['"-90"', 90 * MINUTE_MS], ["-3h", DAY_MS / 8], ["1d", -DAY_MS], ['"+2h 30m"', -150 * MINUTE_MS],
  ]); // prettier-ignore
  return dateClause(scene, exactly(scene, jql, [nowMs - agoMs]));
}

function epoch(scene: Scene): Clause {
  const instant = scene.nowMs + scene.random.integer(-3 * 1440, 1440) * MINUTE_MS;
  return dateClause(scene, exactly(scene, String(instant), [instant]));
}

function now(scene: Scene): Clause {
  return dateClause(scene, exactly(scene, "now()", [scene.nowMs]));
}

function boundary(scene: Scene): Clause {
  const { random, calendar, nowMs } = scene;
  const edge = random.pick(["start", "end"]);
  const period = random.pick(["Day", "Day", "Week", "Month", "Year"] as const);
  const [argument, amount, unit] = random.pick<[string, number, Unit]>([
    ["", 0, PERIODS[period]], ["-1", -1, PERIODS[period]], ['"1"', 1, PERIODS[period]], ['"-1d"', -1, "d"], ['"+2w"', 2, "w"], ['"-1M"', -1, "M"], ["-3h", -3, "h"],
  ]); // prettier-ignore
  const today = calendar.show(nowMs).slice(0, 10);
  const begin = (day: string): string => beginOf(day, period, scene.firstDayOfWeek);
  const next = (day: string): string => begin(addTo(day, 1, PERIODS[period]));
  const cut = (day: string): string => (edge === "start" ? begin(day) : next(begin(day)));
  const difference = LENGTHS.indexOf(unit) - LENGTHS.indexOf(PERIODS[period]);
  const days = new Set<string>();
  if (difference >= 0) days.add(cut(addTo(today, amount, unit)));
  if (difference !== 0) days.add(addTo(cut(today), amount, unit));
  const laterMs = (unit === "h" ? amount * 60 * MINUTE_MS : 0) - (edge === "end" ? 1 : 0);
  const instants = [...days].map((day) => calendar.firstOf(`${day} 00:00`) + laterMs);
  return dateClause(scene, exactly(scene, `${edge}Of${period}(${argument})`, instants));
}

function exactly({ calendar }: Scene, jql: string, instants: readonly number[]): DateOperand {
  return { jql, isMinute: false, instants, days: instants.map((instant) => calendar.show(instant).slice(0, 10)) };
}

function dateClause({ random }: Scene, operand: DateOperand): Clause {
  const field = random.pick(["created", "updated", "resolved", "due"]);
  const operator = random.pick(OPERATORS);
  if (field === "due") {
    return compared(field, operator, operand.jql, (asked, { fields }) => {
      const { duedate } = fields;
      return duedate === null ? NO : between(operand.days, duedate, (day) => truly(relate(asked, duedate, day)));
    });
  }
  return compared(field, operator, operand.jql, (asked, issue) => {
    const instant = readDate(issue, field);
    if (instant === undefined) return NO;
    return between(operand.instants, instant, (meant) => judge(asked, instant, meant, operand.isMinute));
  });
}

/** The truth under every reading. Where several are possible, so is whatever lies between them. */
function between<Value extends number | string>(
  readings: readonly Value[],
  value: Value,
  ask: (reading: Value) => Truth,
): Truth {
  const isAmong = readings.some((reading) => reading < value) && readings.some((reading) => reading > value);
  return isAmong ? EITHER : oneOf(readings.map(ask));
}

function judge(operator: string, instant: number, meant: number, isMinute: boolean): Truth {
  const isWithin = isMinute && instant >= meant && instant < meant + MINUTE_MS;
  if (!isWithin || operator === "<" || operator === ">=") return truly(relate(operator, instant, meant));
  // On the very instant it is certainly not after; otherwise nothing says how seconds count.
  return instant === meant && operator === ">" ? NO : instant === meant && operator === "<=" ? truly(true) : EITHER;
}

function readDate({ fields }: RawIssue, field: string): number | undefined {
  const text = field === "created" ? fields.created : field === "updated" ? fields.updated : fields.resolutiondate;
  if (text === null) return undefined;
  const [, local = "", sign, hours, minutes] = /^(.+)([+-])(\d\d)(\d\d)$/.exec(text) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return Date.parse(`${local}Z`) - (sign === "-" ? -offset : offset);
}

function beginOf(day: string, period: keyof typeof PERIODS, firstDayOfWeek: number): string {
  switch (period) {
    case "Day":
      return day;
    case "Month":
      return `${day.slice(0, 8)}01`;
    case "Year":
      return `${day.slice(0, 4)}-01-01`;
    case "Week": {
      let first = day;
      while (new Date(`${first}T00:00Z`).getUTCDay() !== firstDayOfWeek) first = addTo(first, -1, "d");
      return first;
    }
  }
}

function addTo(day: string, amount: number, unit: Unit): string {
  if (unit === "h" || unit === "m") return day;
  if (unit === "d" || unit === "w") {
    return toText(toUtc(`${day} 00:00`) + amount * (unit === "w" ? 7 : 1) * DAY_MS).slice(0, 10);
  }
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const months = year * 12 + month - 1 + amount * (unit === "y" ? 12 : 1);
  const first = `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, "0")}`;
  for (let last = date; ; last--) {
    const candidate = `${first}-${String(last).padStart(2, "0")}`;
    if (toText(toUtc(`${candidate} 00:00`)).startsWith(candidate)) return candidate;
  }
}
