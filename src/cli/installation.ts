import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { isRemote, type Config } from "../config/config.ts";
import { connectJira, type JiraSession } from "../jira/jira-session.ts";
import type { JiraSettings } from "../jira/jira-settings.ts";
import { kindsOf } from "../jira/kinds.ts";
import { DEFAULT_BLUEPRINTS, SERVER_BLUEPRINTS } from "../mapping/default-blueprints.ts";
import { toDefaultMapping, toDefaultMappingDocument, type DefaultVariant } from "../mapping/default-mapping.ts";
import { PortClient, type PortClientOptions } from "../port/port-client.ts";
import { systemClock } from "../runtime/clock.ts";
import type { DataFolder } from "../runtime/data-folder.ts";
import { ConfigurationError, toMessage } from "../runtime/errors.ts";
import { Connector, type MappingText } from "../sync/connector.ts";
import { withClosers, type Closers } from "./closers.ts";
import { createEmbeddedTarget } from "./embedded-target.ts";
import type { JiraSite } from "./jira-site.ts";
import { openCatalog, type OpenCatalog } from "./open-catalog.ts";
import { createRemoteTarget } from "./remote-target.ts";
import type { TargetIdentity } from "./target-identity.ts";
import { version } from "./version.ts";

/** Everything of one process that works with one Jira and one catalog, wired together. */
export interface Installation extends OpenCatalog {
  readonly connector: Connector;
  /** In the reverse order of opening; nothing acknowledged is lost without it. */
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** `signal` ends everything that is under way. `session` is used for the first connection, and closed in any case. */
export function openInstallation(
  config: Config,
  site: JiraSite,
  signal: AbortSignal,
  session?: JiraSession,
): Promise<Installation> {
  return withClosers((closers) => {
    if (session !== undefined) closers.push(() => session.close());
    return open({ config, site, signal, session }, closers);
  });
}

async function open(
  {
    config,
    site,
    signal,
    session,
  }: {
    readonly config: Config;
    readonly site: JiraSite;
    readonly signal: AbortSignal;
    readonly session: JiraSession | undefined;
  },
  closers: Closers,
): Promise<Omit<Installation, "close">> {
  let signedIn = session;
  const clock = systemClock;
  const parts = await openCatalog(config, site.folder, closers);
  const { folder, store, catalog, integrations, credentials, logger, createJq } = parts;
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
        client: openPortClient(config, { logger, signal, proxy: site.proxy }, closers),
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
      connect: async (stop) => {
        const first = signedIn;
        signedIn = undefined;
        return first ?? connectJira(jira, { clock, logger, random: Math.random, signal: stop });
      },
      sendsExamples: config.sendRawDataExamples,
      verifyIntervalMs: config.verifyIntervalHours * HOUR_MS,
    },
    identity,
  );
  return { ...parts, connector };
}

function toVariant({ deployment, organizationId }: JiraSettings): DefaultVariant {
  if (deployment === "server") return "server";
  return organizationId === undefined ? "cloud" : "cloud-with-teams";
}

function openPortClient(
  config: Config & { readonly portClientId: string; readonly portClientSecret: string },
  services: Pick<PortClientOptions, "logger" | "signal" | "proxy">,
  closers: Closers,
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

async function openJira(site: JiraSite, folder: DataFolder, closers: Closers): Promise<JiraSettings> {
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
