import type { CatalogSink, FullSession, WriteContext, WriteFlags } from "../model/catalog-sink.ts";
import type { Clock } from "../runtime/clock.ts";
import { toMessage } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { Semaphore } from "../runtime/semaphore.ts";
import type { LedgerStore } from "../store/ledger-store.ts";
import type { PlanStore } from "../store/plan-store.ts";
import type { Approval, ReadMode, ResourceRun, Run, RunStatus, RunStore } from "../store/run-store.ts";
import { findDisturbed } from "./find-disturbed.ts";
import { isFatal } from "./is-fatal.ts";
import type { Outlook } from "./outlook.ts";
import { ProjectWatch } from "./project-watch.ts";
import { readResource, type SyncResource } from "./read-resource.ts";
import { reconcile } from "./reconcile.ts";
import { mayMeet, toLanes } from "./resource-lanes.ts";
import { NO_COUNTS, RunRecorder } from "./run-recorder.ts";

/** A resource of the mapping that cannot be run. It is reported, and nothing is concluded from its absence. */
export type BrokenResource = Pick<ResourceRun, "bucket" | "kind" | "index"> & { readonly error: string };

export interface ResyncPlan {
  /** In the mapping's order. */
  readonly resources: readonly SyncResource[];
  readonly broken: readonly BrokenResource[];
  readonly flags: WriteFlags;
  readonly deletionThreshold: number | undefined;
  readonly outlook: Outlook;
  /** What of the mapping this Jira does not understand; kept with the run. */
  readonly doubts?: readonly string[];
}

export interface ResyncOptions {
  readonly trigger: Run["trigger"];
  readonly signal: AbortSignal;
  /** Read these kinds alone. */
  readonly kinds?: readonly string[];
  /** Undefined: trusting, and verifying what was not verified for `verifyIntervalMs`. */
  readonly mode?: ReadMode;
  readonly onProgress?: (progress: ResyncProgress) => void;
}

export interface ResyncProgress {
  readonly run: Run;
  /** How many objects each bucket is expected to have, as far as known. */
  readonly expectedTotals: ReadonlyMap<string, number>;
}

/** What a resync needs of a sink. */
export type ResyncSink = Pick<CatalogSink, "beginFull" | "findDisturbed">;

export interface ResyncServices {
  readonly sink: ResyncSink;
  readonly ledger: LedgerStore;
  readonly plans: PlanStore;
  readonly runs: Omit<RunStore, "exclusively">;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
  /** Names what this installation has read, e.g. `jira/my-jira-integration`. It must outlive releases: claims hang on it. */
  readonly dataSource: string;
  /** `$datasource` of what it writes, with the version in it. */
  readonly writtenAs: string;
  readonly verifyIntervalMs: number;
}

/** A run that was cut off longer ago is not taken up: what it had read may have changed since. */
const MAX_RESUME_AGE_MS = 60 * 60 * 1000;
/** Resources that are read at the same time. */
const MAX_PARALLEL_LANES = 3;
const MAX_PLANS_READ = 200;
const MAX_RUNS_READ = 200;
/** Entities named on the run that removed them by approval. */
const MAX_KEPT_REMOVALS = 500;

/** One full read of all resources: Jira to ledger to sink. Its guarantees are in docs/sync.md, I1 to I9. */
export class Resync {
  readonly #services: ResyncServices;

  constructor(services: ResyncServices) {
    this.#services = services;
  }

  async run(plan: ResyncPlan, options: ResyncOptions): Promise<Run> {
    const { sink, clock, runs, logger } = this.#services;
    const newest = await this.#findNewest();
    const recorder = new RunRecorder(this.#begin(plan, options, newest), runs, clock);
    await recorder.save();
    const expectedTotals = new Map<string, number>();
    const tell = (): void => options.onProgress?.({ run: recorder.run, expectedTotals });
    const context = this.#toWriteContext(recorder.run.id, plan.flags, options.signal);
    let session: FullSession | undefined;
    try {
      session = await sink.beginFull(context);
      const watch = await this.#openWatch(plan.outlook, newest, options.signal);
      recorder.set({ viewer: watch.viewer });
      const reading = { recorder, session, watch, newest, expectedTotals, tell };
      await this.#restore(plan, recorder, context);
      await this.#readAll(plan, reading, options.signal);
      await this.#conclude(plan, options, recorder, session);
      const isComplete = recorder.run.resources.every(({ status }) => status === "completed" || status === "skipped");
      return await this.#end(recorder, isComplete ? "completed" : "incomplete");
    } catch (error) {
      logger.warn({ runId: recorder.run.id, err: toMessage(error) }, "resync stopped");
      if (session !== undefined) await this.#abandon(session);
      // Without a session this attempt read nothing: what earlier ones have read keeps its worth.
      const isKept = options.signal.aborted || (session === undefined && recorder.run.attempt > 1);
      await this.#end(recorder, isKept ? "aborted" : "failed", toMessage(error));
      throw error;
    } finally {
      tell();
    }
  }

  /** Removes what plans that were approved hold, without reading anything. */
  async removeApproved(
    plan: Pick<ResyncPlan, "flags" | "deletionThreshold">,
    approval: Pick<Approval, "plan" | "by">,
    signal: AbortSignal,
  ): Promise<Run> {
    const { sink, clock, runs, plans, dataSource } = this.#services;
    const begun = { ...this.#beginNew("approval"), approval: { ...approval, removed: [] } };
    const recorder = new RunRecorder(begun, runs, clock);
    await recorder.save();
    let session: FullSession | undefined;
    try {
      session = await sink.beginFull(this.#toWriteContext(recorder.run.id, plan.flags, signal));
      const { deleted, stubsCreated } = await this.#reconcile(plan, session, recorder.run);
      recorder.addRemovals({ deleted: deleted.length, stubs: stubsCreated });
      recorder.set({ approval: { ...approval, removed: deleted.slice(0, MAX_KEPT_REMOVALS) } });
      recorder.set({ held: await plans.countHeld(dataSource) });
      return await recorder.end("completed");
    } catch (error) {
      if (session !== undefined) await this.#abandon(session);
      await recorder.end(signal.aborted ? "aborted" : "failed", toMessage(error));
      throw error;
    }
  }

  /** What ended the run is what there is to tell; most often it is in the way of this too. */
  async #abandon(session: FullSession): Promise<void> {
    await session.abandon().catch((error: unknown) => {
      this.#services.logger.warn({ err: toMessage(error) }, "relations that wait could not be completed");
    });
  }

  #toWriteContext(runId: string, flags: WriteFlags, signal: AbortSignal): WriteContext {
    return { runId, dataSource: this.#services.writtenAs, flags, signal };
  }

  async #end(recorder: RunRecorder, status: RunStatus, error?: string): Promise<Run> {
    if (status !== "aborted") await this.#services.ledger.forgetSeen(recorder.run.id);
    return recorder.end(status, error);
  }

  /** The newest run that read something. */
  async #findNewest(): Promise<Run | undefined> {
    const { runs, dataSource } = this.#services;
    for (const limit of [1, MAX_RUNS_READ]) {
      const found = (await runs.list(dataSource, limit)).find(({ trigger }) => trigger !== "approval");
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** True if a crash or a stop cut the run off so recently that what it read is still worth keeping. */
  #isCutOff(run: Run | undefined): run is Run {
    if (run?.status !== "running" && run?.status !== "aborted") return false;
    return this.#services.clock.now() - run.savedAtMs <= MAX_RESUME_AGE_MS;
  }

  #begin(plan: ResyncPlan, options: ResyncOptions, newest: Run | undefined): Run {
    const cutOff = this.#isCutOff(newest) ? newest : undefined;
    const broken = plan.broken.map((resource): ResourceRun => {
      const { bucket, kind, index, error } = resource;
      return { bucket, kind, index, error, fingerprint: "", status: "failed", counts: NO_COUNTS };
    });
    const resources = plan.resources.map((resource): ResourceRun => {
      const { bucket, kind, index, fingerprint } = resource;
      const before = newest?.resources.find((each) => each.bucket === bucket);
      const verifiedAtMs = before?.verifiedAtMs;
      const status = options.kinds?.includes(kind) === false ? "skipped" : "pending";
      const mode = options.mode ?? (cutOff && before?.mode) ?? this.#chooseMode(verifiedAtMs);
      // A verifying read that does not end stays due, however young the last complete one is.
      const isKept = verifiedAtMs !== undefined && (mode === "trusting" || status === "skipped");
      return { bucket, kind, index, fingerprint, status, mode, counts: NO_COUNTS, ...(isKept && { verifiedAtMs }) };
    });
    return {
      ...this.#beginNew(options.trigger),
      ...(cutOff && { id: cutOff.id, attempt: cutOff.attempt + 1, startedAtMs: cutOff.startedAtMs }),
      resources: [...resources, ...broken].toSorted((a, b) => a.index - b.index),
      ...(newest?.viewer && { viewer: newest.viewer }),
      ...(plan.doubts && plan.doubts.length > 0 && { doubts: plan.doubts }),
    };
  }

  #beginNew(trigger: Run["trigger"]): Run {
    const { dataSource, clock, newId } = this.#services;
    return {
      id: newId(),
      dataSource,
      trigger,
      status: "running",
      attempt: 1,
      startedAtMs: clock.now(),
      savedAtMs: clock.now(),
      resources: [],
      deleted: 0,
      stubs: 0,
      failures: [],
      failureCount: 0,
      warningCount: 0,
    };
  }

  #chooseMode(verifiedAtMs: number | undefined): ReadMode {
    const { clock, verifyIntervalMs } = this.#services;
    return verifiedAtMs !== undefined && clock.now() - verifiedAtMs < verifyIntervalMs ? "trusting" : "verifying";
  }

  async #openWatch(outlook: Outlook, newest: Run | undefined, signal: AbortSignal): Promise<ProjectWatch> {
    const { plans, dataSource } = this.#services;
    const decided = (await plans.list(dataSource, MAX_PLANS_READ))
      .filter(({ status }) => status !== "held" && status !== "superseded")
      .flatMap(({ projects }) => projects);
    return ProjectWatch.open(outlook, { viewer: newest?.viewer, decided }, signal);
  }

  /** What people changed or removed in the catalog is mapped and written again. */
  async #restore(plan: ResyncPlan, recorder: RunRecorder, context: WriteContext): Promise<void> {
    const { sink, ledger } = this.#services;
    const isVerified = ({ bucket }: SyncResource): boolean => {
      const { status, mode } = recorder.getResource(bucket);
      return status !== "skipped" && mode === "verifying";
    };
    const verified = plan.resources.filter(isVerified);
    const { missing } = await findDisturbed(verified, { sink, ledger, context });
    if (missing === 0) return;
    // Whatever pointed at what was removed has lost its relation, and looks untouched.
    for (const { bucket, hasRelations } of verified) if (hasRelations) recorder.setResource(bucket, { mode: "full" });
  }

  async #readAll(plan: ResyncPlan, reading: Reading, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const turns = new Semaphore(MAX_PARALLEL_LANES);
    const { recorder } = reading;
    const asked = plan.resources.filter(({ bucket }) => recorder.getResource(bucket).status !== "skipped");
    let failure: unknown;
    for (const lanes of toLanes(asked)) {
      await Promise.all(
        lanes.map(async (lane) => {
          const leave = await turns.acquire(either).catch(() => undefined); // another lane has failed for all
          try {
            for (const resource of leave === undefined ? [] : lane) {
              const later = lane.filter((other) => other.index > resource.index && mayMeet(resource, other));
              await this.#readOne(resource, { ...reading, later: later.map(({ bucket }) => bucket), signal: either });
            }
          } catch (error) {
            failure ??= error;
            stop.abort(error);
          } finally {
            leave?.();
          }
        }),
      );
      if (failure !== undefined) throw failure;
      signal.throwIfAborted();
    }
  }

  /** A resource that cannot be read fails alone, unless the reason holds for all of them. */
  async #readOne(
    resource: SyncResource,
    reading: Reading & { readonly later: readonly string[]; readonly signal: AbortSignal },
  ): Promise<void> {
    const { ledger, logger } = this.#services;
    const { recorder, session, newest, signal, later, tell, expectedTotals } = reading;
    const { id: runId, attempt, startedAtMs } = recorder.run;
    const { bucket, kind, fingerprint } = resource;
    const { mode = "verifying" } = recorder.getResource(bucket);
    const before = newest?.id === runId ? newest.resources.find((each) => each.bucket === bucket) : undefined;
    const isContinued = before?.fingerprint === fingerprint && before.mode === mode;
    recorder.setResource(bucket, { status: "running" });
    tell();
    try {
      await ledger.setFields(bucket, resource.fields ?? {});
      const onPage = (expectedTotal: number | undefined): void => {
        if (expectedTotal !== undefined) expectedTotals.set(bucket, expectedTotal);
        tell();
      };
      const context = { session, ledger, recorder, runId, attempt, mode, isContinued, later, signal, onPage };
      await readResource(resource, context);
      recorder.count(bucket, { vanished: await this.#dropUnseen(resource, reading) });
      recorder.setResource(bucket, {
        status: "completed",
        ...(mode !== "trusting" && { verifiedAtMs: startedAtMs }),
      });
    } catch (error) {
      recorder.setResource(bucket, { status: "failed", error: toMessage(error) });
      if (signal.aborted || isFatal(error)) throw error;
      logger.error({ kind, runId, err: toMessage(error) }, "a resource could not be read to its end");
    }
    await recorder.save();
  }

  /** Objects that a complete read did not list: gone, or held by a plan as long as it may be for want of permission. */
  async #dropUnseen(
    resource: SyncResource,
    { recorder, watch, signal }: Reading & { readonly signal: AbortSignal },
  ): Promise<number> {
    const { ledger, dataSource, newId, clock } = this.#services;
    const { bucket, kind } = resource;
    const { id: runId, attempt } = recorder.run;
    const { listed } = recorder.getResource(bucket).counts;
    const unseen = await ledger.listUnseen(bucket, runId, attempt);
    if (unseen.length === 0) return 0;
    const known = await ledger.countObjects(bucket);
    const verdict = await watch.judge(unseen, { kind, listed, known }, signal);
    const { doubtful, reason, projects } = verdict;
    // An index may lag behind: whoever is to go is asked for once more, past it.
    const unlisted = await resource.findUnlisted(
      verdict.gone.map(({ id }) => id),
      signal,
    );
    const gone = verdict.gone.filter(({ id }) => !unlisted.has(id));
    const toIds = (refs: typeof unseen): readonly string[] => refs.map(({ id }) => id);
    if (doubtful.length > 0) {
      const counted = { known: await ledger.countEntities(bucket), createdAtMs: clock.now() };
      const plan = { id: newId(), dataSource, runId, bucket, kind, reason, projects, ...counted };
      await ledger.dropObjects(bucket, toIds(doubtful), plan);
    }
    if (gone.length > 0) await ledger.dropObjects(bucket, toIds(gone));
    return gone.length;
  }

  async #conclude(
    plan: ResyncPlan,
    options: ResyncOptions,
    recorder: RunRecorder,
    session: FullSession,
  ): Promise<void> {
    const { ledger, plans, dataSource } = this.#services;
    if (plan.broken.length === 0 && options.kinds === undefined) {
      const current = new Set(plan.resources.map((resource) => resource.bucket));
      for (const bucket of await ledger.listBuckets(dataSource)) {
        if (!current.has(bucket)) await ledger.dropBucket(bucket);
      }
    }
    const { deleted, stubsCreated, failures } = await this.#reconcile(plan, session, recorder.run);
    recorder.set({ held: await plans.countHeld(dataSource) });
    recorder.addRemovals({ deleted: deleted.length, stubs: stubsCreated });
    recorder.addFailures(
      failures.flatMap((failure) => {
        if (failure.result !== "failed") return [];
        const { key, code, message } = failure;
        return [{ level: "error" as const, bucket: dataSource, object: key.identifier, code, message }];
      }),
    );
  }

  #reconcile(
    { flags, deletionThreshold }: Pick<ResyncPlan, "flags" | "deletionThreshold">,
    session: FullSession,
    { id, startedAtMs }: Pick<Run, "id" | "startedAtMs">,
  ) {
    const run = { id, atMs: startedAtMs, threshold: deletionThreshold, merges: flags.enableMergeEntity };
    return reconcile(session, run, this.#services);
  }
}

interface Reading {
  readonly recorder: RunRecorder;
  readonly session: FullSession;
  readonly watch: ProjectWatch;
  readonly newest: Run | undefined;
  readonly expectedTotals: Map<string, number>;
  readonly tell: () => void;
}
