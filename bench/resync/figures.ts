import type { Measurement } from "./measured-run.ts";
import type { SyncMeasurement } from "./workshop.ts";

/** One round: all of it at the same time of day, against the floor measured in it. */
export interface Round {
  readonly floor: Measurement;
  readonly cold: SyncMeasurement;
  readonly verifying: SyncMeasurement;
  readonly trusting: SyncMeasurement;
  readonly changed: SyncMeasurement;
}

export const SYNCS = ["cold", "verifying", "trusting", "changed"] as const satisfies readonly (keyof Round)[];

/** The median of what `read` finds in each round. */
export function medianOf(rounds: readonly Round[], read: (round: Round) => number): number {
  const sorted = rounds.map(read).toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

export function wallRatio(rounds: readonly Round[], part: keyof Round): number {
  return medianOf(rounds, (round) => round[part].wallSeconds / round.floor.wallSeconds);
}

export function cpuRatio(rounds: readonly Round[], part: keyof Round): number {
  return medianOf(rounds, (round) => round[part].cpuSeconds / round.floor.cpuSeconds);
}

/** Of the floor's CPU, so that it holds on any machine. */
const SIMULATOR_MAX_SHARE = 0.5;
const FOREIGN_MAX_CORES = 0.2;
const FLOOR_MIN_BUSY = 0.8;

/** Why the figures prove nothing; empty when they do. */
export function findFlaws(rounds: readonly Round[], issues: number): readonly string[] {
  const simulatorUs = medianOf(rounds, ({ floor }) => (floor.simulatorCpuSeconds / issues) * 1e6);
  const simulatorShare = medianOf(rounds, ({ floor }) => floor.simulatorCpuSeconds / floor.cpuSeconds);
  const busy = medianOf(rounds, ({ floor }) => floor.cpuSeconds / floor.wallSeconds);
  const foreign = medianOf(rounds, (round) => {
    const runs = [round.floor, ...SYNCS.map((part) => round[part])];
    const seconds = runs.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
    return runs.reduce((sum, run) => sum + run.foreignCores * run.wallSeconds, 0) / seconds;
  });
  const flaws: string[] = [];
  if (simulatorShare > SIMULATOR_MAX_SHARE) {
    flaws.push(
      `the simulator cost ${simulatorUs.toFixed(0)} us of CPU per issue, more than ${SIMULATOR_MAX_SHARE} of the floor's`,
    );
  }
  if (foreign > FOREIGN_MAX_CORES) {
    flaws.push(`others kept ${foreign.toFixed(2)} cores busy, more than ${FOREIGN_MAX_CORES}`);
  }
  if (busy < FLOOR_MIN_BUSY) {
    flaws.push(`the floor was busy for ${(busy * 100).toFixed(0)} % of its time, so it waited for the simulator`);
  }
  return flaws;
}
