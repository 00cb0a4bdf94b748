import type { EntityKey } from "../model/entity.ts";

export type RunStatus = "running" | "completed" | "incomplete" | "failed" | "aborted";
/** `skipped`: the run was asked for other kinds. */
export type ResourceStatus = "pending" | "running" | "completed" | "failed" | "skipped";
/** How much of Jira was read: what its listings call changed, all of it, or all of it and mapped and written anew. */
export type ReadMode = "trusting" | "verifying" | "full";

/** Counters of one resource of the mapping in one run. */
export interface ResourceCounts {
  /** Objects that Jira listed. */
  readonly listed: number;
  /** Objects in the state the ledger knows, by their hash or, in a trusting read, by Jira's word: not mapped. */
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
  readonly mode?: ReadMode;
  /** When the last complete read of everything began, in this run or an earlier one. */
  readonly verifiedAtMs?: number;
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
  /** What the expression looked at, as JSON, cut short and without what looks secret. */
  readonly sample?: string;
}

/** Who read, and what that account could see. */
export interface RunViewer {
  readonly accountId: string;
  readonly projects: readonly string[];
  /** Projects that an earlier run saw, and that Jira neither shows nor calls archived or deleted. */
  readonly hidden: readonly string[];
}

/** A removal that a person approved, carried out without reading anything. */
export interface Approval {
  readonly plan: string;
  /** Who approved it. */
  readonly by: string;
  /** The first of the entities that went; the run's `deleted` counts all. */
  readonly removed: readonly EntityKey[];
}

export interface Run {
  readonly id: string;
  readonly dataSource: string;
  readonly trigger: "start" | "schedule" | "manual" | "request" | "approval";
  readonly status: RunStatus;
  /** 1 for the first try; grows each time a run is taken up again after a crash. */
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly savedAtMs: number;
  readonly endedAtMs?: number;
  readonly resources: readonly ResourceRun[];
  readonly deleted: number;
  readonly stubs: number;
  /** Plans of removals that wait for a decision at the end of the run. */
  readonly held?: number;
  readonly viewer?: RunViewer;
  /** What the trigger "approval" was about; such a run has no resources. */
  readonly approval?: Approval;
  /** What the mapping says that this Jira does not understand, or no longer, such as the name of a renamed field. */
  readonly doubts?: readonly string[];
  readonly failures: readonly ItemFailure[];
  /** All errors, and all warnings, kept or not. */
  readonly failureCount: number;
  readonly warningCount: number;
  readonly error?: string;
}

/** One document per run; the newest are kept. */
export interface RunStore {
  /**
   * While `work` runs no other process works with the data source; `onWait` is called when one has to be waited for.
   * The signal that `work` gets is aborted with the given one, and when the data source may be another's meanwhile: then
   * its result is refused with ConflictError.
   */
  exclusively<Result>(
    dataSource: string,
    work: (signal: AbortSignal) => Promise<Result>,
    options: { readonly signal: AbortSignal; readonly onWait?: () => void },
  ): Promise<Result>;
  save(run: Run): Promise<void>;
  find(id: string): Promise<Run | undefined>;
  /** Newest first. */
  list(dataSource: string, limit: number): Promise<readonly Run[]>;
}
