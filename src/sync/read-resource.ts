import type { FullSession } from "../model/catalog-sink.ts";
import type { MappedObject } from "../mapping/resource-mapper.ts";
import type { RawObject, RawObjectRef, RawPage } from "../model/raw-object.ts";
import { must } from "../runtime/errors.ts";
import type { BucketFields, LedgerStore } from "../store/ledger-store.ts";
import type { ItemFailure, ReadMode } from "../store/run-store.ts";
import { KnownUpdates } from "./known-updates.ts";
import { PageWriter, type ComparedPage } from "./page-writer.ts";
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
  /** Which of these objects Jira has after all, though a complete read has not listed them. */
  findUnlisted(ids: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
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

/**
 * Reads one resource to its end and writes what changed. Throws when the read was not complete: then the ledger holds
 * what was read, and nothing may be concluded from what was not.
 */
export async function readResource(resource: SyncResource, context: ReadContext): Promise<void> {
  const { signal } = context;
  const skip = await toSkip(resource, context);
  const writer = new PageWriter({ ...context, bucket: resource.bucket });
  try {
    for await (const page of resource.read({ signal, skip })) {
      await writer.add(await comparePage(resource, page, context));
    }
  } catch (error) {
    // What it gave until then is still to be written. Should that fail too, the first error is the one to tell.
    await writer.finish().catch(() => undefined);
    throw error;
  }
  await writer.finish();
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

/** Compares a page with the ledger, and maps what changed. */
async function comparePage(
  resource: SyncResource,
  { objects, skipped, expectedTotal }: RawPage,
  { ledger, mode, recorder }: ReadContext,
): Promise<ComparedPage> {
  const { bucket, fingerprint } = resource;
  const known = await ledger.findObjects(
    bucket,
    objects.map(({ id }) => id),
  );
  const toState = ({ hash }: RawObject): string => `${fingerprint}:${hash}`;
  const isChanged = (object: RawObject): boolean => mode === "full" || known.get(object.id)?.state !== toState(object);
  const changed = objects.filter(isChanged);
  const mapped = changed.length > 0 ? await resource.map(changed) : [];
  return {
    changed: changed.map((object, index) => {
      const result = must(mapped[index], "every object has a result");
      const { id, key, updated } = object;
      return {
        ref: { id, ...(key !== undefined && { key }), ...(updated !== undefined && { updated }) },
        state: toState(object),
        mapped: result,
        failures: toFailures(bucket, object, result, recorder),
      };
    }),
    unchanged: [...objects.filter((object) => !isChanged(object)), ...skipped].map(({ id }) => id),
    expectedTotal,
  };
}

function toFailures(
  bucket: string,
  object: RawObject,
  { problems }: MappedObject,
  recorder: RunRecorder,
): readonly ItemFailure[] {
  return problems.map((problem) => ({
    bucket,
    object: object.key ?? object.id,
    ...problem,
    ...(recorder.keeps(problem.level) && { sample: toSample(object.body(), problem.expression) }),
  }));
}
