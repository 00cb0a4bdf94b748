import { expect, test } from "vitest";
import { fuzzEvaluation } from "../bench/jql/evaluation-fuzz.ts";
import { fuzzSyntax } from "../bench/jql/syntax-fuzz.ts";
import { compileJql } from "../src/jql/evaluate-jql.ts";
import type { JqlContext, JqlSubject, Verdict } from "../src/jql/jql-value.ts";
import { parseJql } from "../src/jql/parse-jql.ts";

type Compile = (jql: string, context: JqlContext) => (subject: JqlSubject) => Verdict;

const syntax = { seed: 7, count: 400 };
const evaluation = { seed: 7, queries: 200, issuesPerQuery: 25 };
/** Enough for every planted fault. */
const fewQueries = { seed: 7, queries: 75, issuesPerQuery: 20 };
const compile: Compile = (jql, context) => compileJql(parseJql(jql), context);

test("400 generated queries, half of them damaged, are read as Atlassian's parser reads them", () => {
  const report = fuzzSyntax({ ...syntax, parse: parseJql });
  expect(report.failures).toEqual([]);
  expect(report.invalid).toBeGreaterThan(50);
});

test.each([
  ["accepts everything", () => parseJql("a = b")],
  ["drops ORDER BY", (text: string) => ({ ...parseJql(text), orderBy: undefined })],
  ["does not know the word NOT", (text: string) => parseJql(text.replaceAll(/\bnot\b/gi, ""))],
])("a parser that %s is caught", (_fault, parse) => {
  expect(fuzzSyntax({ ...syntax, parse }).failures).not.toEqual([]);
});

test("5,000 pairs of query and issue in 25 zones are judged as the raw issue says", () => {
  const report = fuzzEvaluation({ ...evaluation, compile });
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ pairs: 5_000, zones: 25 });
});

test.each<[string, Compile]>([
  ["takes every zone for UTC", (jql, context) => compile(jql, { ...context, timeZone: "UTC" })],
  ["matches empty fields with !=", (jql, context) => compile(jql.replaceAll(/(\w+) != /g, "NOT $1 = "), context)],
  ["begins weeks on Saturday", (jql, context) => compile(jql, { ...context, firstDayOfWeek: 6 })],
  [
    "never says unknown",
    (jql, context) => {
      const verdictOf = compile(jql, context);
      return (subject) => (verdictOf(subject) === "yes" ? "yes" : "no");
    },
  ],
])("an evaluator that %s is caught", (_fault, faulty) => {
  expect(fuzzEvaluation({ ...fewQueries, compile: faulty }).failures).not.toEqual([]);
});
