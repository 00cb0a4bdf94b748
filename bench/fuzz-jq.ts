import { parseArgs } from "node:util";
import { REFUSED_BUILTINS } from "./jq/builtin-templates.ts";
import { CORPUS_PLAIN_SHARE, CORPUS_SIZE, CORPUS_SUITE } from "./jq/corpus-suite.ts";
import { Coverage } from "./jq/coverage.ts";
import { emptyTally, runDifferential, type Suite, type Tally } from "./jq/differential.ts";
import { DIFFERENCES, UNNAMED, type Difference } from "./jq/difference.ts";
import { GRAMMAR_SUITE } from "./jq/grammar-suite.ts";
import { Oracle } from "./jq/oracle.ts";
import { describeOutcome } from "./jq/outcome.ts";
import { makeSubject } from "./jq/subject.ts";

/**
 * Our jq beside real jq, on a corpus of expressions as mappings have them and on programs made from the grammar.
 * `npm run fuzz:jq -- --quick` is the short run; `--part grammar --seed 3 --case 17` repeats one case.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    part: { type: "string", default: "corpus,grammar" },
    seed: { type: "string", default: "1" },
    case: { type: "string" },
    programs: { type: "string" },
    show: { type: "string", default: "10" },
  },
});
const firstSeed = Number(options.seed);
const grammarPrograms = Number(options.programs ?? (options.quick ? 8_000 : 200_000));
const corpusSeeds = options.quick ? 1 : 4;
const TIMES_EACH = 500 / 200_000;

const oracle = new Oracle();
const subject = makeSubject();
const misses: string[] = [];
const figures: Record<string, unknown> = {};

try {
  if (options.case === undefined) await runAll();
  else for (const suite of listSuites()) await repeatCase(suite, Number(options.case));
} finally {
  await oracle.close();
}

async function runAll(): Promise<void> {
  const suites = listSuites();
  if (suites.includes(CORPUS_SUITE)) await runCorpus();
  if (suites.includes(GRAMMAR_SUITE)) await runGrammar();
  for (const miss of misses) console.log(`missed: ${miss}`);
  console.log(JSON.stringify({ seed: firstSeed, quick: options.quick, ...figures, missed: misses }));
  if (misses.length > 0) process.exitCode = 1;
}

function listSuites(): readonly Suite[] {
  const names = options.part.split(",");
  return [CORPUS_SUITE, GRAMMAR_SUITE].filter(({ name }) => names.includes(name));
}

async function runCorpus(): Promise<void> {
  const tally = emptyTally();
  for (let seed = firstSeed; seed < firstSeed + corpusSeeds; seed++) {
    await runDifferential({ suite: CORPUS_SUITE, seed, from: 0, to: CORPUS_SIZE, subject, oracle }, tally);
  }
  report(CORPUS_SUITE, tally, { expressions: CORPUS_SIZE, plainShare: round(CORPUS_PLAIN_SHARE), seeds: corpusSeeds });
  expect(tally.differing === 0, `corpus: ${tally.differing} programs differ, 0 may`);
  expect(share(tally.notCovered, tally) <= 0.01, `corpus: ${percent(tally.notCovered, tally)} not covered, 1 % may be`);
}

async function runGrammar(): Promise<void> {
  const builtins = await oracle.listBuiltins();
  const coverage = new Coverage(builtins.filter((name) => !REFUSED_BUILTINS.includes(name)));
  const suite: Suite = {
    ...GRAMMAR_SUITE,
    makeCase(seed, index) {
      const made = GRAMMAR_SUITE.makeCase(seed, index);
      coverage.add(made.program);
      return made;
    },
  };
  const tally = await runDifferential({ suite, seed: firstSeed, from: 0, to: grammarPrograms, subject, oracle });
  const times = Math.floor(TIMES_EACH * grammarPrograms);
  const rare = coverage.listRare(times);
  report(suite, tally, { kindsAndBuiltins: coverage.size, rarest: coverage.rarest });
  expect(rare.length === 0, `grammar: less than ${times} times each: ${rare.join(", ")}`);
  expect(
    share(tally.values, tally) >= 0.6,
    `grammar: ${percent(tally.values, tally)} of the results are values, 60 % should be`,
  );
  expect(
    tally.differing < tally.programs / 1000,
    `grammar: ${tally.differing} of ${tally.programs} programs differ, less than 0.1 % may`,
  );
  const unnamed = countClasses(tally).get(UNNAMED) ?? 0;
  expect(unnamed === 0, `grammar: ${unnamed} differences belong to no class that docs/jq.md names`);
}

function report(suite: Suite, tally: Tally, more: Readonly<Record<string, number>>): void {
  const { differences, notCoveredReasons, ...counts } = tally;
  const classes = countClasses(tally);
  const figure = {
    ...more,
    ...counts,
    valueShare: round(share(tally.values, tally)),
    notCoveredShare: round(share(tally.notCovered, tally)),
    classes: Object.fromEntries(classes),
  };
  figures[suite.name] = figure;
  console.log(`\n${suite.name}`);
  for (const [name, value] of Object.entries(figure)) console.log(`  ${name.padEnd(18)}${JSON.stringify(value)}`);
  const reasons = [...notCoveredReasons].sort(([, a], [, b]) => b - a).slice(0, Number(options.show));
  for (const [reason, count] of reasons) console.log(`  not covered ${String(count).padStart(6)}: ${reason}`);
  console.log("  programs that differ, by class");
  for (const name of [...DIFFERENCES, UNNAMED]) {
    const count = classes.get(name) ?? 0;
    if (count > 0 || name === UNNAMED) console.log(`    ${name.padEnd(40)}${String(count).padStart(6)}`);
  }
  const named = differences.filter((found) => found.class !== UNNAMED).slice(0, Number(options.show));
  const unnamed = differences.filter((found) => found.class === UNNAMED);
  for (const difference of [...unnamed, ...named]) printDifference(suite, difference);
}

function printDifference(
  suite: Suite,
  { class: name, door, seed, index, program, input, expected, actual }: Difference,
): void {
  console.log(`
  ${name} (${door}), seed ${seed}, case ${index}
    program   ${program}
    input     ${JSON.stringify(input)}
    real jq   ${describeOutcome(expected)}
    ours      ${describeOutcome(actual)}
    repeat    npm run fuzz:jq -- --part ${suite.name} --seed ${seed} --case ${index}`);
}

async function repeatCase(suite: Suite, index: number): Promise<void> {
  const one = suite.makeCase(firstSeed, index);
  const [outcomes = []] = await oracle.answer([one]);
  console.log(one.program);
  one.inputs.forEach((input, at) => {
    console.log(`  ${JSON.stringify(input)} => ${outcomes[at] ? describeOutcome(outcomes[at]) : "(nothing)"}`);
  });
  const tally = await runDifferential({ suite, seed: firstSeed, from: index, to: index + 1, subject, oracle });
  report(suite, tally, {});
  if (tally.differing > 0) process.exitCode = 1;
}

function countClasses({ differences }: Tally): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { class: name } of differences) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function expect(holds: boolean, miss: string): void {
  if (!holds) misses.push(miss);
}

function share(count: number, tally: Tally): number {
  return count / Math.max(1, tally.evaluations);
}

function percent(count: number, tally: Tally): string {
  return `${(share(count, tally) * 100).toFixed(2)} %`;
}

function round(ratio: number): number {
  return Number(ratio.toFixed(4));
}
