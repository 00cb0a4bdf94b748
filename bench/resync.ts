/**
 * What a resync costs, against a floor measured in the same run: a process that fetches the same pages in the same way
 * and does nothing with them but `JSON.parse`.
 *
 *     npm run bench -- [--quick] [--issues N] [--million] [--profile]
 *
 * Prints tables, then one line of JSON. Ends with 1 when a target is missed, and with 2 when the run proves nothing:
 * others used the machine, or the simulator was too slow. `--quick` judges no times: 5,000 issues are too few.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toAccessVariables } from "./resync/access.ts";
import { readCpuProfiles } from "./resync/cpu-profile.ts";
import { cpuRatio, findFlaws, medianOf, SYNCS, wallRatio, type Round } from "./resync/figures.ts";
import { JiraProcess } from "./resync/jira-process.ts";
import { measureRun, type Measurement } from "./resync/measured-run.ts";
import { Workshop, type Mode } from "./resync/workshop.ts";

const MILLION = 1_000_000;
const LATENCY_MS = 150;
const SHOWN_FUNCTIONS = 30;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    issues: { type: "string" },
    million: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
  },
});
const isQuick = options.quick;
const issues = Number(options.issues ?? (options.profile ? 20_000 : isQuick ? 5_000 : 100_000));
const rounds = isQuick ? 1 : 3;
const latencyIssues = isQuick ? 1_000 : 20_000;

if (options.profile) await profile();
else await bench();

interface Target {
  readonly name: string;
  readonly text: string;
  readonly value: number;
  readonly most?: number;
  readonly least?: number;
  /** A time, which means nothing in a quick run. */
  readonly isTime: boolean;
}

async function bench(): Promise<void> {
  const measured = await measureRounds();
  const latency = await measureLatency();
  const million = options.million ? await measureMillion() : undefined;
  const targets = toTargets(measured, latency, million);
  const flaws = isQuick ? [] : findFlaws(measured, issues);
  printRounds(measured);
  printTargets(targets);
  for (const flaw of flaws) console.log(`VOID: ${flaw}`);
  const missed = targets.filter(isMissed).map(({ name }) => name);
  const figures = Object.fromEntries(targets.map(({ name, value }) => [name, round(value)]));
  console.log(JSON.stringify({ bench: "resync", issues, quick: isQuick, ...figures, missed, void: flaws }));
  process.exitCode = missed.length > 0 ? 1 : flaws.length > 0 ? 2 : 0;
}

async function measureRounds(): Promise<readonly Round[]> {
  const jira = await JiraProcess.start(issues);
  await measureFloor(jira); // both sides of the wire warm
  const measured: Round[] = [];
  while (measured.length < rounds) {
    const floor = await measureFloor(jira);
    const workshop = new Workshop(jira, issues);
    const cold = await workshop.sync("verifying");
    const verifying = await workshop.sync("verifying");
    const trusting = await workshop.sync("trusting");
    await jira.edit(issues / 100);
    const changed = await workshop.sync("trusting");
    workshop.remove();
    measured.push({ floor, cold, verifying, trusting, changed });
  }
  await jira.close();
  return measured;
}

function measureFloor(jira: JiraProcess): Promise<Measurement> {
  return measureRun("./floor-process.ts", { jira, env: toAccessVariables(jira.access) });
}

/** Behind the latency of a network: ours, and the reference's way of asking. */
async function measureLatency(): Promise<{ readonly ours: Measurement; readonly reference: Measurement }> {
  const jira = await JiraProcess.start(latencyIssues, LATENCY_MS);
  const workshop = new Workshop(jira, latencyIssues);
  const ours = await workshop.sync("verifying");
  workshop.remove();
  const env = { ...toAccessVariables(jira.access), BENCH_LATENCY_MS: String(LATENCY_MS) };
  const reference = await measureRun("./reference-process.ts", { jira, env });
  await jira.close();
  return { ours, reference };
}

async function measureMillion(): Promise<Measurement> {
  const jira = await JiraProcess.start(MILLION);
  const workshop = new Workshop(jira, MILLION);
  const cold = await workshop.sync("verifying");
  workshop.remove();
  await jira.close();
  return cold;
}

function toTargets(
  measured: readonly Round[],
  { ours, reference }: { readonly ours: Measurement; readonly reference: Measurement },
  million: Measurement | undefined,
): readonly Target[] {
  const ratio = (part: keyof Round, text: string, most: number): Target => {
    return { name: `${part}Wall`, text: `${text}, of the floor`, value: wallRatio(measured, part), most, isTime: true };
  };
  const written = (part: "verifying" | "trusting" | "changed", text: string, most: number): Target => {
    const value = Math.max(...measured.map((round) => round[part].written));
    return { name: `${part}Written`, text, value, most, isTime: false };
  };
  const peak = Math.max(...measured.flatMap((round) => SYNCS.map((part) => round[part].peakMb)));
  const coldCpu = medianOf(measured, ({ cold }) => cold.cpuSeconds / issues);
  const faster = reference.wallSeconds / ours.wallSeconds;
  return [
    ratio("cold", "cold: time", 3),
    { name: "coldCpu", text: "cold: CPU, of the floor", value: cpuRatio(measured, "cold"), most: 3.5, isTime: true },
    ratio("verifying", "unchanged, verifying: time", 1.2),
    ratio("trusting", "unchanged, trusting: time", 0.3),
    ratio("changed", "1 % changed, trusting: time", 0.35),
    written("verifying", "unchanged, verifying: entities written", 0),
    written("trusting", "unchanged, trusting: entities written", 0),
    written("changed", "1 % changed: entities written", issues / 100),
    {
      name: "faster",
      text: `at ${LATENCY_MS} ms, times faster than the reference`,
      value: faster,
      least: 10,
      isTime: true,
    },
    { name: "peakMb", text: "peak memory, MB", value: peak, most: 350, isTime: false },
    ...(million === undefined ? [] : toMillionTargets(million, coldCpu)),
  ];
}

function toMillionTargets(million: Measurement, coldCpu: number): readonly Target[] {
  const value = million.cpuSeconds / MILLION / coldCpu;
  return [
    {
      name: "millionCpu",
      text: `1,000,000 issues: CPU per issue, of that at ${issues}`,
      value,
      most: 1.3,
      isTime: true,
    },
    { name: "millionMb", text: "1,000,000 issues: peak memory, MB", value: million.peakMb, most: 512, isTime: false },
  ];
}

function isMissed({ value, most, least, isTime }: Target): boolean {
  if (isQuick && isTime) return false;
  return (most !== undefined && value > most) || (least !== undefined && value < least);
}

function printRounds(measured: readonly Round[]): void {
  console.log(`${issues} issues, medians of ${measured.length}`);
  console.log(
    "                 time s  of floor  CPU us/issue  of floor  peak MB  start s  simulator us  others, cores",
  );
  for (const part of ["floor", ...SYNCS] as const) {
    const median = (read: (run: Measurement) => number): number => medianOf(measured, (each) => read(each[part]));
    const start = part === "floor" ? "" : medianOf(measured, (each) => each[part].report.startupSeconds).toFixed(2);
    console.log(
      [
        part.padEnd(15),
        median((run) => run.wallSeconds)
          .toFixed(2)
          .padStart(8),
        wallRatio(measured, part).toFixed(2).padStart(10),
        median((run) => (run.cpuSeconds / issues) * 1e6)
          .toFixed(1)
          .padStart(14),
        cpuRatio(measured, part).toFixed(2).padStart(10),
        median((run) => run.peakMb)
          .toFixed(0)
          .padStart(9),
        start.padStart(9),
        median((run) => (run.simulatorCpuSeconds / issues) * 1e6)
          .toFixed(1)
          .padStart(14),
        median((run) => run.foreignCores)
          .toFixed(2)
          .padStart(15),
      ].join(""),
    );
  }
  console.log("");
}

function printTargets(targets: readonly Target[]): void {
  for (const target of targets) {
    const { text, value, most, least, isTime } = target;
    const bound = most === undefined ? `at least ${least}` : `at most ${most}`;
    const verdict = isQuick && isTime ? "not judged" : isMissed(target) ? "MISSED" : "";
    console.log(`${text.padEnd(58)}${round(value).toString().padStart(10)}  ${bound.padEnd(16)}${verdict}`);
  }
}

/** Where the time goes: a cold resync and an unchanged one, function by function. */
async function profile(): Promise<void> {
  const jira = await JiraProcess.start(issues);
  const workshop = new Workshop(jira, issues);
  const modes: readonly (readonly [string, Mode])[] = [
    ["cold", "verifying"],
    ["unchanged, verifying", "verifying"],
    ["unchanged, trusting", "trusting"],
  ];
  for (const [name, mode] of modes) {
    const folder = mkdtempSync(join(tmpdir(), "quayside-profile-"));
    const run = await workshop.sync(mode, ["--cpu-prof", `--cpu-prof-dir=${folder}`]);
    console.log(
      `\n${name}: ${run.wallSeconds.toFixed(2)} s, CPU ${((run.cpuSeconds / issues) * 1e6).toFixed(0)} us per issue`,
    );
    for (const { thread, busyUs, functions } of readCpuProfiles(folder)) {
      console.log(`\n  thread ${thread}: ${(busyUs / issues).toFixed(1)} us per issue`);
      for (const [text, us] of functions.slice(0, SHOWN_FUNCTIONS)) {
        console.log(`  ${(us / issues).toFixed(2).padStart(8)}  ${text}`);
      }
    }
    rmSync(folder, { recursive: true });
  }
  workshop.remove();
  await jira.close();
}

function round(figure: number): number {
  return Number(figure.toPrecision(4));
}
