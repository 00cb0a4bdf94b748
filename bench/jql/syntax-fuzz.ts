import { JqlSyntaxError } from "../../src/jql/jql-syntax-error.ts";
import type { JqlQuery } from "../../src/jql/jql-query.ts";
import { printJql } from "../../src/jql/print-jql.ts";
import { Random } from "../jq/random.ts";
import { askOracle } from "./oracle.ts";
import { QueryTextGenerator } from "./query-text.ts";
import { toShape } from "./shape.ts";

export interface SyntaxReport {
  readonly queries: number;
  readonly valid: number;
  readonly invalid: number;
  readonly failures: readonly FuzzFailure[];
}

export interface FuzzFailure {
  /** Repeats the case alone. */
  readonly index: number;
  readonly query: string;
  readonly problem: string;
}

interface SyntaxFuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** Only this case. */
  readonly only?: number | undefined;
  readonly parse: (text: string) => JqlQuery;
}

/** Compares a parser with Atlassian's: every even case should be valid JQL, every odd one is a mutation of such. */
export function fuzzSyntax({ seed, count, only, parse }: SyntaxFuzzOptions): SyntaxReport {
  const failures: FuzzFailure[] = [];
  const indexes = only === undefined ? Array.from({ length: count }, (_, index) => index) : [only];
  let valid = 0;
  for (const index of indexes) {
    const generator = new QueryTextGenerator(new Random(seed, index));
    const text = generator.query();
    const query = index % 2 === 0 ? text : generator.mutate(text);
    const expected = askOracle(query);
    if (expected !== undefined) valid++;
    else if (index % 2 === 0) failures.push({ index, query, problem: "the generator wrote something that is not JQL" });
    const problem = compare(query, expected, parse);
    if (problem !== undefined) failures.push({ index, query, problem });
  }
  return { queries: indexes.length, valid, invalid: indexes.length - valid, failures };
}

function compare(query: string, expected: string | undefined, parse: (text: string) => JqlQuery): string | undefined {
  let parsed: JqlQuery;
  try {
    parsed = parse(query);
  } catch (thrown) {
    if (!(thrown instanceof JqlSyntaxError)) return `crashed: ${String(thrown)}`;
    return expected === undefined ? undefined : `refused: ${thrown.message}`;
  }
  const actual = toShape(parsed);
  if (expected === undefined) return `accepted as ${actual}`;
  if (actual !== expected) return `read as ${actual} instead of ${expected}`;
  const printed = printJql(parsed);
  const again = toShape(parse(printed));
  return again === actual ? undefined : `printed as ${printed}, which reads as ${again}`;
}
