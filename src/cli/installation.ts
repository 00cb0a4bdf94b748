import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Catalog } from "../catalog/catalog.ts";
import { Integrations } from "../catalog/integrations.ts";
import { isRemote, type Config } from "../config/config.ts";
import type { BuiltinTable } from "../jq/builtins/builtin.ts";
import { CompiledJqEngine } from "../jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { connectJira } from "../jira/jira-session.ts";
import type { JiraSettings } from "../jira/jira-settings.ts";
import { kindsOf } from "../jira/kinds.ts";
import { DEFAULT_BLUEPRINTS, SERVER_BLUEPRINTS } from "../mapping/default-blueprints.ts";
import { toDefaultMapping, toDefaultMappingDocument, type DefaultVariant } from "../mapping/default-mapping.ts";
import { NO_MAPPING_FUNCTIONS } from "../mapping/mapping-functions.ts";
import { PortClient } from "../port/port-client.ts";
import { systemClock } from "../runtime/clock.ts";
import { DataFolder } from "../runtime/data-folder.ts";
import { ConfigurationError, toMessage } from "../runtime/errors.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { Connector, type MappingText } from "../sync/connector.ts";
import { openCredentials, type Credentials } from "./credentials.ts";
import { createEmbeddedTarget } from "./embedded-target.ts";
import type { JiraSite } from "./jira-site.ts";
import { readSavedMapping } from "./read-saved-mapping.ts";
import { createRemoteTarget } from "./remote-target.ts";
import type { TargetIdentity } from "./target-identity.ts";
import { version } from "./version.ts";

/** Everything of one process that works with one Jira and one catalog, wired together. */
export interface Installation {
  readonly folder: DataFolder;
  readonly catalog: Catalog;
  readonly integrations: Integrations;
  readonly connector: Connector;
  readonly credentials: Credentials;
  readonly logger: Logger;
  readonly check: () => Promise<void>;
  /** In the reverse order of opening; nothing acknowledged is lost without it. */
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

type Closer = () => Promise<void> | void;

/** `signal` ends everything that is under way. */
export async function openInstallation(config: Config, site: JiraSite, signal: AbortSignal): Promise<Installation> {
  const closers: Closer[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    return { ...(await open(config, site, signal, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  config: Config,
  site: JiraSite,
  signal: AbortSignal,
  closers: Closer[],
): Promise<Omit<Installation, "close">> {
  const clock = systemClock;
  const logger = createLogger(config.logLevel);
  const folder = DataFolder.open(site.folder);
  closers.push(() => folder.close());
  const credentials = openCredentials(folder);
  const store = await openStore(config, folder);
  closers.push(() => store.close());
  const realJq = new JqWasmEngine();
  closers.push(() => realJq.close());
  const createJq = (functions: BuiltinTable): CompiledJqEngine => new CompiledJqEngine(realJq, { functions });
  const jq = createJq(NO_MAPPING_FUNCTIONS);
  const newIdentifier = (): string => `e_${randomBytes(12).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  const catalog = await Catalog.open({
    store,
    jq,
    clock,
    newIdentifier,
    ...(config.historyDays > 0 && { historyDays: config.historyDays }),
  });
  const newId = (): string => randomBytes(8).toString("hex");
  const integrations = new Integrations({ store, clock, newId, readMapping: readSavedMapping });
  const jira = await openJira(site, folder, closers);
  const variant = toVariant(jira);
  const identity: TargetIdentity = {
    identifier: config.integrationIdentifier,
    type: config.integrationType,
    version: version(),
    defaults: {
      blueprints: variant === "server" ? SERVER_BLUEPRINTS : DEFAULT_BLUEPRINTS,
      mapping: toDefaultMappingDocument(variant),
    },
    createsResources: config.initializePortResources,
  };
  const caller = { actor: credentials.clientId, dataSource: `quayside/${identity.version}` };
  const target = isRemote(config)
    ? createRemoteTarget({
        client: openPortClient(config, { logger, signal }, closers),
        clock,
        notes: store.settings,
        identity,
      })
    : createEmbeddedTarget({ catalog, integrations, settings: store.settings, caller, identity });
  const connector = new Connector(
    {
      kinds: kindsOf(jira.deployment),
      createJq,
      target,
      ledger: store.ledger,
      plans: store.plans,
      runs: store.runs,
      notes: store.settings,
      clock,
      newId: randomUUID,
      logger,
      readMappingFile: () => readMappingFile(config),
      defaultMapping: toDefaultMapping(variant),
      connect: (stop) => connectJira(jira, { clock, logger, random: Math.random, signal: stop }),
      sendsExamples: config.sendRawDataExamples,
      verifyIntervalMs: config.verifyIntervalHours * HOUR_MS,
    },
    identity,
  );
  return { folder, catalog, integrations, connector, credentials, logger, check: () => store.check() };
}

function toVariant({ deployment, organizationId }: JiraSettings): DefaultVariant {
  if (deployment === "server") return "server";
  return organizationId === undefined ? "cloud" : "cloud-with-teams";
}

function openPortClient(
  config: Config & { readonly portClientId: string; readonly portClientSecret: string },
  services: { readonly logger: Logger; readonly signal: AbortSignal },
  closers: Closer[],
): PortClient {
  const { portBaseUrl, portClientId, portClientSecret, integrationType, integrationIdentifier } = config;
  const client = new PortClient({
    baseUrl: portBaseUrl,
    clientId: portClientId,
    clientSecret: portClientSecret,
    userAgent: `port-ocean/${integrationType}/${version()}/${integrationIdentifier}/exporter`,
    clock: systemClock,
    random: Math.random,
    ...services,
  });
  closers.push(() => client.close());
  return client;
}

async function openStore({ databaseUrl: url }: Config, folder: DataFolder): Promise<Store> {
  if (url === undefined) return openSqliteStore({ path: folder.file("catalog.db"), clock: systemClock });
  const { openPostgresStore } = await import("../store/postgres/open-postgres-store.ts"); // who has no database loads no client
  return openPostgresStore({ url, clock: systemClock });
}

async function openJira(site: JiraSite, folder: DataFolder, closers: Closer[]): Promise<JiraSettings> {
  if (site.type === "jira") return site.settings;
  const { startDemo } = await import("./demo.ts"); // a simulator that nobody else has to load
  const demo = await startDemo(folder, systemClock);
  closers.push(() => demo.close());
  return demo.settings;
}

function readMappingFile({ mappingFile }: Config): MappingText | undefined {
  if (mappingFile === undefined) return undefined;
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
