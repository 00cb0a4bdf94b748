import type { Config, Environment } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { openInstallation, type Installation } from "./installation.ts";
import { toJiraSite, type JiraSite } from "./jira-site.ts";
import { loadConfig } from "./load-config.ts";
import { createStopSignal } from "./stop-signal.ts";
import { sayLine, type Terminal } from "./terminal.ts";

export interface OpenInstallation {
  readonly config: Config;
  readonly site: JiraSite;
  readonly installation: Installation;
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
}

/** Opens the installation that the settings describe, works with it, and closes it whatever happens. */
export async function withInstallation<Result>(
  env: Environment,
  terminal: Terminal,
  work: (open: OpenInstallation) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig(env, terminal);
  const site = toJiraSite(config, env);
  const stop = createStopSignal(systemClock, (line) => sayLine(terminal.err, line));
  try {
    const installation = await openInstallation(config, site, stop.signal);
    try {
      return await work({ config, site, installation, signal: stop.signal });
    } finally {
      await installation.close();
    }
  } finally {
    stop.release();
  }
}
