import type { Random } from "../jq/random.ts";
import type { LocalCalendar } from "./local-calendar.ts";
import type { RawIssue } from "./raw-issue.ts";
import { NO, combine, oneOf, opposite, truly } from "./truth.ts";
import type { Truth } from "./truth.ts";

/** A piece of JQL together with what it means, said once more as a predicate on the raw issue. */
export interface Clause {
  readonly jql: string;
  readonly judge: (issue: RawIssue) => Truth;
  /** The meaning of `NOT (jql)`. */
  readonly judgeNegated: (issue: RawIssue) => Truth;
}

export interface Scene {
  readonly random: Random;
  readonly calendar: LocalCalendar;
  readonly nowMs: number;
  readonly currentUser: string;
  readonly firstDayOfWeek: 0 | 1;
}

const OPPOSITE: Readonly<Record<string, string>> = {
  "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "~": "!~", "!~": "~",
  in: "not in", "not in": "in", is: "is not", "is not": "is",
}; // prettier-ignore

/** A comparison. Nothing documents whether `NOT a = b` is read as `a != b`, so both readings are allowed. */
export function compared(
  field: string,
  operator: string,
  operand: string,
  meaning: (operator: string, issue: RawIssue) => Truth,
): Clause {
  return {
    jql: `${field} ${operator} ${operand}`,
    judge: (issue) => meaning(operator, issue),
    judgeNegated: (issue) =>
      oneOf([opposite(meaning(operator, issue)), meaning(OPPOSITE[operator] ?? operator, issue)]),
  };
}

export function negated(clause: Clause): Clause {
  return { jql: `NOT (${clause.jql})`, judge: clause.judgeNegated, judgeNegated: clause.judge };
}

export function joined(word: "AND" | "OR", left: Clause, right: Clause): Clause {
  const and = (a: boolean, b: boolean): boolean => a && b;
  const or = (a: boolean, b: boolean): boolean => a || b;
  const [join, dual] = word === "AND" ? [and, or] : [or, and];
  return {
    jql: `(${left.jql}) ${word} (${right.jql})`,
    judge: (issue) => combine(left.judge(issue), right.judge(issue), join),
    judgeNegated: (issue) => combine(left.judgeNegated(issue), right.judgeNegated(issue), dual),
  };
}

/** `=`, `!=`, `in`, `not in`, `is`, `is not` over the values of a field, none of which is an empty field. */
export function membership<Value>(options: {
  readonly field: string;
  readonly operator: string;
  readonly operand: string;
  readonly acceptsEmpty: boolean;
  readonly values: (issue: RawIssue) => readonly Value[];
  readonly isHit: (value: Value) => Truth;
}): Clause {
  return compared(options.field, options.operator, options.operand, (operator, issue) => {
    const values = options.values(issue);
    const isPositive = operator === "=" || operator === "in" || operator === "is";
    if (values.length === 0) return truly(options.acceptsEmpty && isPositive);
    let hit: Truth = NO;
    for (const value of values) hit = combine(hit, options.isHit(value), (a, b) => a || b);
    return isPositive ? hit : opposite(hit);
  });
}

/** A relation between two numbers, or two texts that sort. */
export function relate<Value extends number | string>(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case "=":
    case "in":
      return left === right;
    case "!=":
    case "not in":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}
