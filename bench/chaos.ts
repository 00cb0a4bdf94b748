/**
 * Chaos for the sync: faults, kills, drift, lost permissions, deletions, moves. After each, the catalog must hold exactly
 * what real jq and plain predicates make of the simulated Jira. Then mistakes are planted, and each must be noticed.
 *
 *     npm run chaos -- [--quick] [--seed N] [--only ROW] [--bug NAME]
 *
 * Prints a table, then one line of JSON; ends with 1 when a row is red, or a planted bug leaves its row green.
 */
import { parseArgs } from "node:util";
import { mapInOrder } from "../src/jira/map-in-order.ts";
import { toMessage } from "../src/runtime/errors.ts";
import { PLANTED_BUGS, type PlantedBug } from "./chaos/planted-bugs.ts";
import { Findings, type ChaosRow } from "./chaos/row.ts";
import { ROWS } from "./chaos/rows.ts";

interface Judgement {
  readonly row: string;
  /** Absent for the product as it is. */
  readonly bug?: string;
  readonly verdict: "red" | "green";
  readonly seconds: number;
  readonly figures?: Readonly<Record<string, number>>;
}

/** They wait for disks, workers and sockets about half of the time. */
const ROWS_AT_A_TIME = 3;
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

const isTimed = (row: ChaosRow): boolean => row.isTimed === true;
const jobs = [
  ...rows.filter((row) => !isTimed(row)).map((row) => () => judgeRow(row)),
  ...bugs.map((bug) => () => judgeBug(bug)),
];
const results: Judgement[] = [];
for (const row of rows.filter(isTimed)) results.push(await judgeRow(row));
const beside = { concurrency: ROWS_AT_A_TIME, signal: new AbortController().signal };
for await (const result of mapInOrder(jobs, beside, (job) => job())) results.push(result);
const red = results.filter(({ verdict }) => verdict === "red").length;
console.log(
  JSON.stringify({ bench: "chaos", seed, quick: values.quick, red, seconds: secondsSince(startedAt), results }),
);
process.exitCode = red === 0 ? 0 : 1;

async function judgeRow(row: ChaosRow): Promise<Judgement> {
  const findings = new Findings({ stopsAtFirst: false });
  const startedAt = performance.now();
  const figures = await row.run({ seed, isQuick: values.quick, findings, plant: (seams) => seams }).catch((error) => {
    findings.add("broke off", [toMessage(error)]);
    return {};
  });
  const seconds = secondsSince(startedAt);
  const { problems } = findings;
  const verdict = problems.length === 0 ? "green" : "red";
  say(
    verdict,
    row.name,
    seconds,
    Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
  );
  for (const problem of problems.slice(0, SHOWN_PROBLEMS)) console.log(`    ${problem.slice(0, SHOWN_LENGTH)}`);
  if (problems.length > 0) console.log(`    repeat: ${repeat} --only '${row.name}'`);
  return { row: row.name, verdict, seconds, figures };
}

/** A row that breaks off for another reason has not noticed the bug. */
async function judgeBug({ name, row, plant }: PlantedBug): Promise<Judgement> {
  const findings = new Findings({ stopsAtFirst: true });
  const startedAt = performance.now();
  const end = await row.run({ seed, isQuick: values.quick, findings, plant }).then(() => "not noticed", toMessage);
  const seconds = secondsSince(startedAt);
  const verdict = findings.problems.length > 0 ? "green" : "red";
  say(verdict, `planted: ${name}`, seconds, verdict === "green" ? `noticed by: ${row.name}` : end);
  if (verdict === "red") console.log(`    repeat: ${repeat} --bug '${name}'`);
  return { row: row.name, bug: name, verdict, seconds };
}

function say(verdict: "red" | "green", name: string, seconds: number, remark: string): void {
  console.log(`${verdict.padEnd(6)} ${name.padEnd(48)} ${seconds.toFixed(1).padStart(6)} s  ${remark}`);
}

function secondsSince(timeMs: number): number {
  return Math.round((performance.now() - timeMs) / 100) / 10;
}
