import { toEntityKeyText, type EntityKey } from "../model/entity.ts";
import type { RawObjectRef } from "../model/raw-object.ts";
import type { BucketFields, Claim, LedgerEntry, LedgerObject, LedgerPage, LedgerStore } from "../store/ledger-store.ts";
import type { NewRemovalPlan } from "../store/plan-store.ts";

const PAGE_SIZE = 1000;

/** What a bucket would look like. */
class PreviewBucket {
  readonly entries = new Map<string, LedgerEntry>();
  readonly seen = new Set<string>();
  readonly dropped = new Set<string>();
  /** Entities that objects of the bucket would let go of. */
  readonly lost = new Map<string, EntityKey>();
}

/** A ledger that reads the real one and keeps its own changes in memory: ids of what was seen, and what changed. */
export class PreviewLedger implements LedgerStore {
  /** Plans that would be made. */
  readonly held: (NewRemovalPlan & { readonly entities: number })[] = [];
  readonly #real: LedgerStore;
  readonly #buckets = new Map<string, PreviewBucket>();
  readonly #heldKeys = new Set<string>();
  /** Entities whose objects count as changed, in these buckets. */
  readonly #forgotten = new Map<string, ReadonlySet<string> | "all">();
  /** Claims that would be new. */
  readonly #claims = new Map<string, Claim[]>();

  constructor(real: LedgerStore) {
    this.#real = real;
  }

  async findObjects(bucket: string, ids: readonly string[]): Promise<ReadonlyMap<string, LedgerObject>> {
    const objects = await this.#real.findObjects(bucket, ids);
    const isForgotten = (object: LedgerObject): boolean =>
      object.entities.some((entity) => {
        const buckets = this.#forgotten.get(toEntityKeyText(entity));
        return buckets === "all" || buckets?.has(bucket) === true;
      });
    return new Map([...objects].map(([id, object]) => [id, isForgotten(object) ? { ...object, state: null } : object]));
  }

  listObjects(bucket: string, after: string, limit: number): Promise<readonly LedgerObject[]> {
    return this.#real.listObjects(bucket, after, limit);
  }

  listUpdates(bucket: string, statePrefix: string, after: string, limit: number) {
    return this.#real.listUpdates(bucket, statePrefix, after, limit);
  }

  countObjects(bucket: string): Promise<number> {
    return this.#real.countObjects(bucket);
  }

  async countEntities(bucket: string): Promise<number> {
    return (await this.#real.countEntities(bucket)) - (await this.#listLost(bucket)).length;
  }

  /** Real claims of objects that stay as they are, and those that would be new. */
  async listClaims(entities: readonly EntityKey[]): Promise<readonly Claim[]> {
    const real = (await this.#real.listClaims(entities)).filter(({ bucket, objectId }) => {
      const { entries, dropped } = this.#bucket(bucket);
      return !entries.has(objectId) && !dropped.has(objectId);
    });
    return [...real, ...entities.flatMap((entity) => this.#claims.get(toEntityKeyText(entity)) ?? [])];
  }

  async recordPage({ bucket, entries, seen }: LedgerPage): Promise<void> {
    const preview = this.#bucket(bucket);
    const before = await this.#real.findObjects(
      bucket,
      entries.map(({ ref }) => ref.id),
    );
    for (const entry of entries) {
      const objectId = entry.ref.id;
      preview.entries.set(objectId, entry);
      preview.seen.add(objectId);
      for (const entity of before.get(objectId)?.entities ?? []) preview.lost.set(toEntityKeyText(entity), entity);
      for (const entity of entry.entities) {
        const key = toEntityKeyText(entity);
        this.#claims.set(key, [...(this.#claims.get(key) ?? []), { entity, bucket, objectId }]);
      }
    }
    for (const id of seen) preview.seen.add(id);
  }

  listSeen(): Promise<readonly string[]> {
    return Promise.resolve([]); // a preview is never taken up
  }

  async listUnseen(bucket: string): Promise<readonly RawObjectRef[]> {
    const { seen } = this.#bucket(bucket);
    const unseen: RawObjectRef[] = [];
    for await (const { id, key } of this.#walk(bucket)) {
      if (!seen.has(id)) unseen.push({ id, ...(key !== undefined && { key }) });
    }
    return unseen;
  }

  async dropObjects(bucket: string, ids: readonly string[], plan?: NewRemovalPlan): Promise<void> {
    const preview = this.#bucket(bucket);
    const lost: EntityKey[] = [];
    for (let start = 0; start < ids.length; start += PAGE_SIZE) {
      const objects = await this.#real.findObjects(bucket, ids.slice(start, start + PAGE_SIZE));
      for (const { id, entities } of objects.values()) {
        preview.dropped.add(id);
        lost.push(...entities);
      }
    }
    for (const entity of lost) preview.lost.set(toEntityKeyText(entity), entity);
    if (plan !== undefined) await this.#hold(plan, lost);
  }

  listBuckets(dataSource: string): Promise<readonly string[]> {
    return this.#real.listBuckets(dataSource);
  }

  async dropBucket(bucket: string): Promise<number> {
    const ids: string[] = [];
    for await (const { id } of this.#walk(bucket)) ids.push(id);
    await this.dropObjects(bucket, ids);
    return ids.length;
  }

  async listUnclaimed(dataSource: string): Promise<readonly EntityKey[]> {
    const lost = [...this.#buckets.values()].flatMap((bucket) => [...bucket.lost.values()]);
    const all = [...(await this.#real.listUnclaimed(dataSource)), ...lost];
    const free = await this.#filterUnclaimed([...new Map(all.map((key) => [toEntityKeyText(key), key])).values()]);
    return free.filter((key) => !this.#heldKeys.has(toEntityKeyText(key)));
  }

  async countUnclaimed(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const bucket of this.#buckets.keys()) {
      const { length } = await this.#listLost(bucket);
      if (length > 0) counts.set(bucket, length);
    }
    return counts;
  }

  async holdUnclaimed(plan: NewRemovalPlan): Promise<void> {
    await this.#hold(plan, await this.#listLost(plan.bucket));
  }

  getFields(bucket: string): Promise<BucketFields> {
    return this.#real.getFields(bucket);
  }

  /** Entities that would lose a part of what they have are not foreseen. */
  listShrunk(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  listCreated(dataSource: string): Promise<readonly EntityKey[]> {
    return this.#real.listCreated(dataSource);
  }

  setFields(): Promise<void> {
    return Promise.resolve();
  }

  settleUnclaimed(): Promise<void> {
    return Promise.resolve();
  }

  forgetStates(keys: readonly EntityKey[], buckets?: readonly string[]): Promise<void> {
    for (const key of keys) {
      const text = toEntityKeyText(key);
      const before = this.#forgotten.get(text);
      if (buckets === undefined) this.#forgotten.set(text, "all");
      else if (before !== "all") this.#forgotten.set(text, new Set([...(before ?? []), ...buckets]));
    }
    return Promise.resolve();
  }

  forgetSeen(): Promise<void> {
    return Promise.resolve();
  }

  forgetAll(): Promise<void> {
    return Promise.resolve();
  }

  #bucket(name: string): PreviewBucket {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) this.#buckets.set(name, (bucket = new PreviewBucket()));
    return bucket;
  }

  async *#walk(bucket: string): AsyncGenerator<LedgerObject> {
    let page;
    do {
      page = await this.#real.listObjects(bucket, page?.at(-1)?.id ?? "", PAGE_SIZE);
      yield* page;
    } while (page.length === PAGE_SIZE);
  }

  async #listLost(bucket: string): Promise<readonly EntityKey[]> {
    const free = await this.#filterUnclaimed([...this.#bucket(bucket).lost.values()]);
    return free.filter((key) => !this.#heldKeys.has(toEntityKeyText(key)));
  }

  async #filterUnclaimed(keys: readonly EntityKey[]): Promise<readonly EntityKey[]> {
    const claimed = new Set((await this.listClaims(keys)).map(({ entity }) => toEntityKeyText(entity)));
    return keys.filter((key) => !claimed.has(toEntityKeyText(key)));
  }

  async #hold(plan: NewRemovalPlan, entities: readonly EntityKey[]): Promise<void> {
    const free = await this.#filterUnclaimed(entities);
    for (const key of free) this.#heldKeys.add(toEntityKeyText(key));
    if (free.length > 0) this.held.push({ ...plan, entities: free.length });
  }
}
