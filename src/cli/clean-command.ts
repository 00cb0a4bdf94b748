import { createInterface } from "node:readline/promises";
import { isRemote, readConfig, type Environment } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { openInstallation } from "./installation.ts";
import { toJiraSite, toShownPath } from "./jira-site.ts";
import { createStopSignal } from "./stop-signal.ts";
import { sayLine, type Terminal } from "./terminal.ts";

/** Removes the entities that this installation created, after asking. Blueprints, mapping and runs stay. */
export async function cleanCommand(
  env: Environment,
  terminal: Terminal,
  { yes }: { readonly yes: boolean },
): Promise<ExitCode> {
  const { config, warnings } = readConfig(env);
  for (const warning of warnings) sayLine(terminal.err, `warning: ${warning}`);
  const site = toJiraSite(config, env);
  const stop = createStopSignal(systemClock, (line) => sayLine(terminal.err, line));
  const installation = await openInstallation(config, site, stop.signal);
  try {
    const { connector } = installation;
    const created = await connector.countCreated();
    const place = isRemote(config) ? config.portBaseUrl : toShownPath(site.folder);
    const question = `Remove all ${created} entities that ${connector.dataSource} created in ${place}?`;
    if (!yes && !(await confirm(question, terminal, stop.signal))) {
      sayLine(terminal.err, "Nothing was removed.");
      return EXIT_CODES.ok;
    }
    const { deleted, left } = await connector.clean(stop.signal);
    sayLine(terminal.out, `${deleted} entities removed.`);
    if (left > 0) sayLine(terminal.out, `${left} were there before and stay as they are.`);
    return EXIT_CODES.ok;
  } finally {
    await installation.close();
    stop.release();
  }
}

async function confirm(question: string, { in: input, err }: Terminal, signal: AbortSignal): Promise<boolean> {
  if (!input.isTTY) throw new ConfigurationError(`${question} There is no terminal to ask on: add --yes`);
  const lines = createInterface({ input, output: err });
  try {
    return (await lines.question(`${question} Type yes: `, { signal })).trim().toLowerCase() === "yes";
  } finally {
    lines.close();
  }
}
