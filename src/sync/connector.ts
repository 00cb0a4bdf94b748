import type { JqEngine } from "../jq/jq-engine.ts";
import type { JiraSession } from "../jira/jira-session.ts";
import type { Kind } from "../jira/kind.ts";
import type { Clock } from "../runtime/clock.ts";
import { toMessage } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { LedgerStore } from "../store/ledger-store.ts";
import type { Run, RunStore } from "../store/run-store.ts";
import type { CatalogTarget, ResyncState } from "./catalog-target.ts";
import { prepareMapping, type PreparedMapping } from "./prepare-mapping.ts";
import { RawExamples } from "./raw-examples.ts";
import { Resync, type ResyncProgress } from "./resync.ts";
import { toSyncResource } from "./sync-resource.ts";

export interface MappingText {
  readonly text: string;
  /** How messages name it, e.g. its file. */
  readonly name: string;
  readonly unknownKeys: "refuse" | "warn";
}

export interface ConnectorServices {
  readonly kinds: Readonly<Record<string, Kind<unknown>>>;
  readonly jq: JqEngine;
  readonly target: CatalogTarget;
  readonly ledger: LedgerStore;
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
  /** The mapping that the operator insists on; without one that of the catalog counts, and without that the default. */
  readMappingFile(): MappingText | undefined;
  readonly defaultMapping: string;
  /** Signs in to Jira. Throws AuthenticationError or UpstreamError. */
  connect(signal: AbortSignal): Promise<JiraSession>;
  readonly sendsExamples: boolean;
}

/**
 * Keeps a catalog in step with a Jira: the mapping is checked first, then Jira signed in to, then the catalog made
 * ready, and only then anything written. A mistake in one of them leaves everything as it was.
 */
export class Connector {
  readonly #services: ConnectorServices;
  readonly #dataSource: string;
  readonly #resync: Resync;

  constructor(
    services: ConnectorServices,
    identity: { readonly type: string; readonly identifier: string; readonly version: string },
  ) {
    const { type, identifier, version } = identity;
    this.#services = services;
    this.#dataSource = `${type}/${identifier}`;
    const writtenAs = `port-ocean/${type}/${version}/${identifier}/exporter`;
    this.#resync = new Resync({ ...services, sink: services.target.sink, dataSource: this.#dataSource, writtenAs });
  }

  /** Throws InputError with every problem of the mapping. */
  async checkMapping(signal: AbortSignal): Promise<PreparedMapping> {
    return prepareMapping(await this.#loadMapping(signal), this.#services);
  }

  async resync(options: {
    readonly trigger: Run["trigger"];
    readonly signal: AbortSignal;
    readonly onProgress?: (progress: ResyncProgress) => void;
  }): Promise<Run> {
    const { connect, target, logger, clock } = this.#services;
    const { signal } = options;
    const mapping = await this.checkMapping(signal);
    for (const { message, position } of mapping.warnings) logger.warn({ position }, `mapping: ${message}`);
    const session = await connect(signal);
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
    } finally {
      await session.close();
    }
  }

  /** A text that changes whenever somebody asks for a resync in the catalog. */
  findResyncRequest(signal: AbortSignal): Promise<string | undefined> {
    return this.#services.target.findResyncRequest(signal);
  }

  async #run(
    { document, resources }: PreparedMapping,
    session: JiraSession,
    options: Parameters<Connector["resync"]>[0],
  ): Promise<Run> {
    const { jq, sendsExamples } = this.#services;
    const examples = sendsExamples ? new RawExamples() : undefined;
    const context = { document, session, jq, dataSource: this.#dataSource, examples };
    const plan = { resources: resources.map((each) => toSyncResource(each, context)), flags: document, isWhole: true };
    const run = await this.#resync.run(plan, options);
    await this.#sendExamples(examples, options.signal);
    return run;
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
