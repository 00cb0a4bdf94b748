import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import type { LimitMeasure } from "./jq/limit-case-process.ts";
import { COMPILED_CASES, FALL_BACK_CASES } from "./jq/limit-cases.ts";

/**
 * What programs that want too much can take: time, memory and the main loop, one process for each. `npm run
 * bench:jq-limits -- --quick` takes some of them; `--case 3` one. With `--cpu-time` the engine's time limit and the target
 * for the main loop count CPU time, so that a busy machine shows what an idle one would.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    case: { type: "string" },
    "cpu-time": { type: "boolean", default: false },
  },
});

const MOST_PEAK_MIB = 400;
const MOST_BLOCKED_MS = 250;
const MOST_COMPILED_MS = 1000;
const MOST_FALL_BACK_MS = 2000;
/** For the answer of the worker that was asked to stop, and the page around it. */
const FALL_BACK_SLACK_MS = 250;
const PATIENCE_MS = 10_000;
const MOST_RUNS = 3;
/** As `npm start`. */
const NODE_OPTIONS = ["--max-semi-space-size=8", "--heap-growing-percent=100"];

interface Row extends LimitMeasure {
  readonly program: string;
  readonly missed: readonly string[];
}

const rows: Row[] = [];
for (const [index, one] of [...COMPILED_CASES, ...FALL_BACK_CASES].entries()) {
  const isWanted = options.case === undefined ? !options.quick || one.isQuick === true : index === Number(options.case);
  if (!isWanted) continue;
  const row = await measureCase(index, one.program);
  rows.push(row);
  printRow(index, row);
}

const missed = rows.filter((row) => row.missed.length > 0);
const most = (read: (row: Row) => number): number => Math.round(Math.max(...rows.map(read)));
console.log(
  JSON.stringify({
    cases: rows.length,
    quick: options.quick,
    cpuTime: options["cpu-time"],
    longestMs: most(({ ms }) => ms),
    longestBlockedMs: most(({ blockedMs }) => blockedMs),
    longestBlockedCpuMs: most(({ blockedCpuMs }) => blockedCpuMs),
    peakMiB: most(({ peakMiB }) => peakMiB),
    missed: missed.map((row) => `${row.program}: ${row.missed.join(", ")}`),
  }),
);
if (missed.length > 0) process.exitCode = 1;

/** On a busy machine the first run may miss what the next one does not: the best of some counts. */
async function measureCase(index: number, program: string): Promise<Row> {
  let best: Row | undefined;
  for (let run = 0; run < MOST_RUNS && (best === undefined || best.missed.length > 0); run++) {
    const measure = await runCase(index);
    const missed = listMissed(measure, index >= COMPILED_CASES.length);
    if (best === undefined || missed.length < best.missed.length || measure.blockedMs < best.blockedMs) {
      best = { ...measure, program, missed };
    }
  }
  return best as Row; // there is at least one run
}

function listMissed(measure: LimitMeasure, isFallBack: boolean): readonly string[] {
  const mostMs = isFallBack ? MOST_FALL_BACK_MS + FALL_BACK_SLACK_MS : MOST_COMPILED_MS;
  return [
    ...(measure.isFinal ? [] : ["no limit"]),
    ...(measure.ms > mostMs && !options["cpu-time"] ? ["time"] : []),
    ...((options["cpu-time"] ? measure.blockedCpuMs : measure.blockedMs) > MOST_BLOCKED_MS ? ["main loop"] : []),
    ...(measure.peakMiB > MOST_PEAK_MIB ? ["memory"] : []),
  ];
}

function printRow(index: number, row: Row): void {
  const cell = (value: number): string => String(Math.round(value)).padStart(6);
  const program = row.program.length > 74 ? `${row.program.slice(0, 73)}…` : row.program;
  console.log(
    `${String(index).padStart(3)}  ${program.padEnd(74)}  ${row.outcome.padEnd(12)}${cell(row.ms)} ms${cell(row.peakMiB)} MiB` +
      `  blocked${cell(row.blockedMs)} ms (CPU${cell(row.blockedCpuMs)})${row.missed.length > 0 ? `  MISSED: ${row.missed.join(", ")}` : ""}`,
  );
}

/** The case alone in a process, which is ended when it does not end. */
async function runCase(index: number): Promise<LimitMeasure> {
  const script = new URL("./jq/limit-case-process.ts", import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [...NODE_OPTIONS, script, String(index), options["cpu-time"] ? "cpu" : "wall"],
    {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: PATIENCE_MS,
      killSignal: "SIGKILL",
    },
  );
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => child.on("close", resolve));
  const printed = Buffer.concat(chunks).toString();
  if (printed !== "") return JSON.parse(printed.split("\n").at(-1) ?? "") as LimitMeasure; // the process prints one
  const nothing = { outcome: "did not end", isFinal: false, ms: PATIENCE_MS, cpuMs: 0 };
  return { ...nothing, blockedMs: PATIENCE_MS, blockedCpuMs: 0, peakMiB: 0 };
}
