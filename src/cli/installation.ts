import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Catalog } from "../catalog/catalog.ts";
import { EmbeddedSink } from "../catalog/embedded-sink.ts";
import { Integrations } from "../catalog/integrations.ts";
import type { Config } from "../config/config.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { connectJira } from "../jira/jira-session.ts";
import type { JiraSettings } from "../jira/jira-settings.ts";
import { kindsOf } from "../jira/kinds.ts";
import { DEFAULT_BLUEPRINTS, SERVER_BLUEPRINTS } from "../mapping/default-blueprints.ts";
import { toDefaultMapping } from "../mapping/default-mapping.ts";
import { systemClock } from "../runtime/clock.ts";
import { DataFolder } from "../runtime/data-folder.ts";
import { ConfigurationError, toMessage } from "../runtime/errors.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";
import { Connector, type MappingText } from "../sync/connector.ts";
import { openCredentials, type Credentials } from "./credentials.ts";
import { startDemo } from "./demo.ts";
import { initializeCatalog } from "./initialize-catalog.ts";
import type { JiraSite } from "./jira-site.ts";
import { version } from "./version.ts";

/** Everything of one process that works with one Jira and one catalog, wired together. */
export interface Installation {
  readonly folder: DataFolder;
  readonly catalog: Catalog;
  readonly integrations: Integrations;
  readonly connector: Connector;
  readonly credentials: Credentials;
  readonly logger: Logger;
  check(): Promise<void>;
  /** In the reverse order of opening; nothing acknowledged is lost without it. */
  close(): Promise<void>;
}

export async function openInstallation(config: Config, site: JiraSite): Promise<Installation> {
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    return { ...(await open(config, site, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  config: Config,
  site: JiraSite,
  closers: (() => Promise<void> | void)[],
): Promise<Omit<Installation, "close">> {
  const clock = systemClock;
  const logger = createLogger(config.logLevel);
  const folder = DataFolder.open(site.folder);
  closers.push(() => folder.close());
  const credentials = openCredentials(folder);
  const store = await openSqliteStore({ path: folder.file("catalog.db"), clock });
  closers.push(() => store.close());
  const jq = new JqWasmEngine();
  closers.push(() => jq.close());
  const newIdentifier = (): string => `e_${randomBytes(12).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  const catalog = await Catalog.open({ store, jq, clock, newIdentifier });
  const newId = (): string => randomBytes(8).toString("hex");
  const integrations = new Integrations({ settings: store.settings, clock, newId });
  const jira = await openJira(site, folder, closers);
  const blueprints = jira.deployment === "server" ? SERVER_BLUEPRINTS : DEFAULT_BLUEPRINTS;
  const identity = { identifier: config.integrationIdentifier, version: version() };
  const caller = { actor: credentials.clientId, dataSource: `quayside/${identity.version}` };
  const connector = new Connector(
    {
      kinds: kindsOf(jira.deployment),
      jq,
      sink: new EmbeddedSink({ catalog, actor: credentials.clientId }),
      ledger: store.ledger,
      runs: store.runs,
      clock,
      newId: randomUUID,
      logger,
      loadMapping: async () => loadMapping(config, jira),
      connect: (signal) => connectJira(jira, { clock, logger, random: Math.random, signal }),
      prepareCatalog: async () => {
        if (config.initializePortResources) await initializeCatalog(catalog, blueprints, store.settings, caller);
      },
    },
    identity,
  );
  return { folder, catalog, integrations, connector, credentials, logger, check: () => store.check() };
}

async function openJira(
  site: JiraSite,
  folder: DataFolder,
  closers: (() => Promise<void> | void)[],
): Promise<JiraSettings> {
  if (site.type === "jira") return site.settings;
  const demo = await startDemo(folder, systemClock);
  closers.push(() => demo.close());
  return demo.settings;
}

/** The file that is set, or the default. */
function loadMapping({ mappingFile }: Config, { deployment, organizationId }: JiraSettings): MappingText {
  if (mappingFile === undefined) {
    const variant = deployment === "server" ? "server" : organizationId === undefined ? "cloud" : "cloud-with-teams";
    return { text: toDefaultMapping(variant), name: "the default mapping", unknownKeys: "refuse" };
  }
  try {
    return { text: readFileSync(mappingFile, "utf8"), name: mappingFile, unknownKeys: "refuse" };
  } catch (cause) {
    throw new ConfigurationError(
      `Cannot read the mapping "${mappingFile}" (${toMessage(cause)}): check QUAYSIDE_MAPPING`,
      [],
      { cause },
    );
  }
}
