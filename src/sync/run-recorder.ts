import type { Clock } from "../runtime/clock.ts";
import { must } from "../runtime/errors.ts";
import type { ItemFailure, ResourceCounts, ResourceRun, Run, RunStatus, RunStore } from "../store/run-store.ts";

/** Failures of each level kept with a run; all are counted. */
const MAX_KEPT = { error: 500, warning: 100 } as const;
/** Counters reach the store at most this often while pages flow. */
const SAVE_INTERVAL_MS = 1000;

export const NO_COUNTS: ResourceCounts = {
  listed: 0,
  unchanged: 0,
  mapped: 0,
  filtered: 0,
  rejected: 0,
  created: 0,
  updated: 0,
  same: 0,
  failed: 0,
  vanished: 0,
};

/** The one writer of a run's document: everything that happens in a run is told to it. */
export class RunRecorder {
  #run: Run;
  readonly #runs: Pick<RunStore, "save">;
  readonly #clock: Clock;

  constructor(run: Run, runs: Pick<RunStore, "save">, clock: Clock) {
    this.#run = run;
    this.#runs = runs;
    this.#clock = clock;
  }

  get run(): Run {
    return this.#run;
  }

  getResource(bucket: string): ResourceRun {
    return must(
      this.#run.resources.find((resource) => resource.bucket === bucket),
      "a run knows all of its resources from the start",
    );
  }

  setResource(bucket: string, change: Partial<Pick<ResourceRun, "status" | "error" | "mode" | "verifiedAtMs">>): void {
    this.#change(bucket, (resource) => ({ ...resource, ...change }));
  }

  count(bucket: string, added: Partial<ResourceCounts>): void {
    this.#change(bucket, (resource) => ({
      ...resource,
      counts: Object.fromEntries(
        Object.entries(resource.counts).map(([name, value]) => [
          name,
          value + (added[name as keyof ResourceCounts] ?? 0),
        ]),
      ) as unknown as ResourceCounts, // same keys as before
    }));
  }

  addFailures(failures: readonly ItemFailure[]): void {
    if (failures.length === 0) return;
    const kept = [...this.#run.failures];
    const count = { error: this.#run.failureCount, warning: this.#run.warningCount };
    for (const failure of failures) {
      if (count[failure.level]++ < MAX_KEPT[failure.level]) kept.push(failure);
    }
    this.#run = { ...this.#run, failures: kept, failureCount: count.error, warningCount: count.warning };
  }

  /** Whether a failure of this level would be kept, and not just counted. */
  keeps(level: ItemFailure["level"]): boolean {
    const { failureCount, warningCount } = this.#run;
    return (level === "error" ? failureCount : warningCount) < MAX_KEPT[level];
  }

  set(change: Pick<Run, "held"> | Pick<Run, "viewer"> | Pick<Run, "approval">): void {
    this.#run = { ...this.#run, ...change };
  }

  addRemovals(removed: { readonly deleted: number; readonly stubs: number }): void {
    this.#run = { ...this.#run, deleted: this.#run.deleted + removed.deleted, stubs: this.#run.stubs + removed.stubs };
  }

  async save(): Promise<void> {
    this.#run = { ...this.#run, savedAtMs: this.#clock.now() };
    await this.#runs.save(this.#run);
  }

  async saveSometimes(): Promise<void> {
    if (this.#clock.now() - this.#run.savedAtMs >= SAVE_INTERVAL_MS) await this.save();
  }

  async end(status: RunStatus, error?: string): Promise<Run> {
    this.#run = { ...this.#run, status, endedAtMs: this.#clock.now(), ...(error !== undefined && { error }) };
    await this.save();
    return this.#run;
  }

  #change(bucket: string, change: (resource: ResourceRun) => ResourceRun): void {
    this.getResource(bucket);
    this.#run = {
      ...this.#run,
      resources: this.#run.resources.map((resource) => (resource.bucket === bucket ? change(resource) : resource)),
    };
  }
}
