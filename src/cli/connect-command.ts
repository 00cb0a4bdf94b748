import { isRemote, readConfig, type Environment } from "../config/config.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toShownPath, toShownSource } from "./jira-site.ts";
import { keepInStep } from "./keep-in-step.ts";
import { syncCommand } from "./sync-command.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";
import { withInstallation } from "./with-installation.ts";

/** Keeps a remote catalog in step until a signal comes, and serves nothing. */
export async function connectCommand(env: Environment, terminal: Terminal): Promise<ExitCode> {
  const { config: settings } = readConfig(env);
  if (!isRemote(settings)) {
    throw new ConfigurationError(
      "There is no catalog to connect to: set OCEAN__PORT__CLIENT_ID and OCEAN__PORT__CLIENT_SECRET, or use `quayside up`, which has a catalog of its own",
    );
  }
  if (settings.eventListener.type === "ONCE") return syncCommand(env, terminal);
  return withInstallation(env, terminal, async ({ config, site, installation, signal }) => {
    await installation.connector.checkMapping(signal);
    const lines = [
      `Quayside ${version()}`,
      `  Jira         ${toShownSource(site)}`,
      `  Catalog      ${config.portBaseUrl}`,
      `  Data         ${toShownPath(installation.folder.path)}`,
    ];
    sayLine(terminal.err, lines.join("\n"));
    await keepInStep({ config, site, installation, terminal, signal });
    return EXIT_CODES.ok;
  });
}
