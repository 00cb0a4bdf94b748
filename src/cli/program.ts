import { Command, Option as CommanderOption } from "commander";
import type { Environment } from "../config/config.ts";
import { toSettingsHelp } from "../config/configuration-page.ts";
import { listOptions } from "../config/options.ts";
import type { ExitCode } from "./exit-codes.ts";
import { addSimulateFlags, type SimulateFlags } from "./simulate-flags.ts";

export interface Commands {
  up(env: Environment): Promise<ExitCode>;
  sync(env: Environment): Promise<ExitCode>;
  simulate(flags: SimulateFlags): Promise<ExitCode>;
}

/** The command line. Every setting that is no secret is a flag too; a flag wins over its variable. */
export function createProgram(
  commands: Commands,
  context: { readonly env: Environment; readonly version: string; readonly exit: (code: ExitCode) => void },
): Command {
  const program = new Command("quayside")
    .description("A software catalog kept in step with Jira")
    .version(context.version)
    .showHelpAfterError("(quayside --help shows what there is)")
    .configureHelp({ showGlobalOptions: true });
  const up = program
    .command("up")
    .description("Serve the catalog and keep it in step, until Ctrl-C. Without a Jira: with the built-in demo");
  const sync = program.command("sync").description("Resync once and exit; the exit code tells how it went");
  for (const command of [up, sync]) {
    for (const [name, option] of listOptions()) {
      if (!("secret" in option)) command.addOption(new CommanderOption(`${toFlag(name)} <value>`, `(${option.env})`));
    }
  }
  up.action(async (flags: Record<string, string>) => context.exit(await commands.up(withFlags(context.env, flags))));
  sync.action(async (flags: Record<string, string>) =>
    context.exit(await commands.sync(withFlags(context.env, flags))),
  );
  const simulate = program.command("simulate").description("Run a Jira to try things on, over real HTTP, until Ctrl-C");
  addSimulateFlags(simulate).action(async (flags: SimulateFlags) => context.exit(await commands.simulate(flags)));
  program
    .command("settings")
    .description("List all settings with their defaults")
    .action(() => console.log(toSettingsHelp()));
  return program;
}

function toFlag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function withFlags(env: Environment, flags: Record<string, string>): Environment {
  const given = listOptions().flatMap(([name, option]) =>
    flags[name] === undefined ? [] : [[option.env, flags[name]]],
  );
  return { ...env, ...Object.fromEntries(given) };
}
