import { readConfig, type Environment } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { toRunExitCode, type ExitCode } from "./exit-codes.ts";
import { openInstallation } from "./installation.ts";
import { toJiraSite, toShownPath } from "./jira-site.ts";
import { createProgressView } from "./progress.ts";
import { toRunReport } from "./run-report.ts";
import { createStopSignal } from "./stop-signal.ts";
import { sayLine, type Terminal } from "./terminal.ts";

/** One resync. What it did goes to standard output, how it goes on to standard error. */
export async function syncCommand(env: Environment, terminal: Terminal): Promise<ExitCode> {
  const { config, warnings } = readConfig(env);
  for (const warning of warnings) sayLine(terminal.err, `warning: ${warning}`);
  const site = toJiraSite(config, env);
  const stop = createStopSignal(systemClock, (line) => sayLine(terminal.err, line));
  const installation = await openInstallation(config, site, stop.signal);
  const progress = createProgressView(terminal.err, systemClock);
  try {
    const from = site.type === "demo" ? "the built-in demo Jira" : site.settings.host;
    sayLine(terminal.err, `Reading ${from} into ${toShownPath(site.folder)}`);
    const run = await installation.connector.resync({
      trigger: "manual",
      signal: stop.signal,
      onProgress: (state) => progress.update(state),
    });
    progress.stop();
    sayLine(terminal.out, toRunReport(run));
    return toRunExitCode(run);
  } finally {
    progress.stop();
    await installation.close();
    stop.release();
  }
}
