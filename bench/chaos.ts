/**
 * Chaos for the sync: faults, kills, drift, lost permissions, deletions, moves. After each, the catalog must hold exactly
 * what real jq and plain predicates make of the simulated Jira. Then mistakes are planted, and each must be noticed.
 *
 *     npm run chaos -- [--quick] [--seed N] [--only ROW] [--bug NAME]
 *
 * Prints a table, then one line of JSON; ends with 1 when a row is red, or a planted bug leaves its row green.
 */
import { parseArgs } from "node:util";
import { toMessage } from "../src/runtime/errors.ts";
import { PLANTED_BUGS, type PlantedBug } from "./chaos/planted-bugs.ts";
import type { Meddle } from "./chaos/quayside.ts";
import type { ChaosRow, RowOutcome } from "./chaos/row.ts";
import { ROWS } from "./chaos/rows.ts";

const SHOWN_PROBLEMS = 5;
const SHOWN_LENGTH = 600;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    bug: { type: "string" },
  },
});
const seed = Number(values.seed);
const repeat = `npm run chaos -- --seed ${seed}${values.quick ? " --quick" : ""}`;
const startedAt = performance.now();

const isAll = values.only === undefined && values.bug === undefined;
const rows = isAll ? ROWS : ROWS.filter(({ name }) => name === values.only);
const bugs = isAll ? PLANTED_BUGS : PLANTED_BUGS.filter(({ name }) => name === values.bug);
if (rows.length + bugs.length === 0) {
  const names = [...ROWS, ...PLANTED_BUGS].map(({ name }) => `  ${name}`).join("\n");
  throw new Error(`There is no such row or bug. There are:\n${names}`);
}

const results = [];
for (const row of rows) results.push(await judgeRow(row));
for (const bug of bugs) results.push(await judgeBug(bug));
const red = results.filter(({ verdict }) => verdict === "red").length;
console.log(
  JSON.stringify({ bench: "chaos", seed, quick: values.quick, red, seconds: secondsSince(startedAt), results }),
);
process.exitCode = red === 0 ? 0 : 1;

async function judgeRow(row: ChaosRow) {
  const { outcome, seconds } = await run(row, (seams) => seams);
  const isRed = outcome.problems.length > 0;
  const figures = Object.entries(outcome.figures).map(([name, value]) => `${name} ${value}`);
  say(isRed ? "red" : "green", row.name, seconds, figures.join(", "));
  if (isRed) {
    for (const problem of outcome.problems.slice(0, SHOWN_PROBLEMS))
      console.log(`    ${problem.slice(0, SHOWN_LENGTH)}`);
    console.log(`    repeat: ${repeat} --only '${row.name}'`);
  }
  return { row: row.name, verdict: isRed ? "red" : "green", seconds, ...outcome.figures };
}

async function judgeBug({ name, row, plant }: PlantedBug) {
  const { outcome, seconds } = await run(row, plant);
  const isNoticed = outcome.problems.length > 0;
  say(isNoticed ? "green" : "red", `planted: ${name}`, seconds, isNoticed ? `noticed by: ${row.name}` : "not noticed");
  if (!isNoticed) console.log(`    repeat: ${repeat} --bug '${name}'`);
  return { bug: name, verdict: isNoticed ? "green" : "red", seconds };
}

/** A row that cannot be run to its end is red too. */
async function run(row: ChaosRow, plant: Meddle): Promise<{ readonly outcome: RowOutcome; readonly seconds: number }> {
  const rowStartedAt = performance.now();
  const outcome = await row
    .run({ seed, isQuick: values.quick, plant })
    .catch((error: unknown): RowOutcome => ({ problems: [`broke off: ${toMessage(error)}`], figures: {} }));
  return { outcome, seconds: secondsSince(rowStartedAt) };
}

function say(verdict: "red" | "green", name: string, seconds: number, remark: string): void {
  console.log(`${verdict.padEnd(6)} ${name.padEnd(48)} ${seconds.toFixed(1).padStart(6)} s  ${remark}`);
}

function secondsSince(timeMs: number): number {
  return Math.round((performance.now() - timeMs) / 100) / 10;
}
