import type { BuiltinTable } from "../jq/builtins/builtin.ts";
import type { JqEngine } from "../jq/jq-engine.ts";
import type { JiraSession } from "../jira/jira-session.ts";
import type { Kind } from "../jira/kind.ts";
import { UNBOUND_MAPPING_FUNCTIONS } from "../mapping/mapping-functions.ts";
import type { CatalogSink } from "../model/catalog-sink.ts";
import type { Clock } from "../runtime/clock.ts";
import { closest } from "../runtime/closest.ts";
import { ConfigurationError, NotFoundError, toMessage } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { LedgerStore } from "../store/ledger-store.ts";
import type { PlanStore } from "../store/plan-store.ts";
import type { Run, RunStore } from "../store/run-store.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import { bindResource } from "./bind-resource.ts";
import { toBucketName } from "./bucket.ts";
import type { CatalogTarget, ResyncState } from "./catalog-target.ts";
import { cleanCatalog, type Cleaned } from "./clean-catalog.ts";
import { previewResync, type SyncPreview } from "./preview-resync.ts";
import { NamedFields } from "./named-fields.ts";
import { toOutlook } from "./outlook.ts";
import { describeProblems, prepareMapping, type PreparedMapping } from "./prepare-mapping.ts";
import { RawExamples } from "./raw-examples.ts";
import { Resync, type ResyncOptions, type ResyncPlan, type ResyncServices } from "./resync.ts";
import { toSyncResource } from "./sync-resource.ts";

export interface MappingText {
  readonly text: string;
  /** How messages name it, e.g. its file. */
  readonly name: string;
  readonly unknownKeys: "refuse" | "warn";
}

export interface ConnectorServices {
  readonly kinds: Readonly<Record<string, Kind<unknown>>>;
  /** An engine whose programs may call these functions too. */
  readonly createJq: (functions: BuiltinTable) => JqEngine;
  readonly target: CatalogTarget;
  readonly ledger: LedgerStore;
  readonly plans: PlanStore;
  readonly runs: RunStore;
  readonly notes: SettingsStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
  /** The mapping that the operator insists on; without one that of the catalog counts, and without that the default. */
  readonly readMappingFile: () => MappingText | undefined;
  readonly defaultMapping: string;
  /** Signs in to Jira. Throws AuthenticationError or UpstreamError. */
  readonly connect: (signal: AbortSignal) => Promise<JiraSession>;
  readonly sendsExamples: boolean;
  /** How long a resource is read in the trusting way before it is read whole again. */
  readonly verifyIntervalMs: number;
}

/**
 * Keeps a catalog in step with a Jira: the mapping is checked first, then Jira signed in to, then the catalog made
 * ready, and only then anything written. A mistake in one of them leaves everything as it was. One thing is done at a
 * time: what is asked meanwhile waits, and aborts nothing.
 */
export class Connector {
  /** Names what it has read, and what it has created. */
  readonly dataSource: string;
  readonly #services: ConnectorServices;
  readonly #resyncServices: ResyncServices & { readonly sink: CatalogSink };
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    services: ConnectorServices,
    identity: { readonly type: string; readonly identifier: string; readonly version: string },
  ) {
    const { type, identifier, version } = identity;
    this.#services = services;
    this.dataSource = toDataSource(identity);
    const writtenAs = `port-ocean/${type}/${version}/${identifier}/exporter`;
    this.#resyncServices = { ...services, sink: services.target.sink, dataSource: this.dataSource, writtenAs };
  }

  /** Throws InputError with every problem of the mapping, if not a single resource of it can run. */
  async checkMapping(signal: AbortSignal): Promise<PreparedMapping> {
    const { kinds, createJq } = this.#services;
    return prepareMapping(await this.#loadMapping(signal), { kinds, jq: createJq(UNBOUND_MAPPING_FUNCTIONS) });
  }

  resync(asked: ResyncOptions): Promise<Run> {
    const { target, clock } = this.#services;
    return this.#takeTurn(asked.signal, (signal) => {
      const options = { ...asked, signal };
      return this.#withSession(options, async (mapping, session) => {
        const startedAtMs = clock.now();
        try {
          await target.prepare(signal);
          await this.#report({ status: "running", startedAtMs });
          const run = await this.#run(mapping, session, options);
          await this.#report({ status: run.status === "completed" ? "completed" : "failed", startedAtMs });
          return run;
        } catch (error) {
          await this.#report({ status: signal.aborted ? "aborted" : "failed", startedAtMs });
          throw error;
        }
      });
    });
  }

  /** What a resync would do, with nothing written anywhere. */
  preview(options: ResyncOptions): Promise<SyncPreview> {
    return this.#takeTurn(options.signal, () =>
      this.#withSession(options, async (mapping, session) => {
        const fields = await this.#loadFields(session, options.signal);
        const plan = this.#toPlan(mapping, session, { fields, examples: undefined });
        return previewResync(plan, options, this.#resyncServices);
      }),
    );
  }

  /** Removes what the plan holds, as a run of its own. Throws NotFoundError, and ConflictError if it is too late. */
  approvePlan(id: string, { by, signal: asked }: { readonly by: string; readonly signal: AbortSignal }): Promise<Run> {
    return this.#takeTurn(asked, async (signal) => {
      const { document } = await this.checkMapping(signal);
      await this.#decide(id, "approved");
      const flags = { flags: document, deletionThreshold: document.entityDeletionThreshold };
      return new Resync(this.#resyncServices).removeApproved(flags, { plan: id, by }, signal);
    });
  }

  /** What the plan holds stays in the catalog; nothing claims it any more. */
  rejectPlan(id: string): Promise<void> {
    return this.#decide(id, "rejected");
  }

  /** How many entities it has created that it has not removed. */
  async countCreated(): Promise<number> {
    return (await this.#services.ledger.listCreated(this.dataSource)).length;
  }

  /** Removes everything that this connector has created. */
  clean(asked: AbortSignal): Promise<Cleaned> {
    return this.#takeTurn(asked, (signal) => cleanCatalog(this.#resyncServices, signal));
  }

  /** A text that changes whenever somebody asks for a resync in the catalog. */
  findResyncRequest(signal: AbortSignal): Promise<string | undefined> {
    return this.#services.target.findResyncRequest(signal);
  }

  async #takeTurn<Result>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { runs, logger } = this.#services;
    const onWait = (): void => logger.warn({}, "another process works for the same integration: waiting for it");
    const mine = this.#turn.then(() => {
      signal.throwIfAborted();
      return runs.exclusively(this.dataSource, work, { signal, onWait });
    });
    this.#turn = mine.catch(() => undefined); // whoever asked hears of it
    return mine;
  }

  async #withSession<Result>(
    { kinds, signal }: ResyncOptions,
    work: (mapping: PreparedMapping, session: JiraSession) => Promise<Result>,
  ): Promise<Result> {
    const { logger, connect } = this.#services;
    const mapping = await this.checkMapping(signal);
    assertMapped(kinds, mapping);
    for (const { message, position } of mapping.warnings) logger.warn({ position }, `mapping: ${message}`);
    for (const { resource, problems } of mapping.broken) {
      const { kind, index } = resource;
      logger.warn({ kind, index }, `a resource of the mapping is left out: ${describeProblems(problems)}`);
    }
    const session = await connect(signal);
    try {
      return await work(mapping, session);
    } finally {
      await session.close();
    }
  }

  async #run(mapping: PreparedMapping, session: JiraSession, options: ResyncOptions): Promise<Run> {
    const { notes, sendsExamples } = this.#services;
    const examples = sendsExamples ? new RawExamples() : undefined;
    const fields = await this.#loadFields(session, options.signal);
    const plan = this.#toPlan(mapping, session, { fields, examples });
    await fields.save(notes, this.dataSource);
    const run = await new Resync(this.#resyncServices).run(plan, options);
    await this.#sendExamples(examples, options.signal);
    return run;
  }

  #loadFields(session: JiraSession, signal: AbortSignal): Promise<NamedFields> {
    return NamedFields.load(session, this.#services.notes, { dataSource: this.dataSource, signal });
  }

  #toPlan(
    { document, resources, broken }: PreparedMapping,
    session: JiraSession,
    { fields, examples }: { readonly fields: NamedFields; readonly examples: RawExamples | undefined },
  ): ResyncPlan {
    const { dataSource } = this;
    const { logger, createJq } = this.#services;
    const bound = resources.map((each) => bindResource(each, fields, createJq));
    const doubts = bound.flatMap((each) => each.doubts);
    for (const { message, position } of doubts) logger.warn({ position }, `mapping: ${message}`);
    for (const warning of fields.warnings) logger.warn({}, `mapping: ${warning}`);
    const context = { document, session, dataSource, examples };
    return {
      resources: bound.map((each) => toSyncResource(each, context)),
      broken: broken.map(({ resource, problems }) => ({
        bucket: toBucketName(dataSource, resource),
        kind: resource.kind,
        index: resource.index,
        error: describeProblems(problems),
      })),
      flags: document,
      deletionThreshold: document.entityDeletionThreshold,
      outlook: toOutlook(session),
      doubts: [...new Set([...doubts.map(({ message }) => message), ...fields.warnings])],
    };
  }

  async #decide(id: string, decision: "approved" | "rejected"): Promise<void> {
    const { plans, clock } = this.#services;
    const plan = await plans.find(id);
    if (plan?.dataSource !== this.dataSource) throw new NotFoundError(`There is no plan "${id}"`);
    await plans.decide(id, decision, clock.now());
  }

  async #loadMapping(signal: AbortSignal): Promise<MappingText> {
    const { readMappingFile, target, defaultMapping } = this.#services;
    const file = readMappingFile();
    if (file !== undefined) return file;
    const stored = await target.findMapping(signal);
    return stored === undefined
      ? { text: defaultMapping, name: "the default mapping", unknownKeys: "refuse" }
      : { text: JSON.stringify(stored, null, 2), name: "the mapping stored in the catalog", unknownKeys: "warn" };
  }

  /** Examples and reports are for people to look at: a catalog that does not take them costs nothing but a warning. */
  async #sendExamples(examples: RawExamples | undefined, signal: AbortSignal): Promise<void> {
    const { target, logger } = this.#services;
    for (const [kind, objects] of examples?.list() ?? []) {
      await target.sendExamples(kind, objects, signal).catch((error: unknown) => {
        logger.warn({ kind, err: toMessage(error) }, "the catalog did not take the examples");
      });
    }
  }

  async #report(state: ResyncState): Promise<void> {
    await this.#services.target.reportResync(state).catch((error: unknown) => {
      this.#services.logger.warn({ err: toMessage(error) }, "the catalog did not take the state of the resync");
    });
  }
}

/** The name under which an installation keeps what it has read; claims hang on it, so it outlives releases. */
export function toDataSource({ type, identifier }: { readonly type: string; readonly identifier: string }): string {
  return `${type}/${identifier}`;
}

/** A kind that is asked for and not mapped is a typing mistake. */
function assertMapped(kinds: readonly string[] | undefined, { document }: PreparedMapping): void {
  const mapped = [...new Set(document.resources.map(({ kind }) => kind))];
  for (const kind of kinds ?? []) {
    if (mapped.includes(kind)) continue;
    const nearest = closest(kind, mapped);
    const hint = nearest === undefined ? `it has ${mapped.join(", ")}` : `did you mean "${nearest}"?`;
    throw new ConfigurationError(`The mapping has no resource of kind "${kind}": ${hint}`);
  }
}
