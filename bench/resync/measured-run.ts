import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageFile from "../../package.json" with { type: "json" };
import type { JiraProcess } from "./jira-process.ts";
import { cpuSecondsOf, findPeakMemoryMb, machineCpuSeconds } from "./machine.ts";

export interface Measurement {
  readonly wallSeconds: number;
  /** User and system time of the process, its threads and its children. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly simulatorCpuSeconds: number;
  /** How many cores others kept busy meanwhile. */
  readonly foreignCores: number;
  /** What the process printed on its last line, as JSON. */
  readonly report: unknown;
}

const MEMORY_INTERVAL_MS = 20;

/** Flags that the product is started with; all sides get the same. */
const NODE_FLAGS = packageFile.scripts.quayside.split(" ").filter((word) => word.startsWith("--"));

/** What src/main.ts does for the product; all sides get it. */
const COMPILE_CACHE = join(tmpdir(), "node-compile-cache");

/** Runs a script of this folder from the start of its process to its end. Throws when it fails. */
export async function measureRun(
  script: string,
  options: {
    readonly jira: JiraProcess;
    readonly env: Readonly<Record<string, string>>;
    readonly nodeFlags?: readonly string[];
  },
): Promise<Measurement> {
  const { jira, env, nodeFlags = [] } = options;
  const file = new URL(script, import.meta.url).pathname;
  const before = readCounters(jira);
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...NODE_FLAGS, ...nodeFlags, file], {
    // Nothing else from outside: a setting of the person who runs this must not reach the product.
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let peakMb = 0;
  const watch = setInterval(() => (peakMb = findPeakMemoryMb(child.pid ?? 0) ?? peakMb), MEMORY_INTERVAL_MS);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number | null];
  const wallSeconds = (performance.now() - startedMs) / 1000;
  clearInterval(watch);
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${output}`);
  const after = readCounters(jira);
  const cpuSeconds = after.children - before.children;
  const simulatorCpuSeconds = after.simulator - before.simulator;
  const ours = cpuSeconds + simulatorCpuSeconds + (after.own - before.own);
  return {
    wallSeconds,
    cpuSeconds,
    peakMb,
    simulatorCpuSeconds,
    foreignCores: Math.max(0, after.machine - before.machine - ours) / wallSeconds,
    report: JSON.parse(output.trimEnd().split("\n").at(-1) ?? "null"),
  };
}

function readCounters(jira: JiraProcess) {
  return { ...cpuSecondsOf("self"), simulator: jira.cpuSeconds(), machine: machineCpuSeconds() };
}
