import type { JqEngine } from "../jq/jq-engine.ts";
import type { JiraSession } from "../jira/jira-session.ts";
import type { Kind } from "../jira/kind.ts";
import type { CatalogSink } from "../model/catalog-sink.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import type { LedgerStore } from "../store/ledger-store.ts";
import type { Run, RunStore } from "../store/run-store.ts";
import { prepareMapping, type PreparedMapping } from "./prepare-mapping.ts";
import { Resync, type ResyncProgress } from "./resync.ts";
import { toSyncResource } from "./sync-resource.ts";

export interface MappingText {
  readonly text: string;
  /** How messages name it: its file, or where it is stored. */
  readonly name: string;
  readonly unknownKeys: "refuse" | "warn";
}

export interface ConnectorServices {
  readonly kinds: Readonly<Record<string, Kind<unknown>>>;
  readonly jq: JqEngine;
  readonly sink: CatalogSink;
  readonly ledger: LedgerStore;
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
  /** The mapping as it is now; read again for every resync. */
  loadMapping(): Promise<MappingText>;
  /** Signs in to Jira. Throws AuthenticationError or UpstreamError. */
  connect(signal: AbortSignal): Promise<JiraSession>;
  /** Called before the first write of a resync, once mapping and Jira are known to be good. */
  prepareCatalog(): Promise<void>;
}

/**
 * Keeps a catalog in step with a Jira: the mapping is checked first, then Jira signed in to, then the catalog made
 * ready, and only then anything written. A mistake in one of them leaves everything as it was.
 */
export class Connector {
  readonly #services: ConnectorServices;
  readonly #dataSource: string;
  readonly #resync: Resync;

  constructor(services: ConnectorServices, identity: { readonly identifier: string; readonly version: string }) {
    this.#services = services;
    this.#dataSource = `jira/${identity.identifier}`;
    const writtenAs = `port-ocean/jira/${identity.version}/${identity.identifier}/exporter`;
    this.#resync = new Resync({ ...services, dataSource: this.#dataSource, writtenAs });
  }

  /** Throws InputError with every problem of the mapping. */
  async checkMapping(): Promise<PreparedMapping> {
    return prepareMapping(await this.#services.loadMapping(), this.#services);
  }

  async resync(options: {
    readonly trigger: Run["trigger"];
    readonly signal: AbortSignal;
    readonly onProgress?: (progress: ResyncProgress) => void;
  }): Promise<Run> {
    const { connect, prepareCatalog, logger, jq } = this.#services;
    const { document, resources, warnings } = await this.checkMapping();
    for (const { message, position } of warnings) logger.warn({ position }, `mapping: ${message}`);
    const session = await connect(options.signal);
    try {
      await prepareCatalog();
      const context = { document, session, jq, dataSource: this.#dataSource };
      const plan = {
        resources: resources.map((resource) => toSyncResource(resource, context)),
        flags: document,
        isWhole: true,
      };
      return await this.#resync.run(plan, options);
    } finally {
      await session.close();
    }
  }
}
