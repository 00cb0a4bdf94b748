import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { CORPUS_SIZE, CORPUS_SUITE, TRAPS_SIZE } from "../bench/jq/corpus-suite.ts";
import { cutToPaths } from "../bench/jq/cut-to-paths.ts";
import { runDifferential, type Suite, type Tally } from "../bench/jq/differential.ts";
import { DIFFERENCES, UNNAMED } from "../bench/jq/difference.ts";
import { GRAMMAR_SUITE } from "../bench/jq/grammar-suite.ts";
import { Oracle } from "../bench/jq/oracle.ts";
import { describeOutcome, type Case, type Outcome } from "../bench/jq/outcome.ts";
import { PLANTED_BUGS } from "../bench/jq/planted-bugs.ts";
import { makeSubject, type Subject } from "../bench/jq/subject.ts";
import type { JqAnalysis } from "../src/jq/analyze-jq.ts";
import { compileJq } from "../src/jq/compile-jq.ts";
import { DEFAULT_LIMITS, MAX_STRING_LENGTH } from "../src/jq/jq-budget.ts";

const SEED = 1;
const CORPUS_STEP = 10;
const GRAMMAR_PROGRAMS = 600;

const oracle = new Oracle();
const answers = new Map<string, Promise<readonly (readonly Outcome[])[]>>();
afterAll(() => oracle.close());

/** Real jq is asked once; the engines with bugs are held against the same answers. */
function answer(cases: readonly Case[]): Promise<readonly (readonly Outcome[])[]> {
  const key = JSON.stringify(cases);
  const known = answers.get(key) ?? oracle.answer(cases);
  answers.set(key, known);
  return known;
}

interface SmallRun {
  readonly corpus: Tally;
  readonly grammar: Tally;
}

async function runSmall(subject: Subject): Promise<SmallRun> {
  const run = { seed: SEED, from: 0, subject, oracle: { answer } };
  const sample: Suite = {
    name: CORPUS_SUITE.name,
    makeCase: (seed, index) => CORPUS_SUITE.makeCase(seed, index * CORPUS_STEP),
  };
  const corpus = await runDifferential({ ...run, suite: CORPUS_SUITE, to: TRAPS_SIZE });
  await runDifferential({ ...run, suite: sample, to: Math.floor(CORPUS_SIZE / CORPUS_STEP) }, corpus);
  return { corpus, grammar: await runDifferential({ ...run, suite: GRAMMAR_SUITE, to: GRAMMAR_PROGRAMS }) };
}

/** The programs that do what they should not; known classes of difference aside. */
function listWrong({ corpus, grammar }: SmallRun): readonly string[] {
  const wrong = [...corpus.differences, ...grammar.differences.filter((found) => found.class === UNNAMED)];
  return wrong.map(({ program }) => program);
}

const sound = runSmall(makeSubject());

test("on a sample of the corpus and of made programs, our jq gives what real jq gives", async () => {
  const run = await sound;
  expect(listWrong(run)).toEqual([]);
  expect(run.corpus.notCovered / run.corpus.evaluations).toBeLessThan(0.01);
  expect(run.grammar.values / run.grammar.evaluations).toBeGreaterThan(0.6);
});

/** The first cells of the table of differences. */
function listDocumented(page: string): readonly string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith("Known differences")) ?? "";
  return [...section.matchAll(/^\| ([^|]+?) \|/gm)]
    .map(([, cell = ""]) => cell)
    .filter((cell) => !/^(class|-+)$/.test(cell));
}

test("docs/jq.md names exactly the classes of difference that are told apart", () => {
  const page = readFileSync(new URL("../docs/jq.md", import.meta.url), "utf8");
  expect([...listDocumented(page)].sort()).toEqual([...DIFFERENCES].sort());
});

test("docs/jq.md gives the limits as they are", () => {
  const page = readFileSync(new URL("../docs/jq.md", import.meta.url), "utf8");
  const { steps, timeMs, memoryBytes, outputBytes, backtracking } = DEFAULT_LIMITS;
  const mebi = (bytes: number): number => bytes / 2 ** 20;
  for (const [name, value] of [
    ["steps", steps.toLocaleString("en")],
    ["time", `${timeMs} ms`],
    ["memory", `${mebi(memoryBytes)} MiB`],
    ["memory", `${mebi(MAX_STRING_LENGTH)} Mi characters`],
    ["output", `${mebi(outputBytes)} MiB`],
    ["backtracking", backtracking.toLocaleString("en")],
  ] as const) {
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|.*\\| ${value} \\|$`, "m"));
  }
});

test.each(Object.entries(PLANTED_BUGS))("the sample catches this bug: %s", async (_, plant) => {
  const [usual, wrong] = [listWrong(await sound), listWrong(await runSmall(makeSubject(plant)))];
  expect(wrong.filter((program) => !usual.includes(program)).length).toBeGreaterThan(0);
});

/** The programs of the corpus that give something else once the input holds only the paths. */
function listHurt(choose: (program: string) => JqAnalysis["paths"]): readonly string[] {
  const subject = makeSubject();
  const cases = Array.from({ length: CORPUS_SIZE }, (_, index) => CORPUS_SUITE.makeCase(SEED, index));
  const hurt = cases.filter(({ program, inputs }) => {
    const { all } = subject(program);
    const paths = choose(program);
    return inputs.some((input) => describeOutcome(all(input)) !== describeOutcome(all(cutToPaths(input, paths))));
  });
  return hurt.map(({ program }) => program);
}

test("an input cut down to what the analysis names gives the same outputs", () => {
  expect(listHurt((program) => compileJq(program).analysis.paths)).toEqual([]);
});

test("an input cut down to nothing does not", () => {
  expect(listHurt(() => []).length).toBeGreaterThan(CORPUS_SIZE / 2);
});
