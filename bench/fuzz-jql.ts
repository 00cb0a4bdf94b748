/**
 * Checks the JQL parser against Atlassian's own and the evaluator against predicates on raw issues.
 *
 *     npm run fuzz:jql -- [--quick] [--seed N] [--part syntax|evaluation --only CASE]
 *
 * Prints a table, then one line of JSON; exits with 1 when anything disagrees.
 */
import { parseArgs } from "node:util";
import { compileJql } from "../src/jql/evaluate-jql.ts";
import { parseJql } from "../src/jql/parse-jql.ts";
import { fuzzEvaluation } from "./jql/evaluation-fuzz.ts";
import { fuzzSyntax } from "./jql/syntax-fuzz.ts";
import type { FuzzFailure } from "./jql/syntax-fuzz.ts";

const SHOWN_FAILURES = 5;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    part: { type: "string" },
    only: { type: "string" },
  },
});
const seed = Number(values.seed);
const only = values.only === undefined ? undefined : Number(values.only);
const size = values.quick ? { syntax: 2_000, queries: 1_000 } : { syntax: 20_000, queries: 10_000 };

const started = performance.now();
const failures: { part: string; failure: FuzzFailure }[] = [];
const summary: Record<string, unknown> = { seed };

if (values.part !== "evaluation") {
  const report = fuzzSyntax({ seed, count: size.syntax, only, parse: parseJql });
  failures.push(...report.failures.map((failure) => ({ part: "syntax", failure })));
  summary["syntax"] = { ...report, failures: report.failures.length };
}
if (values.part !== "syntax") {
  const compile = (jql: string, context: Parameters<typeof compileJql>[1]): ReturnType<typeof compileJql> =>
    compileJql(parseJql(jql), context);
  const report = fuzzEvaluation({ seed, queries: size.queries, issuesPerQuery: 100, only, compile });
  failures.push(...report.failures.map((failure) => ({ part: "evaluation", failure })));
  summary["evaluation"] = { ...report, failures: report.failures.length };
}

for (const { part, failure } of failures.slice(0, SHOWN_FAILURES)) {
  console.error(`${part}: ${failure.problem}\n  query:  ${JSON.stringify(failure.query)}`);
  console.error(`  repeat: npm run fuzz:jql -- --seed ${seed} --part ${part} --only ${failure.index}\n`);
}
console.table({ syntax: summary["syntax"], evaluation: summary["evaluation"] });
console.log(JSON.stringify({ bench: "fuzz:jql", ...summary, seconds: (performance.now() - started) / 1000 }));
process.exitCode = failures.length === 0 ? 0 : 1;
