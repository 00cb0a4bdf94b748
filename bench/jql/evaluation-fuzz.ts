import { createIssueReader } from "../../src/jql/issue-subject.ts";
import type { JqlContext, JqlSubject, Verdict } from "../../src/jql/jql-value.ts";
import { Random } from "../jq/random.ts";
import { joined, negated } from "./clause.ts";
import type { Clause, Scene } from "./clause.ts";
import { DATE_CLAUSES } from "./date-clauses.ts";
import { FIELD_CLAUSES } from "./field-clauses.ts";
import { LocalCalendar } from "./local-calendar.ts";
import { FIELDS, PRIORITIES, USERS, makeIssue } from "./raw-issue.ts";
import type { RawIssue } from "./raw-issue.ts";
import type { FuzzFailure } from "./syntax-fuzz.ts";
import type { Truth } from "./truth.ts";

export interface EvaluationReport extends Readonly<Record<Verdict, number>> {
  readonly queries: number;
  readonly pairs: number;
  readonly zones: number;
  readonly failures: readonly FuzzFailure[];
}

interface EvaluationFuzzOptions {
  readonly seed: number;
  readonly queries: number;
  readonly issuesPerQuery: number;
  /** Only this query. */
  readonly only?: number | undefined;
  readonly compile: (jql: string, context: JqlContext) => (subject: JqlSubject) => Verdict;
}

/** Zones that change their clocks at midnight, by half an hour, in the south, by a quarter off, or never. */
export const ZONES = [
  "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/St_Johns",
  "America/Havana", "America/Santiago", "America/Sao_Paulo", "America/Asuncion", "America/Scoresbysund", "Atlantic/Azores",
  "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Jerusalem", "Asia/Tehran", "Asia/Kolkata", "Asia/Kathmandu",
  "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati",
]; // prettier-ignore

const DAY_MS = 86_400_000;
const readIssue = createIssueReader({ fields: FIELDS });

/**
 * Compares an evaluator with predicates on the raw issues. "unknown" is right exactly where the predicates leave both
 * answers open, and nowhere else.
 */
export function fuzzEvaluation({
  seed,
  queries,
  issuesPerQuery,
  only,
  compile,
}: EvaluationFuzzOptions): EvaluationReport {
  const failures: FuzzFailure[] = [];
  const answers = { yes: 0, no: 0, unknown: 0 };
  const indexes = only === undefined ? Array.from({ length: queries }, (_, index) => index) : [only];
  const places = ZONES.map((timeZone) => ({
    timeZone,
    calendar: new LocalCalendar(timeZone),
    changes: findChanges(timeZone),
  }));
  for (const index of indexes) {
    const random = new Random(seed, index);
    const place = places[index % places.length];
    if (place === undefined) continue;
    const nowMs = pickNow(random, place.changes);
    const scene: Scene = {
      random,
      calendar: place.calendar,
      nowMs,
      currentUser: random.pick(USERS).accountId,
      firstDayOfWeek: random.pick([0, 1]),
    };
    const clause = makeClause(scene, random.integer(0, 3));
    const test = compile(clause.jql, toContext(scene, place.timeZone));
    for (const issue of random.list(issuesPerQuery, () => makeIssue(random, nowMs))) {
      const actual = test(readIssue(issue));
      const expected = toVerdict(clause.judge(issue));
      answers[actual]++;
      if (actual === expected) continue;
      const problem = `${place.timeZone}, now ${new Date(nowMs).toISOString()}: ${actual} instead of ${expected} for ${describe(issue)}`;
      failures.push({ index, query: clause.jql, problem });
      break;
    }
  }
  const pairs = answers.yes + answers.no + answers.unknown;
  return { queries: indexes.length, pairs, zones: ZONES.length, ...answers, failures };
}

function toContext({ nowMs, currentUser, firstDayOfWeek }: Scene, timeZone: string): JqlContext {
  const rank: JqlContext["rank"] = (field, nameOrId) => {
    const index = PRIORITIES.findIndex(({ id, name }) => id === nameOrId || name === nameOrId);
    return field === "priority" && index >= 0 ? index : undefined;
  };
  return { nowMs, timeZone, currentUser, firstDayOfWeek, rank };
}

function makeClause(scene: Scene, depth: number): Clause {
  const { random } = scene;
  if (depth === 0) return random.pick(random.chance(0.5) ? DATE_CLAUSES : FIELD_CLAUSES)(scene);
  if (random.chance(0.3)) return negated(makeClause(scene, depth - 1));
  return joined(random.pick(["AND", "OR"]), makeClause(scene, depth - 1), makeClause(scene, depth - 1));
}

/** Half of the time close to a change of the clocks, if there is any. */
function pickNow(random: Random, changes: readonly number[]): number {
  if (changes.length > 0 && random.chance(0.5)) return random.pick(changes) + random.integer(-DAY_MS, 2 * DAY_MS);
  return Date.UTC(2025, 0, 1) + random.integer(0, 730 * DAY_MS);
}

/** The days of two years, and of the one in which Samoa left out a day, on which a zone's clocks change. */
function findChanges(timeZone: string): number[] {
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone, timeStyle: "short" });
  const starts = [...range(Date.UTC(2011, 11, 20), 20), ...range(Date.UTC(2025, 0, 1), 730)];
  return starts.filter((start) => clock.format(start) !== clock.format(start + DAY_MS) || isSkip(timeZone, start));
}

function isSkip(timeZone: string, start: number): boolean {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone, day: "numeric" });
  const [before, after] = [start, start + DAY_MS].map((instant) => Number(day.format(instant)));
  return before !== undefined && after !== undefined && after - before === 2;
}

function range(startMs: number, days: number): number[] {
  return Array.from({ length: days }, (_, index) => startMs + index * DAY_MS);
}

function toVerdict(truth: Truth): Verdict {
  return truth.size === 2 ? "unknown" : truth.has(true) ? "yes" : "no";
}

function describe(issue: RawIssue): string {
  return JSON.stringify({ key: issue.key, ...issue.fields });
}
