import { isRemote, readConfig, type Config, type Environment } from "../config/config.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import type { Installation } from "./installation.ts";
import { toShownPath, toShownSource, type JiraSite } from "./jira-site.ts";
import { keepInStep } from "./keep-in-step.ts";
import { serveCatalog, toCatalogLines, toShownUrl } from "./serve-catalog.ts";
import { syncCommand } from "./sync-command.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { toTryIt } from "./try-it.ts";
import { version } from "./version.ts";
import { withInstallation } from "./with-installation.ts";

/** Serves the catalog and keeps it in step until a signal comes. A Jira that fails is tried again at the next interval. */
export async function upCommand(env: Environment, terminal: Terminal): Promise<ExitCode> {
  if (readConfig(env).config.eventListener.type === "ONCE") return syncCommand(env, terminal);
  return withInstallation(env, terminal, async ({ config, site, installation, signal }) => {
    await installation.connector.checkMapping(signal);
    const server = await serveCatalog(config, installation);
    try {
      const url = toShownUrl(server);
      const { catalog, folder } = installation;
      sayLine(terminal.err, toGreeting(config, site, installation, url));
      const tryIt = async (): Promise<void> => {
        sayLine(terminal.out, await toTryIt(catalog, { url, folder: folder.path }));
      };
      const afterFirst = isRemote(config) ? {} : { afterFirst: tryIt };
      await keepInStep({ config, site, installation, terminal, signal, ...afterFirst });
    } finally {
      await server.close();
    }
    return EXIT_CODES.ok;
  });
}

function toGreeting(config: Config, site: JiraSite, installation: Installation, url: string): string {
  const head = [`Quayside ${version()}`, `  Jira         ${toShownSource(site)}`];
  if (!isRemote(config)) return [...head, ...toCatalogLines(installation, url)].join("\n");
  const data = `  Data         ${toShownPath(installation.folder.path)}`;
  return [...head, `  Catalog      ${config.portBaseUrl}`, data, `  Health       ${url}/health`].join("\n");
}
