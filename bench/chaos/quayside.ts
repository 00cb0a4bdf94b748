import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Catalog } from "../../src/catalog/catalog.ts";
import { EmbeddedSink } from "../../src/catalog/embedded-sink.ts";
import { connectJira } from "../../src/jira/jira-session.ts";
import type { JiraSettings } from "../../src/jira/jira-settings.ts";
import type { Kind } from "../../src/jira/kind.ts";
import { KINDS } from "../../src/jira/kinds.ts";
import { CompiledJqEngine } from "../../src/jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../../src/jq-wasm/jq-wasm-engine.ts";
import type { CatalogSink } from "../../src/model/catalog-sink.ts";
import { systemClock, type Clock } from "../../src/runtime/clock.ts";
import { silentLogger } from "../../src/runtime/logger.ts";
import type { LedgerStore } from "../../src/store/ledger-store.ts";
import type { ReadMode, Run, RunStore } from "../../src/store/run-store.ts";
import { openSqliteStore } from "../../src/store/sqlite/open-sqlite-store.ts";
import type { Store } from "../../src/store/store.ts";
import { Connector } from "../../src/sync/connector.ts";
import { toContent, type Content, type Contents } from "./content.ts";
import { BLUEPRINTS } from "./mapping.ts";

/** Where something can be put between the parts of the product: each is an interface that the connector is handed. */
export interface Seams {
  readonly kinds: Readonly<Record<string, Kind<unknown>>>;
  readonly ledger: LedgerStore;
  readonly runs: RunStore;
  readonly sink: CatalogSink;
}
export type Meddle = (seams: Seams) => Seams;

const VERIFY_INTERVAL_MS = 24 * 3_600_000;
const CALLER = { actor: "chaos", dataSource: "chaos" };

/** The product in this process: a store, a catalog, and a connector that is made anew for each sync. */
export class Quayside {
  readonly store: Store;
  readonly #catalog: Catalog;
  readonly #jq: CompiledJqEngine;

  private constructor(store: Store, catalog: Catalog, jq: CompiledJqEngine) {
    this.store = store;
    this.#catalog = catalog;
    this.#jq = jq;
  }

  static async open(folder: string): Promise<Quayside> {
    const store = await openSqliteStore({ path: join(folder, "catalog.db"), clock: systemClock });
    const jq = new CompiledJqEngine(new JqWasmEngine());
    const catalog = await Catalog.open({ store, jq, clock: systemClock, newIdentifier: randomUUID });
    const known = new Set(catalog.listBlueprints().map(({ identifier }) => identifier));
    for (const blueprint of BLUEPRINTS) {
      if (!known.has(blueprint.identifier)) await catalog.createBlueprint(blueprint, CALLER);
    }
    return new Quayside(store, catalog, jq);
  }

  async sync(options: {
    readonly mapping: string;
    readonly jira: JiraSettings;
    /** Undefined leaves it to the product. */
    readonly mode: ReadMode | undefined;
    readonly clock?: Clock;
    readonly meddle: Meddle;
  }): Promise<Run> {
    const { mapping, jira, mode, clock = systemClock, meddle } = options;
    const seams = meddle({
      kinds: KINDS,
      ledger: this.store.ledger,
      runs: this.store.runs,
      sink: new EmbeddedSink({ catalog: this.#catalog, actor: CALLER.actor }),
    });
    const connector = new Connector(
      {
        ...seams,
        plans: this.store.plans,
        notes: this.store.settings,
        createJq: () => this.#jq,
        target: {
          sink: seams.sink,
          findMapping: async () => undefined,
          prepare: async () => undefined,
          reportResync: async () => undefined,
          findResyncRequest: async () => undefined,
          sendExamples: async () => undefined,
        },
        clock,
        newId: randomUUID,
        logger: silentLogger,
        readMappingFile: () => ({ text: mapping, name: "the mapping of the row", unknownKeys: "refuse" }),
        defaultMapping: "",
        connect: (signal) => connectJira(jira, { clock, logger: silentLogger, random: Math.random, signal }),
        sendsExamples: false,
        verifyIntervalMs: VERIFY_INTERVAL_MS,
      },
      { type: "jira", identifier: "chaos", version: "0.0.0" },
    );
    return connector.resync({
      trigger: "manual",
      ...(mode !== undefined && { mode }),
      signal: new AbortController().signal,
    });
  }

  async readContents(): Promise<Contents> {
    const contents = new Map<string, Content>();
    for (const { identifier: blueprint } of this.#catalog.listBlueprints()) {
      for (const entity of await this.#catalog.listEntities(blueprint)) {
        contents.set(`${blueprint}/${entity.identifier}`, toContent(entity));
      }
    }
    return contents;
  }

  async close(): Promise<void> {
    await this.#jq.close();
    await this.store.close();
  }
}
