import { isRemote, readConfig, type Environment } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { openInstallation } from "./installation.ts";
import { toJiraSite, toShownPath, toShownSource } from "./jira-site.ts";
import { keepInStep } from "./keep-in-step.ts";
import { createStopSignal } from "./stop-signal.ts";
import { syncCommand } from "./sync-command.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Keeps a remote catalog in step until a signal comes, and serves nothing. */
export async function connectCommand(env: Environment, terminal: Terminal): Promise<ExitCode> {
  const { config, warnings } = readConfig(env);
  if (!isRemote(config)) {
    throw new ConfigurationError(
      "There is no catalog to connect to: set OCEAN__PORT__CLIENT_ID and OCEAN__PORT__CLIENT_SECRET, or use `quayside up`, which has a catalog of its own",
    );
  }
  if (config.eventListener.type === "ONCE") return syncCommand(env, terminal);
  const say = (line: string): void => sayLine(terminal.err, line);
  for (const warning of warnings) say(`warning: ${warning}`);
  const site = toJiraSite(config, env);
  const stop = createStopSignal(systemClock, say);
  const installation = await openInstallation(config, site, stop.signal);
  try {
    await installation.connector.checkMapping(stop.signal);
    const lines = [
      `Quayside ${version()}`,
      `  Jira         ${toShownSource(site)}`,
      `  Catalog      ${config.portBaseUrl}`,
      `  Data         ${toShownPath(installation.folder.path)}`,
    ];
    say(lines.join("\n"));
    await keepInStep({ config, site, installation, terminal, signal: stop.signal });
  } finally {
    await installation.close();
    stop.release();
  }
  return EXIT_CODES.ok;
}
