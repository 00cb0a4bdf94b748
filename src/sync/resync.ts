import type { CatalogSink, FullSession, WriteFlags } from "../model/catalog-sink.ts";
import type { Clock } from "../runtime/clock.ts";
import { AbortError, AuthenticationError, ConfigurationError, toMessage } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { LedgerStore } from "../store/ledger-store.ts";
import type { Run, RunStatus, RunStore } from "../store/run-store.ts";
import { readResource, type SyncResource } from "./read-resource.ts";
import { NO_COUNTS, RunRecorder } from "./run-recorder.ts";

export interface ResyncPlan {
  readonly resources: readonly SyncResource[];
  readonly flags: WriteFlags;
  /** False if resources were left out because they are broken: then a bucket without a resource proves nothing. */
  readonly isWhole: boolean;
}

export interface ResyncProgress {
  readonly run: Run;
  /** The resource that is being read, or undefined at the end of the run. */
  readonly bucket: string | undefined;
  readonly expectedTotal: number | undefined;
}

export interface ResyncServices {
  readonly sink: CatalogSink;
  readonly ledger: LedgerStore;
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
  /** Names what this installation has read, e.g. `jira/my-jira-integration`. It must outlive releases: claims hang on it. */
  readonly dataSource: string;
  /** `$datasource` of what it writes, with the version in it. */
  readonly writtenAs: string;
}

/** A run that was cut off longer ago is not taken up: what it had read may have changed since. */
const MAX_RESUME_AGE_MS = 60 * 60 * 1000;
/** Below this many known objects a listing that comes back empty is believed. */
const MAX_BELIEVED_LOSS = 20;

/**
 * One full read of all resources: Jira to ledger to sink.
 *
 * I1: the sink has a page before the ledger remembers it.
 * I2: an object loses its claims only when its resource was read to the end in this very attempt without listing it.
 * I3: an entity is handed to the sink for removal only when the ledger holds no claim on it.
 * I4: a run that was cut off keeps its id and continues: objects it had read are not read again.
 */
export class Resync {
  readonly #services: ResyncServices;

  constructor(services: ResyncServices) {
    this.#services = services;
  }

  async run(
    plan: ResyncPlan,
    options: {
      readonly trigger: Run["trigger"];
      readonly signal: AbortSignal;
      readonly onProgress?: (progress: ResyncProgress) => void;
    },
  ): Promise<Run> {
    const { sink, writtenAs, clock, runs, logger } = this.#services;
    const cutOff = await this.#findCutOff();
    const recorder = new RunRecorder(this.#begin(plan, options.trigger, cutOff), runs, clock);
    await recorder.save();
    const context = { runId: recorder.run.id, dataSource: writtenAs, flags: plan.flags, signal: options.signal };
    const session = await sink.beginFull(context);
    const tell = (bucket?: string, expectedTotal?: number): void =>
      options.onProgress?.({ run: recorder.run, bucket, expectedTotal });
    try {
      for (const resource of plan.resources) {
        tell(resource.bucket);
        const before = cutOff?.resources.find(({ bucket }) => bucket === resource.bucket);
        const isContinued = before?.fingerprint === resource.fingerprint;
        await this.#readOne(resource, { recorder, session, signal: options.signal, tell, isContinued });
      }
      await this.#removeUnclaimed(plan, recorder, session);
      const isComplete = recorder.run.resources.every((resource) => resource.status === "completed");
      return await this.#end(recorder, isComplete && plan.isWhole ? "completed" : "incomplete");
    } catch (error) {
      logger.warn({ runId: recorder.run.id, err: toMessage(error) }, "resync stopped");
      await session.abandon();
      await this.#end(recorder, options.signal.aborted ? "aborted" : "failed", toMessage(error));
      throw error;
    } finally {
      tell();
    }
  }

  async #end(recorder: RunRecorder, status: RunStatus, error?: string): Promise<Run> {
    if (status !== "aborted") await this.#services.ledger.forgetSeen(recorder.run.id);
    return recorder.end(status, error);
  }

  /** The newest run, if a crash or a stop cut it off so recently that what it read is still worth keeping. */
  async #findCutOff(): Promise<Run | undefined> {
    const { runs, dataSource, clock } = this.#services;
    const [newest] = await runs.list(dataSource, 1);
    if (newest?.status !== "running" && newest?.status !== "aborted") return undefined;
    return clock.now() - newest.savedAtMs <= MAX_RESUME_AGE_MS ? newest : undefined;
  }

  #begin(plan: ResyncPlan, trigger: Run["trigger"], cutOff: Run | undefined): Run {
    const { dataSource, clock, newId } = this.#services;
    return {
      id: cutOff?.id ?? newId(),
      dataSource,
      trigger,
      status: "running",
      attempt: (cutOff?.attempt ?? 0) + 1,
      startedAtMs: cutOff?.startedAtMs ?? clock.now(),
      savedAtMs: clock.now(),
      resources: plan.resources.map(({ bucket, kind, index, fingerprint }) => ({
        bucket,
        kind,
        index,
        fingerprint,
        status: "pending",
        counts: NO_COUNTS,
      })),
      deleted: 0,
      stubs: 0,
      failures: [],
      failureCount: 0,
      warningCount: 0,
    };
  }

  /** A resource that cannot be read fails alone, unless the reason holds for all of them. */
  async #readOne(
    resource: SyncResource,
    run: {
      readonly recorder: RunRecorder;
      readonly session: FullSession;
      readonly signal: AbortSignal;
      readonly tell: (bucket?: string, expectedTotal?: number) => void;
      readonly isContinued: boolean;
    },
  ): Promise<void> {
    const { ledger, logger } = this.#services;
    const { recorder, session, signal, isContinued } = run;
    const { id: runId, attempt } = recorder.run;
    recorder.setResource(resource.bucket, { status: "running" });
    try {
      const onPage = (expectedTotal: number | undefined): void => run.tell(resource.bucket, expectedTotal);
      await readResource(resource, { session, ledger, recorder, runId, attempt, isContinued, signal, onPage });
      recorder.count(resource.bucket, { vanished: await this.#dropUnseen(resource, recorder.run) });
      recorder.setResource(resource.bucket, { status: "completed" });
    } catch (error) {
      recorder.setResource(resource.bucket, { status: "failed", error: toMessage(error) });
      if (signal.aborted || isFatal(error)) throw error;
      logger.error({ kind: resource.kind, runId, err: toMessage(error) }, "a resource could not be read to its end");
    }
    await recorder.save();
  }

  async #dropUnseen(resource: SyncResource, run: Run): Promise<number> {
    const { ledger } = this.#services;
    const listed = run.resources.find(({ bucket }) => bucket === resource.bucket)?.counts.listed ?? 0;
    const known = await ledger.countObjects(resource.bucket);
    if (listed === 0 && known > MAX_BELIEVED_LOSS) {
      throw new Error(
        `Jira listed no ${resource.kind} although ${known} are known: taken as a lost permission, nothing was removed. ` +
          "Check what the Jira account can see; if they are really gone, remove the resource from the mapping.",
      );
    }
    return ledger.dropUnseen(resource.bucket, run.id, run.attempt);
  }

  async #removeUnclaimed(plan: ResyncPlan, recorder: RunRecorder, session: FullSession): Promise<void> {
    const { ledger, dataSource } = this.#services;
    if (plan.isWhole) {
      const current = new Set(plan.resources.map((resource) => resource.bucket));
      for (const bucket of await ledger.listBuckets(dataSource)) {
        if (!current.has(bucket)) await ledger.dropBucket(bucket);
      }
    }
    const unclaimed = await ledger.listUnclaimed(dataSource);
    const report = await session.commit(unclaimed);
    await ledger.settleUnclaimed(dataSource, [...report.removals.deleted, ...report.removals.kept]);
    // What failed is tried again; so is what went along with something it required, should it still be claimed.
    await ledger.forgetStates([...report.failures.map(({ key }) => key), ...report.removals.deleted]);
    recorder.addRemovals({ deleted: report.removals.deleted.length, stubs: report.stubsCreated });
    recorder.addFailures(
      report.failures.flatMap((failure) =>
        failure.result === "failed"
          ? [
              {
                level: "error" as const,
                bucket: dataSource,
                object: failure.key.identifier,
                code: failure.code,
                message: failure.message,
              },
            ]
          : [],
      ),
    );
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof AuthenticationError || error instanceof ConfigurationError || error instanceof AbortError;
}
