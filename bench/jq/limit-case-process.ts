import { performance } from "node:perf_hooks";
import { JqWasmEngine } from "../../src/jq-wasm/jq-wasm-engine.ts";
import { CompiledJqEngine } from "../../src/jq/compiled-jq-engine.ts";
import { COMPILED_CASES, FALL_BACK_CASES } from "./limit-cases.ts";
import { LoopWatch } from "./loop-watch.ts";

/** What one case has cost the process that ran it. */
export interface LimitMeasure {
  readonly outcome: string;
  readonly isFinal: boolean;
  readonly ms: number;
  readonly cpuMs: number;
  /** The longest stretch in which the main loop did nothing else, by the clock and by the CPU time of its thread. */
  readonly blockedMs: number;
  readonly blockedCpuMs: number;
  readonly peakMiB: number;
}

/**
 * Runs the case whose number it is given, alone in this process, as a page of one expression and one object. With "cpu"
 * the engine's time is the CPU time of its thread.
 */
const one = [...COMPILED_CASES, ...FALL_BACK_CASES][Number(process.argv[2])];
if (one === undefined) throw new RangeError(`there is no case ${process.argv[2]}`);

const readCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
const options = process.argv[3] === "cpu" ? { stopwatch: readCpuMs } : {};
const engine = new CompiledJqEngine(new JqWasmEngine(), options);
const input = one.input?.() ?? null;
await engine.evaluatePage(["sin"], [1]); // the worker is there before anybody is in a hurry

const watch = new LoopWatch();
await watch.settle();
const cpu = process.cpuUsage();
const start = performance.now();
const { values, problems } = await engine.evaluatePage([one.program], [input]);
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
await watch.settle();
const longest = watch.stop();
const [problem] = problems;
const outcome =
  problem === undefined ? (values[0]?.[0] === undefined ? "no value" : "value") : (problem.limit ?? "error");

process.stdout.write(
  JSON.stringify({
    outcome,
    isFinal: one.mayFinish === true || problem?.limit !== undefined,
    ms,
    cpuMs: (user + system) / 1000,
    blockedMs: longest.wallMs,
    blockedCpuMs: longest.cpuMs,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  } satisfies LimitMeasure),
);
await engine.close();
