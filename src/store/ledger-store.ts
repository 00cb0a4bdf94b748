import type { EntityKey } from "../model/entity.ts";
import type { RawObjectRef } from "../model/raw-object.ts";

/** What the ledger says of one raw object. */
export interface LedgerObject {
  readonly id: string;
  readonly key: string | undefined;
  readonly updated: string | undefined;
  /** Text that is equal only if nothing changed since the object was mapped; null = map it again (its last write failed). */
  readonly state: string | null;
  readonly entities: readonly EntityKey[];
}

export interface LedgerEntry {
  readonly ref: RawObjectRef;
  readonly state: string | null;
  readonly entities: readonly EntityKey[];
}

export interface LedgerPage {
  readonly bucket: string;
  readonly runId: string;
  readonly attempt: number;
  /** Objects whose claims are set anew. */
  readonly entries: readonly LedgerEntry[];
  /** Ids that were listed but need no new row: unchanged, or read before in this run. */
  readonly seen: readonly string[];
}

/**
 * One row per raw object and bucket, and the claims that follow from it. An entity whose last claim was dropped becomes
 * *unclaimed* in the same transaction and stays so until `settleUnclaimed`: a crash in between forgets nobody.
 */
export interface LedgerStore {
  findObjects(bucket: string, ids: readonly string[]): Promise<ReadonlyMap<string, LedgerObject>>;
  /** Ids recorded as seen by this run, in any attempt. */
  listSeen(bucket: string, runId: string): Promise<readonly string[]>;
  countObjects(bucket: string): Promise<number>;
  recordPage(page: LedgerPage): Promise<void>;
  /** Drops the objects of the bucket that this attempt of the run did not see. Returns how many. */
  dropUnseen(bucket: string, runId: string, attempt: number): Promise<number>;
  /** Buckets of a data source (their names start with it). */
  listBuckets(dataSource: string): Promise<readonly string[]>;
  /** Drops a bucket whole: its resource is no longer in the mapping. */
  dropBucket(bucket: string): Promise<number>;
  /** Unclaimed entities of a data source that still have no claim. */
  listUnclaimed(dataSource: string): Promise<readonly EntityKey[]>;
  /** The sink has removed these: forget them. */
  settleUnclaimed(dataSource: string, keys: readonly EntityKey[]): Promise<void>;
  /** Objects that claim one of these entities will be mapped again by the next run. */
  forgetStates(keys: readonly EntityKey[]): Promise<void>;
  /** The pages of ended runs are of no more use. */
  forgetSeen(runId: string): Promise<void>;
}
