import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** As `node --cpu-prof` writes it. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ThreadProfile {
  /** 0 is the main thread; workers count on in the order of their start. */
  readonly thread: number;
  readonly busyUs: number;
  /** What functions cost without what they called, most first. */
  readonly functions: readonly (readonly [name: string, selfUs: number])[];
}

const IDLE = "(idle)";

/** The profiles in a folder, one per thread. */
export function readCpuProfiles(folder: string): readonly ThreadProfile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".cpuprofile"))
    .map((name) => {
      const profile = JSON.parse(readFileSync(join(folder, name), "utf8")) as CpuProfile;
      return { thread: Number(name.split(".")[4]), ...toSelfTimes(profile) };
    })
    .toSorted((a, b) => a.thread - b.thread);
}

function toSelfTimes({ nodes, samples, timeDeltas }: CpuProfile): Omit<ThreadProfile, "thread"> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, toName(callFrame)]));
  const selfUs = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? "";
    selfUs.set(name, (selfUs.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  selfUs.delete(IDLE);
  const functions = [...selfUs].toSorted(([, a], [, b]) => b - a);
  return { busyUs: functions.reduce((sum, [, us]) => sum + us, 0), functions };
}

function toName({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  const file = url.replace(/^.*\/(?=src\/|node_modules\/)/, "");
  return file === "" ? name : `${name} ${file}:${lineNumber + 1}`;
}
