export type RunStatus = "running" | "completed" | "incomplete" | "failed" | "aborted";
export type ResourceStatus = "pending" | "running" | "completed" | "failed";

/** Counters of one resource of the mapping in one run. */
export interface ResourceCounts {
  /** Objects that Jira listed. */
  readonly listed: number;
  /** Objects in the state the ledger knows: not parsed, not mapped. */
  readonly unchanged: number;
  /** Objects mapped in this run. */
  readonly mapped: number;
  /** Objects the selector's query dropped. */
  readonly filtered: number;
  /** Objects (or items) without identifier or blueprint, or with an error in selector or mapping. */
  readonly rejected: number;
  readonly created: number;
  readonly updated: number;
  /** Entities that were mapped again and came out the same. */
  readonly same: number;
  readonly failed: number;
  /** Objects that vanished from a complete read. */
  readonly vanished: number;
}

export interface ResourceRun {
  readonly bucket: string;
  readonly kind: string;
  readonly index: number;
  /** What the resource was mapped by; see `toFingerprint`. */
  readonly fingerprint: string;
  readonly status: ResourceStatus;
  readonly counts: ResourceCounts;
  readonly error?: string;
}

/** Something that went wrong with one object, kept on the run. Never stops it. */
export interface ItemFailure {
  /** A warning costs one value (null instead); an error costs the object's entity. */
  readonly level: "error" | "warning";
  readonly bucket: string;
  /** Key or id of the raw object. */
  readonly object: string;
  readonly code: string;
  /** Where in the mapping, e.g. `properties.url`, when it is about an expression. */
  readonly field?: string;
  readonly expression?: string;
  readonly message: string;
}

export interface Run {
  readonly id: string;
  readonly dataSource: string;
  readonly trigger: "start" | "schedule" | "manual" | "request";
  readonly status: RunStatus;
  /** 1 for the first try; grows each time a run is taken up again after a crash. */
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly savedAtMs: number;
  readonly endedAtMs?: number;
  readonly resources: readonly ResourceRun[];
  readonly deleted: number;
  readonly stubs: number;
  readonly failures: readonly ItemFailure[];
  /** All errors, and all warnings, kept or not. */
  readonly failureCount: number;
  readonly warningCount: number;
  readonly error?: string;
}

/** One document per run; the newest are kept. */
export interface RunStore {
  save(run: Run): Promise<void>;
  find(id: string): Promise<Run | undefined>;
  /** Newest first. */
  list(dataSource: string, limit: number): Promise<readonly Run[]>;
}
