import { connectJira, type JiraSession } from "../jira/jira-session.ts";
import { systemClock } from "../runtime/clock.ts";
import { createLogger } from "../runtime/logger.ts";
import type { Config } from "../config/config.ts";
import type { JiraSite } from "./jira-site.ts";

/**
 * Signs in to Jira before the catalog is loaded and opened, which takes longer: whoever mistyped a password or a host
 * hears of it at once. The demo needs no password.
 */
export async function signIn(
  config: Config,
  site: JiraSite,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<JiraSession | undefined> {
  if (site.type === "demo") return undefined;
  const services = { clock: systemClock, logger: createLogger(config.logLevel), random: Math.random, signal };
  return connectJira(site.settings, services, say);
}
