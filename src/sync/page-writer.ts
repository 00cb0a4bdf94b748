import type { FullSession, WriteOutcome } from "../model/catalog-sink.ts";
import type { EntityKey } from "../model/entity.ts";
import { hasErrors, type MappedObject } from "../mapping/resource-mapper.ts";
import type { RawObjectRef } from "../model/raw-object.ts";
import type { LedgerEntry, LedgerStore } from "../store/ledger-store.ts";
import type { ItemFailure } from "../store/run-store.ts";
import type { RunRecorder } from "./run-recorder.ts";

/** An object that is not what the ledger knows of it, and what became of it. Its body is not kept: it is large. */
export interface ChangedObject {
  readonly ref: RawObjectRef;
  readonly state: string;
  readonly mapped: MappedObject;
  /** What went wrong in mapping it. */
  readonly failures: readonly ItemFailure[];
}

/** A page that was read, compared with the ledger and mapped. */
export interface ComparedPage {
  readonly changed: readonly ChangedObject[];
  /** Ids of the others. */
  readonly unchanged: readonly string[];
  readonly expectedTotal: number | undefined;
}

export interface WriteContext {
  readonly session: FullSession;
  readonly ledger: LedgerStore;
  readonly recorder: RunRecorder;
  readonly bucket: string;
  readonly runId: string;
  readonly attempt: number;
  /** Buckets whose resources come later and may write the same entities: theirs is the last word. */
  readonly later: readonly string[];
  readonly onPage: (expectedTotal: number | undefined) => void;
}

/** A commit waits for the disk, whatever is in it. */
const CHANGES_PER_WRITE = 400;
/** That an object was seen is only evidence; after a crash it is read again. */
export const PAGES_PER_WRITE = 20;

/**
 * Writes what was read, several pages at a time: to the catalog first, and only then to the ledger. While one write is
 * under way the next is collected. After a write that failed nothing more is written.
 */
export class PageWriter {
  readonly #context: WriteContext;
  #collected: ComparedPage[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(context: WriteContext) {
    this.#context = context;
  }

  async add(page: ComparedPage): Promise<void> {
    this.#collected.push(page);
    const changes = this.#collected.reduce((sum, { changed }) => sum + changed.length, 0);
    if (changes >= CHANGES_PER_WRITE || this.#collected.length >= PAGES_PER_WRITE) await this.#begin();
  }

  /** Ends when everything is on disk. */
  async finish(): Promise<void> {
    await this.#begin();
    await this.#writing;
  }

  async #begin(): Promise<void> {
    await this.#writing;
    const pages = this.#collected;
    this.#collected = [];
    if (pages.length === 0) return;
    this.#writing = this.#write(pages);
    this.#writing.catch(() => undefined); // whoever comes next hears of it
  }

  async #write(pages: readonly ComparedPage[]): Promise<void> {
    const { session, ledger, recorder, bucket, runId, attempt, later, onPage } = this.#context;
    const changed = pages.flatMap((page) => page.changed);
    const unchanged = pages.flatMap((page) => page.unchanged);
    if (later.length > 0) await ledger.forgetStates(listKeys(changed), later);
    const outcomes = await putEntities(session, changed);
    const entries = await this.#toEntries(changed, outcomes);
    await ledger.recordPage({ bucket, runId, attempt, entries, seen: unchanged });
    recorder.count(bucket, count(changed, unchanged.length, outcomes));
    for (const [index, { ref, failures }] of changed.entries()) {
      recorder.addFailures([...failures, ...toFailures(bucket, ref, outcomes[index] ?? [])]);
    }
    await recorder.saveSometimes();
    onPage(pages.at(-1)?.expectedTotal);
  }

  /**
   * What the ledger remembers of the objects. When something failed, what the object claimed until now stays, joined by
   * the new, and its state stays unknown: an error never lets an entity go, and the next run tries again.
   */
  async #toEntries(
    changed: readonly ChangedObject[],
    outcomes: readonly (readonly WriteOutcome[])[],
  ): Promise<readonly LedgerEntry[]> {
    const { ledger, bucket } = this.#context;
    const isFailed = changed.map(({ mapped }, index) => hasErrors(mapped) || (outcomes[index] ?? []).some(isFailure));
    const failedIds = changed.filter((_, index) => isFailed[index]).map(({ ref }) => ref.id);
    // Asked now and not when the object was read: a listing may give an object twice, and the first may be just written.
    const known = failedIds.length > 0 ? await ledger.findObjects(bucket, failedIds) : new Map<string, never>();
    const claims = new Map<string, readonly EntityKey[]>();
    return changed.map(({ ref, state }, index) => {
      const results = outcomes[index] ?? [];
      const written = results.map(({ key }) => key);
      const created = results.flatMap(({ result, key }) => (result === "created" ? [key] : []));
      const before = claims.get(ref.id) ?? known.get(ref.id)?.entities ?? [];
      const entities = isFailed[index] ? [...before, ...written] : written;
      claims.set(ref.id, entities);
      return { ref, state: isFailed[index] ? null : state, entities, created };
    });
  }
}

function isFailure({ result }: WriteOutcome): boolean {
  return result === "failed";
}

function listKeys(changed: readonly ChangedObject[]): readonly EntityKey[] {
  return changed
    .flatMap(({ mapped }) => mapped.entities)
    .flatMap(({ blueprint, identifier }) => (typeof identifier === "string" ? [{ blueprint, identifier }] : []));
}

/** Writes the entities of all objects at once, and hands the outcomes back per object. */
async function putEntities(
  session: FullSession,
  changed: readonly ChangedObject[],
): Promise<readonly (readonly WriteOutcome[])[]> {
  const entities = changed.flatMap(({ mapped }) => mapped.entities);
  const outcomes = entities.length > 0 ? await session.putPage(entities) : [];
  let start = 0;
  return changed.map(({ mapped }) => outcomes.slice(start, (start += mapped.entities.length)));
}

function count(changed: readonly ChangedObject[], unchanged: number, outcomes: readonly (readonly WriteOutcome[])[]) {
  const results = outcomes.flat().map((outcome) => outcome.result);
  const countOf = (result: WriteOutcome["result"]): number => results.filter((each) => each === result).length;
  return {
    listed: changed.length + unchanged,
    unchanged,
    mapped: changed.length,
    filtered: changed.reduce((sum, { mapped }) => sum + mapped.filtered, 0),
    rejected: changed.reduce((sum, { mapped }) => sum + mapped.rejected, 0),
    created: countOf("created"),
    updated: countOf("updated"),
    same: countOf("unchanged"),
    failed: countOf("failed"),
  };
}

function toFailures(
  bucket: string,
  { id, key }: RawObjectRef,
  outcomes: readonly WriteOutcome[],
): readonly ItemFailure[] {
  return outcomes.flatMap((outcome): ItemFailure[] => {
    if (outcome.result !== "failed") return [];
    const { code, message } = outcome;
    return [{ bucket, object: key ?? id, level: "error", code, message }];
  });
}
