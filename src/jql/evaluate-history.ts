import { equalsTarget } from "./compare-item.ts";
import { toFieldName } from "./jql-fields.ts";
import type { JqlChanged, JqlOperand, JqlPredicate, JqlWas } from "./jql-query.ts";
import type { JqlTarget } from "./jql-target.ts";
import { allOf, anyOf, not, toVerdict } from "./jql-value.ts";
import type { JqlChange, JqlFieldValue, JqlSubject, JqlUserItem, Verdict } from "./jql-value.ts";
import { isAfter, isBefore } from "./moment.ts";
import type { Moment } from "./moment.ts";

/** A time during which a field had one value. */
interface Spell {
  readonly value: JqlFieldValue;
  /** -Infinity for the value that the issue was created with. */
  readonly fromMs: number;
  /** Infinity for the present value. */
  readonly toMs: number;
  /** Who set the value; undefined when the issue was created with it. */
  readonly author: JqlUserItem | undefined;
}

interface Predicate {
  readonly name: JqlPredicate["name"];
  readonly targets: readonly JqlTarget[];
}

const HOUR_MS = 3_600_000;

/** `WAS` and `CHANGED` clauses as a function of a subject; "unknown" for subjects without the field's history. */
export function compileHistory(
  clause: JqlWas | JqlChanged,
  resolve: (operand: JqlOperand) => readonly JqlTarget[],
): (subject: JqlSubject) => Verdict {
  const field = toFieldName(clause.field);
  const predicates = clause.predicates.map(({ name, operand }) => ({ name, targets: resolve(operand) }));
  if (clause.type === "changed") {
    return (subject) => {
      const changes = subject.history?.(field);
      if (changes === undefined) return "unknown";
      return anyOf(changes, (change) => allOf(predicates, (predicate) => changeSatisfies(change, predicate)));
    };
  }
  const targets = resolve(clause.operand);
  const isNegative = clause.operator === "was not" || clause.operator === "was not in";
  return (subject) => {
    const changes = subject.history?.(field);
    const present = subject.read(field);
    if (changes === undefined || present === undefined) return "unknown";
    const verdict = anyOf(toSpells(changes, present), (spell) =>
      both(
        isOneOf(spell.value, targets),
        allOf(predicates, (predicate) => spellSatisfies(spell, predicate)),
      ),
    );
    return isNegative ? not(verdict) : verdict;
  };
}

function toSpells(changes: readonly JqlChange[], present: JqlFieldValue): Spell[] {
  const starts = [
    { value: changes[0]?.from ?? present, fromMs: -Infinity, author: undefined },
    ...changes.map(({ to, atMs, author }) => ({ value: to, fromMs: atMs, author })),
  ];
  return starts.map((start, index) => ({ ...start, toMs: changes[index]?.atMs ?? Infinity }));
}

function changeSatisfies(change: JqlChange, { name, targets }: Predicate): Verdict {
  if (name === "from") return isOneOf(change.from, targets);
  if (name === "to") return isOneOf(change.to, targets);
  return name === "by"
    ? isOneOf(change.author, targets)
    : overlaps(name, { fromMs: change.atMs, toMs: change.atMs }, targets);
}

function spellSatisfies(spell: Spell, { name, targets }: Predicate): Verdict {
  return name === "by"
    ? isOneOf(spell.author, targets)
    : name === "from" || name === "to"
      ? "unknown"
      : overlaps(name, spell, targets);
}

function isOneOf(value: JqlFieldValue | undefined, targets: readonly JqlTarget[]): Verdict {
  if (value === undefined) return "unknown";
  const items = value.type === "list" ? value.items : value.type === "empty" ? [] : [value];
  if (items.length === 0) return toVerdict(targets.some((target) => target.type === "empty"));
  return anyOf(items, (item) => anyOf(targets, (target) => equalsTarget(item, target)));
}

/** Whether a span of time touches what the dates of a predicate stand for. */
function overlaps(
  name: "after" | "before" | "on" | "during",
  span: { readonly fromMs: number; readonly toMs: number },
  targets: readonly JqlTarget[],
): Verdict {
  const [first, second] = targets.map(toMoment);
  if (first === undefined) return "unknown";
  switch (name) {
    case "before":
      return isBefore(span.fromMs, first);
    case "after":
      return isAfter(span.toMs, first);
    case "on":
      return both(not(isBefore(span.toMs, first)), isBefore(span.fromMs, toNextDay(first)));
    case "during":
      return second === undefined
        ? "unknown"
        : both(not(isBefore(span.toMs, first)), not(isAfter(span.fromMs, second)));
  }
}

function both(left: Verdict, right: Verdict): Verdict {
  if (left === "no" || right === "no") return "no";
  return left === "yes" && right === "yes" ? "yes" : "unknown";
}

function toMoment(target: JqlTarget): Moment | undefined {
  return target.type === "moment" || target.type === "literal" ? target.moment : undefined;
}

/** Days are 23 to 25 hours long. */
function toNextDay(moment: Moment): Moment {
  return { ...moment, earliest: moment.earliest + 23 * HOUR_MS, latest: moment.latest + 25 * HOUR_MS };
}
