import type { FullSession, WriteOutcome } from "../model/catalog-sink.ts";
import type { EntityKey } from "../model/entity.ts";
import { hasErrors, type MappedObject } from "../mapping/resource-mapper.ts";
import type { RawObject, RawObjectRef, RawPage } from "../model/raw-object.ts";
import type { BucketFields, LedgerEntry, LedgerObject, LedgerStore } from "../store/ledger-store.ts";
import type { ItemFailure, ReadMode } from "../store/run-store.ts";
import { KnownUpdates } from "./known-updates.ts";
import { toSample } from "./raw-examples.ts";
import type { RunRecorder } from "./run-recorder.ts";

/** A resource of the mapping, ready to run. */
export interface SyncResource {
  readonly bucket: string;
  readonly kind: string;
  readonly index: number;
  readonly fingerprint: string;
  /** What its entities have from it, by blueprint; undefined if the blueprint is computed. */
  readonly fields: BucketFields | undefined;
  readonly hasRelations: boolean;
  read(options: {
    readonly signal: AbortSignal;
    readonly skip: (ref: RawObjectRef) => boolean;
  }): AsyncIterable<RawPage>;
  /** One result per object, in order. */
  map(objects: readonly RawObject[]): Promise<readonly MappedObject[]>;
}

export interface ReadContext {
  readonly session: FullSession;
  readonly ledger: LedgerStore;
  readonly recorder: RunRecorder;
  readonly runId: string;
  readonly attempt: number;
  readonly mode: ReadMode;
  /** True if earlier attempts of the run read this resource in the same way. */
  readonly isContinued: boolean;
  /** Buckets whose resources come later and may write the same entities: theirs is the last word. */
  readonly later: readonly string[];
  readonly signal: AbortSignal;
  readonly onPage: (expectedTotal: number | undefined) => void;
}

/** Pages between the reader and the disk at any time. */
const MAX_PAGES_IN_FLIGHT = 8;

/**
 * Reads one resource to its end and writes what changed. Throws when the read was not complete: then the ledger holds
 * what was read, and nothing may be concluded from what was not.
 */
export async function readResource(resource: SyncResource, context: ReadContext): Promise<void> {
  const { signal } = context;
  const skip = await toSkip(resource, context);
  const inFlight = new Set<Promise<void>>();
  const errors: unknown[] = [];
  try {
    for await (const page of resource.read({ signal, skip })) {
      const task = writePage(resource, page, context)
        .catch((error: unknown) => void errors.push(error))
        .finally(() => inFlight.delete(task));
      inFlight.add(task);
      if (inFlight.size >= MAX_PAGES_IN_FLIGHT) await Promise.race(inFlight);
      if (errors.length > 0) break;
    }
  } finally {
    // A read may end with an error after it gave all it could; what it gave is still being written.
    await Promise.all(inFlight);
  }
  if (errors.length > 0) throw errors[0];
}

/** Bodies that nobody needs: of what this run has read before, and of what a trusting read takes for unchanged. */
async function toSkip(
  { bucket, fingerprint }: SyncResource,
  { ledger, runId, mode, isContinued }: ReadContext,
): Promise<(ref: RawObjectRef) => boolean> {
  const doneBefore = new Set(isContinued ? await ledger.listSeen(bucket, runId) : []);
  if (mode !== "trusting") return (ref) => doneBefore.has(ref.id);
  const known = await KnownUpdates.load(ledger, bucket, fingerprint);
  return (ref) => doneBefore.has(ref.id) || known.has(ref);
}

/** One page: compare with the ledger, map what changed, write it, and only then remember it. */
async function writePage(resource: SyncResource, page: RawPage, context: ReadContext): Promise<void> {
  const { session, ledger, recorder, runId, attempt, mode, later } = context;
  const known = await ledger.findObjects(
    resource.bucket,
    page.objects.map((object) => object.id),
  );
  const toState = (object: RawObject): string => `${resource.fingerprint}:${object.hash}`;
  const isChanged = (object: RawObject): boolean => mode === "full" || known.get(object.id)?.state !== toState(object);
  const changed = page.objects.filter(isChanged);
  const mapped = changed.length > 0 ? await resource.map(changed) : [];
  if (later.length > 0) await ledger.forgetStates(listKeys(mapped), later);
  const outcomes = await putEntities(session, mapped);
  const entries = changed.map((object, index) =>
    toEntry(object, toState(object), mapped[index], outcomes[index] ?? [], known.get(object.id)),
  );
  const changedIds = new Set(changed.map((object) => object.id));
  await ledger.recordPage({
    bucket: resource.bucket,
    runId,
    attempt,
    entries,
    seen: [...page.objects, ...page.skipped].map((ref) => ref.id).filter((id) => !changedIds.has(id)),
  });
  recorder.count(resource.bucket, countPage(page, mapped, outcomes));
  for (const [index, object] of changed.entries()) {
    recorder.addFailures(toFailures(resource, object, mapped[index], outcomes[index] ?? [], recorder));
  }
  await recorder.saveSometimes();
  context.onPage(page.expectedTotal);
}

function listKeys(mapped: readonly MappedObject[]): readonly EntityKey[] {
  return mapped
    .flatMap((object) => object.entities)
    .flatMap(({ blueprint, identifier }) => (typeof identifier === "string" ? [{ blueprint, identifier }] : []));
}

/** Writes the entities of all objects in one page, and hands the outcomes back per object. */
async function putEntities(
  session: FullSession,
  mapped: readonly MappedObject[],
): Promise<readonly (readonly WriteOutcome[])[]> {
  const entities = mapped.flatMap((object) => object.entities);
  const outcomes = entities.length > 0 ? await session.putPage(entities) : [];
  let start = 0;
  return mapped.map((object) => outcomes.slice(start, (start += object.entities.length)));
}

/**
 * What the ledger remembers of an object. When something failed its claims stay as they were, joined by the new ones,
 * and its state stays unknown: an error never lets an entity go, and the next run tries again.
 */
function toEntry(
  object: RawObject,
  state: string,
  mapped: MappedObject | undefined,
  outcomes: readonly WriteOutcome[],
  before: LedgerObject | undefined,
): LedgerEntry {
  const entities = outcomes.map((outcome) => outcome.key);
  const failed = (mapped !== undefined && hasErrors(mapped)) || outcomes.some((outcome) => outcome.result === "failed");
  const created = outcomes.flatMap((outcome) => (outcome.result === "created" ? [outcome.key] : []));
  return failed
    ? { ref: object, state: null, entities: [...(before?.entities ?? []), ...entities], created }
    : { ref: object, state, entities, created };
}

function countPage(page: RawPage, mapped: readonly MappedObject[], outcomes: readonly (readonly WriteOutcome[])[]) {
  const results = outcomes.flat().map((outcome) => outcome.result);
  const countOf = (result: WriteOutcome["result"]): number => results.filter((each) => each === result).length;
  return {
    listed: page.objects.length + page.skipped.length,
    unchanged: page.objects.length - mapped.length + page.skipped.length,
    mapped: mapped.length,
    filtered: mapped.reduce((sum, object) => sum + object.filtered, 0),
    rejected: mapped.reduce((sum, object) => sum + object.rejected, 0),
    created: countOf("created"),
    updated: countOf("updated"),
    same: countOf("unchanged"),
    failed: countOf("failed"),
  };
}

function toFailures(
  resource: SyncResource,
  object: RawObject,
  mapped: MappedObject | undefined,
  outcomes: readonly WriteOutcome[],
  recorder: RunRecorder,
): ItemFailure[] {
  const place = { bucket: resource.bucket, object: object.key ?? object.id };
  const failures = [
    ...(mapped?.problems ?? []).map((problem): ItemFailure => ({ ...place, ...problem })),
    ...outcomes.flatMap((outcome): ItemFailure[] =>
      outcome.result === "failed" ? [{ ...place, level: "error", code: outcome.code, message: outcome.message }] : [],
    ),
  ];
  return failures.map((failure) =>
    recorder.keeps(failure.level) ? { ...failure, sample: toSample(object.body(), failure.expression) } : failure,
  );
}
