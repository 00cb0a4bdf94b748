import { Command, Option as CommanderOption } from "commander";
import type { Environment } from "../config/config.ts";
import { toSettingsHelp } from "../config/configuration-page.ts";
import { listOptions } from "../config/options.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import type { ExitCode } from "./exit-codes.ts";

export interface Commands {
  up(env: Environment): Promise<ExitCode>;
  sync(env: Environment): Promise<ExitCode>;
  simulate(flags: SimulateFlags): Promise<ExitCode>;
}

export interface SimulateFlags {
  readonly port: number;
  readonly seed: number;
  readonly projects: number;
  readonly users: number;
  readonly issues: number;
  readonly latencyMs: number;
  readonly editsPerMinute: number;
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
  addSimulate(program, commands, context.exit);
  program
    .command("settings")
    .description("List all settings with their defaults")
    .action(() => console.log(toSettingsHelp()));
  return program;
}

function addSimulate(program: Command, commands: Commands, exit: (code: ExitCode) => void): void {
  const count = (flag: string, description: string, preset: number): CommanderOption =>
    new CommanderOption(flag, description).default(preset).argParser((text) => toCount(flag, text));
  program
    .command("simulate")
    .description("Run a Jira to try things on, over real HTTP, until Ctrl-C")
    .addOption(count("--port <n>", "TCP port; 0 takes any free one", 3001))
    .addOption(count("--seed <n>", "the same seed makes the same Jira", 1))
    .addOption(count("--projects <n>", "how many projects", 3))
    .addOption(count("--users <n>", "how many users", 40))
    .addOption(count("--issues <n>", "how many issues", 1500))
    .addOption(count("--latency-ms <n>", "wait before every answer", 0))
    .addOption(count("--edits-per-minute <n>", "changes that happen by themselves", 0))
    .action(async (flags: SimulateFlags) => exit(await commands.simulate(flags)));
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

function toCount(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new ConfigurationError(`${flag} takes a whole number of 0 or more, not "${text}"`);
  return Number(text);
}
