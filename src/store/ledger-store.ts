import type { EntityKey } from "../model/entity.ts";
import type { RawObjectRef } from "../model/raw-object.ts";
import type { NewRemovalPlan } from "./plan-store.ts";

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
  /** Those of the entities that were not there before. Other objects that claim them count as changed from now on. */
  readonly created?: readonly EntityKey[];
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

/** Names of fields by blueprint. */
export type BucketFields = Readonly<Record<string, readonly string[]>>;

/** Who holds a claim on an entity. */
export interface Claim {
  readonly entity: EntityKey;
  readonly bucket: string;
  readonly objectId: string;
}

/**
 * One row per raw object and bucket, and the claims that follow from it. An entity whose last claim was dropped becomes
 * *unclaimed* in the same transaction and stays so until `settleUnclaimed`: a crash in between forgets nobody. What is
 * unclaimed may be *held* by a plan; then it is not to be removed until a person approves of it.
 */
export interface LedgerStore {
  findObjects(bucket: string, ids: readonly string[]): Promise<ReadonlyMap<string, LedgerObject>>;
  /** Objects of a bucket by growing id, from behind `after` ("" = from the first). */
  listObjects(bucket: string, after: string, limit: number): Promise<readonly LedgerObject[]>;
  /** Id and `updated` of objects that have one and whose state starts with `statePrefix`, by growing id. */
  listUpdates(
    bucket: string,
    statePrefix: string,
    after: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly updated: string }[]>;
  countObjects(bucket: string): Promise<number>;
  listClaims(entities: readonly EntityKey[]): Promise<readonly Claim[]>;
  /** How many entities the bucket claims. */
  countEntities(bucket: string): Promise<number>;
  /** What the entities of a bucket have from it, by blueprint: `title`, `properties.url`, `relations.project`. */
  setFields(bucket: string, fields: BucketFields): Promise<void>;
  getFields(bucket: string): Promise<BucketFields>;
  /** Entities that buckets of the data source let go of, while others still claim them. */
  listShrunk(dataSource: string): Promise<readonly { readonly entity: EntityKey; readonly bucket: string }[]>;
  recordPage(page: LedgerPage): Promise<void>;
  /** Ids recorded as seen by this run, in any attempt. */
  listSeen(bucket: string, runId: string): Promise<readonly string[]>;
  /** Objects of the bucket that this attempt of the run did not see. */
  listUnseen(bucket: string, runId: string, attempt: number): Promise<readonly RawObjectRef[]>;
  /** Drops objects with their claims. With a plan, what loses its last claim by that is held by it. */
  dropObjects(bucket: string, ids: readonly string[], plan?: NewRemovalPlan): Promise<void>;
  /** Buckets of a data source (their names start with it). */
  listBuckets(dataSource: string): Promise<readonly string[]>;
  /** Drops a bucket whole: its resource is no longer in the mapping. */
  dropBucket(bucket: string): Promise<number>;
  /** Unclaimed entities of a data source that still have no claim, and are not held. */
  listUnclaimed(dataSource: string): Promise<readonly EntityKey[]>;
  /** How many of those each bucket let go of without anybody having approved of it. */
  countUnclaimed(dataSource: string): Promise<ReadonlyMap<string, number>>;
  /** Holds all of those of the plan's bucket. */
  holdUnclaimed(plan: NewRemovalPlan): Promise<void>;
  /** The sink has removed these: forget them, and all that was claimed again. Plans without anything left are closed. */
  settleUnclaimed(dataSource: string, keys: readonly EntityKey[]): Promise<void>;
  /** Objects that claim one of these entities will be mapped again by the next run; in these buckets alone, if given. */
  forgetStates(keys: readonly EntityKey[], buckets?: readonly string[]): Promise<void>;
  /** The pages of ended runs are of no more use. */
  forgetSeen(runId: string): Promise<void>;
  /** Entities that were not there before this data source wrote them, and that it has not removed. */
  listCreated(dataSource: string): Promise<readonly EntityKey[]>;
  /** Forgets the data source: objects, claims, what is unclaimed, and what it created. */
  forgetAll(dataSource: string): Promise<void>;
}
