import { isRemote, readConfig, type Config, type Environment } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { openInstallation, type Installation } from "./installation.ts";
import { toJiraSite, toShownPath, toShownSource, type JiraSite } from "./jira-site.ts";
import { keepInStep } from "./keep-in-step.ts";
import { serveCatalog, toCatalogLines, toShownUrl } from "./serve-catalog.ts";
import { createStopSignal } from "./stop-signal.ts";
import { syncCommand } from "./sync-command.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { toTryIt } from "./try-it.ts";
import { version } from "./version.ts";

/** Serves the catalog and keeps it in step until a signal comes. A Jira that fails is tried again at the next interval. */
export async function upCommand(env: Environment, terminal: Terminal): Promise<ExitCode> {
  const { config, warnings } = readConfig(env);
  if (config.eventListener.type === "ONCE") return syncCommand(env, terminal);
  const say = (line: string): void => sayLine(terminal.err, line);
  for (const warning of warnings) say(`warning: ${warning}`);
  const site = toJiraSite(config, env);
  const stop = createStopSignal(systemClock, say);
  const installation = await openInstallation(config, site, stop.signal);
  try {
    await installation.connector.checkMapping(stop.signal);
    const server = await serveCatalog(config, installation);
    try {
      const url = toShownUrl(server);
      const { catalog, folder } = installation;
      say(toGreeting(config, site, installation, url));
      const tryIt = async (): Promise<void> => {
        sayLine(terminal.out, await toTryIt(catalog, { url, folder: folder.path }));
      };
      const afterFirst = isRemote(config) ? {} : { afterFirst: tryIt };
      await keepInStep({ config, site, installation, terminal, signal: stop.signal, ...afterFirst });
    } finally {
      await server.close();
    }
  } finally {
    await installation.close();
    stop.release();
  }
  return EXIT_CODES.ok;
}

function toGreeting(config: Config, site: JiraSite, installation: Installation, url: string): string {
  const head = [`Quayside ${version()}`, `  Jira         ${toShownSource(site)}`];
  if (!isRemote(config)) return [...head, ...toCatalogLines(installation, url)].join("\n");
  const data = `  Data         ${toShownPath(installation.folder.path)}`;
  return [...head, `  Catalog      ${config.portBaseUrl}`, data, `  Health       ${url}/health`].join("\n");
}
