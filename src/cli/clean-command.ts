import { createInterface } from "node:readline/promises";
import { isRemote, type Environment } from "../config/config.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toShownPath } from "./jira-site.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { withInstallation } from "./with-installation.ts";

/** Removes the entities that this installation created, after asking. Blueprints, mapping and runs stay. */
export async function cleanCommand(
  env: Environment,
  terminal: Terminal,
  { yes }: { readonly yes: boolean },
): Promise<ExitCode> {
  return withInstallation(env, terminal, async ({ config, site, installation: { connector }, signal }) => {
    const created = await connector.countCreated();
    const place = isRemote(config) ? config.portBaseUrl : toShownPath(site.folder);
    const question = `Remove all ${created} entities that ${connector.dataSource} created in ${place}?`;
    if (!yes && !(await confirm(question, terminal, signal))) {
      sayLine(terminal.err, "Nothing was removed.");
      return EXIT_CODES.ok;
    }
    const { deleted, left } = await connector.clean(signal);
    sayLine(terminal.out, `${deleted} entities removed.`);
    if (left > 0) sayLine(terminal.out, `${left} were there before and stay as they are.`);
    return EXIT_CODES.ok;
  });
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
