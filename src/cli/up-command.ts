import { randomBytes } from "node:crypto";
import { styleText } from "node:util";
import { readConfig, type Config, type Environment } from "../config/config.ts";
import { createApp } from "../http/app.ts";
import { startServer } from "../http/server.ts";
import { systemClock } from "../runtime/clock.ts";
import { toMessage } from "../runtime/errors.ts";
import type { Run } from "../store/run-store.ts";
import { ResyncLoop } from "../sync/resync-loop.ts";
import { CREDENTIALS_FILE } from "./credentials.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { openInstallation, type Installation } from "./installation.ts";
import { toJiraSite, toShownPath, type JiraSite } from "./jira-site.ts";
import { createProgressView } from "./progress.ts";
import { toRunReport } from "./run-report.ts";
import { createStopSignal } from "./stop-signal.ts";
import { syncCommand } from "./sync-command.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { toTryIt } from "./try-it.ts";
import { version } from "./version.ts";

const MINUTE_MS = 60_000;
/** Minutes between resyncs when nobody says otherwise. The demo is quick, and there to be watched. */
const DEFAULT_INTERVAL = { demo: 1, jira: 15 } as const;

/** Serves the catalog and keeps it in step until a signal comes. A Jira that fails is tried again at the next interval. */
export async function upCommand(env: Environment, terminal: Terminal): Promise<ExitCode> {
  const { config, warnings } = readConfig(env);
  if (config.eventListener.type === "ONCE") return syncCommand(env, terminal);
  const say = (line: string): void => sayLine(terminal.err, line);
  for (const warning of warnings) say(`warning: ${warning}`);
  const site = toJiraSite(config, env);
  const stop = createStopSignal(systemClock, say);
  const installation = await openInstallation(config, site);
  try {
    await installation.connector.checkMapping();
    const server = await serve(config, installation);
    try {
      const url = server.url.replace("//127.0.0.1:", "//localhost:");
      say(toGreeting(site, installation, url));
      await keepInStep({ config, site, installation, url, terminal, signal: stop.signal });
    } finally {
      await server.close();
    }
  } finally {
    await installation.close();
    stop.release();
  }
  return EXIT_CODES.ok;
}

function serve(config: Config, { catalog, integrations, credentials, logger, folder, check }: Installation) {
  const app = createApp({
    catalog,
    integrations,
    credentials,
    clock: systemClock,
    logger,
    version: version(),
    health: { check },
    randomHex: (length) => randomBytes(length / 2).toString("hex"),
    credentialsFile: toShownPath(folder.file(CREDENTIALS_FILE)),
  });
  return startServer({ app, host: config.host, port: config.port, clock: systemClock });
}

async function keepInStep(context: {
  readonly config: Config;
  readonly site: JiraSite;
  readonly installation: Installation;
  readonly url: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { config, site, installation, terminal } = context;
  const { connector, catalog, folder, logger } = installation;
  let isFirst = true;
  const waitsAtStart = config.eventListener.type === "POLLING" && !config.eventListener.resyncOnStart;
  const resync = async (trigger: Run["trigger"], signal: AbortSignal): Promise<void> => {
    if (trigger === "start" && waitsAtStart) return;
    const progress = isFirst ? createProgressView(terminal.err, systemClock) : undefined;
    try {
      const run = await connector.resync({ trigger, signal, onProgress: (state) => progress?.update(state) });
      progress?.stop();
      if (isFirst || hasNews(run)) sayLine(terminal.out, toRunReport(run));
      if (isFirst) sayLine(terminal.out, await toTryIt(catalog, { url: context.url, folder: folder.path }));
      isFirst = false;
    } catch (error) {
      if (!signal.aborted) sayLine(terminal.err, styleText("red", toMessage(error)));
      throw error;
    } finally {
      progress?.stop();
    }
  };
  const intervalMs = (config.scheduledResyncInterval ?? DEFAULT_INTERVAL[site.type]) * MINUTE_MS;
  await new ResyncLoop({ resync, intervalMs, clock: systemClock, logger }).run(context.signal);
}

function hasNews({ resources, deleted, status }: Run): boolean {
  return status !== "completed" || deleted > 0 || resources.some(({ counts }) => counts.created + counts.updated > 0);
}

function toGreeting(site: JiraSite, { folder }: Installation, url: string): string {
  const from =
    site.type === "demo"
      ? "the built-in demo (set OCEAN__INTEGRATION__CONFIG__JIRA_HOST to use your own)"
      : site.settings.host;
  return [
    `Quayside ${version()}`,
    `  Jira         ${from}`,
    `  Catalog      ${url} (API page: ${url}/docs)`,
    `  Data         ${toShownPath(folder.path)}`,
    `  Credentials  ${toShownPath(folder.file(CREDENTIALS_FILE))}`,
  ].join("\n");
}
