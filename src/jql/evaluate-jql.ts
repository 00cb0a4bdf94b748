import { equalsTarget, relatesToTarget } from "./compare-item.ts";
import type { RankReader } from "./compare-item.ts";
import { compileHistory } from "./evaluate-history.ts";
import { toFieldName } from "./jql-fields.ts";
import type { JqlClause, JqlComparison, JqlOperator, JqlQuery } from "./jql-query.ts";
import { toTargets } from "./jql-target.ts";
import { allOf, anyOf, not, toVerdict } from "./jql-value.ts";
import type { JqlContext, JqlFieldValue, JqlItem, JqlSubject, Verdict } from "./jql-value.ts";
import { matchText } from "./match-text.ts";
import { MomentReader } from "./moment.ts";

type Test = (subject: JqlSubject) => Verdict;

/** Whether the query matches the subject. For many subjects, compile the query once with `compileJql`. */
export function evaluateJql(query: JqlQuery, subject: JqlSubject, context: JqlContext): Verdict {
  return compileJql(query, context)(subject);
}

/**
 * The query as a function of a subject. Dates, zones and functions are resolved here, once. Where Jira's own reading of
 * a clause is not documented, the answer is "unknown", and never wrong.
 */
export function compileJql(query: JqlQuery, context: JqlContext): (subject: JqlSubject) => Verdict {
  if (query.where === undefined) return () => "yes";
  return new JqlCompiler(context).compile(query.where, false);
}

/** Jira rewrites a negation to the opposite operator, or does not: nothing says which, and empty fields tell them apart. */
const OPPOSITES: Readonly<Record<JqlOperator, JqlOperator>> = {
  "=": "!=",
  "!=": "=",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
  "~": "!~",
  "!~": "~",
  in: "not in",
  "not in": "in",
  is: "is not",
  "is not": "is",
};

class JqlCompiler {
  readonly #context: JqlContext;
  readonly #moments: MomentReader;

  constructor(context: JqlContext) {
    this.#context = context;
    this.#moments = new MomentReader(context);
  }

  compile(clause: JqlClause, isNegated: boolean): Test {
    switch (clause.type) {
      case "and":
      case "or": {
        const tests = clause.clauses.map((part) => this.compile(part, isNegated));
        return (clause.type === "and") === isNegated
          ? (subject) => anyOf(tests, (test) => test(subject))
          : (subject) => allOf(tests, (test) => test(subject));
      }
      case "not":
        return this.compile(clause.clause, !isNegated);
      case "comparison":
        return this.#compileComparison(clause, isNegated);
      case "was":
      case "changed": {
        const test = compileHistory(clause, (operand) => toTargets(operand, this.#context, this.#moments));
        return isNegated ? (subject) => not(test(subject)) : test;
      }
    }
  }

  #compileComparison(clause: JqlComparison, isNegated: boolean): Test {
    // The values of entity properties are not among the fields of an issue.
    if (clause.field.properties.length > 0) return () => "unknown";
    const field = toFieldName(clause.field);
    const test = this.#compileOperator(clause, clause.operator);
    if (!isNegated) return (subject) => test(subject.read(field));
    const opposite = this.#compileOperator(clause, OPPOSITES[clause.operator]);
    return (subject) => {
      const value = subject.read(field);
      const verdict = opposite(value);
      return verdict === not(test(value)) ? verdict : "unknown";
    };
  }

  #compileOperator(clause: JqlComparison, operator: JqlOperator): (value: JqlFieldValue | undefined) => Verdict {
    const targets = toTargets(clause.operand, this.#context, this.#moments);
    const includesEmpty = toVerdict(targets.some((target) => target.type === "empty"));
    const equals = (item: JqlItem): Verdict => anyOf(targets, (target) => equalsTarget(item, target));
    switch (operator) {
      case "=":
      case "in":
      case "is":
        return onValue(includesEmpty, (items) => anyOf(items, equals));
      case "!=":
      case "not in":
        return onValue("no", (items) => not(anyOf(items, equals)));
      case "is not":
        return onValue("no", () => "yes");
      case "<":
      case "<=":
      case ">":
      case ">=": {
        const rank = this.#rankReader(toFieldName(clause.field));
        return onValue("no", (items) =>
          anyOf(items, (item) => anyOf(targets, (target) => relatesToTarget(item, operator, target, rank))),
        );
      }
      case "~":
      case "!~": {
        const test = this.#compileTextMatch(clause);
        return onValue("no", (items) => (operator === "~" ? anyOf(items, test) : not(anyOf(items, test))));
      }
    }
  }

  #rankReader(field: string): RankReader {
    const { rank } = this.#context;
    return rank && ((nameOrId) => rank(field, nameOrId));
  }

  #compileTextMatch({ operand }: JqlComparison): (item: JqlItem) => Verdict {
    const match = this.#context.matchText ?? matchText;
    return (item) => {
      if (item.type !== "text" || (operand.type !== "text" && operand.type !== "number")) return "unknown";
      const verdict = match(item.text, operand.text);
      return verdict === "no" && item.isPartial === true ? "unknown" : verdict;
    };
  }
}

function onValue(
  whenEmpty: Verdict,
  test: (items: readonly JqlItem[]) => Verdict,
): (value: JqlFieldValue | undefined) => Verdict {
  return (value) => {
    if (value === undefined) return "unknown";
    if (value.type === "empty") return whenEmpty;
    if (value.type !== "list") return test([value]);
    return value.items.length === 0 ? whenEmpty : test(value.items);
  };
}
