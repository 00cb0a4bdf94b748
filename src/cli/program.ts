import { Command, Option as CommanderOption } from "commander";
import type { Environment } from "../config/config.ts";
import { toSettingsHelp } from "../config/configuration-page.ts";
import { listOptions } from "../config/options.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { BackupRequest } from "./backup-command.ts";
import type { PlansRequest } from "./plans-command.ts";
import type { RestoreRequest } from "./restore-command.ts";
import type { RunsRequest } from "./runs-command.ts";
import type { SyncFlags } from "./sync-command.ts";
import { addSimulateFlags, type SimulateFlags } from "./simulate-flags.ts";

export interface Commands {
  up(env: Environment): Promise<ExitCode>;
  connect(env: Environment): Promise<ExitCode>;
  catalog(env: Environment): Promise<ExitCode>;
  sync(env: Environment, flags: SyncFlags): Promise<ExitCode>;
  runs(env: Environment, request: RunsRequest): Promise<ExitCode>;
  plans(env: Environment, request: PlansRequest): Promise<ExitCode>;
  clean(env: Environment, flags: { readonly yes: boolean }): Promise<ExitCode>;
  backup(env: Environment, request: BackupRequest): Promise<ExitCode>;
  restore(env: Environment, request: RestoreRequest): Promise<ExitCode>;
  verify(env: Environment, file: string | undefined): Promise<ExitCode>;
  disk(env: Environment): Promise<ExitCode>;
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
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  const up = program
    .command("up")
    .description("Serve the catalog and keep it in step, until Ctrl-C. Without a Jira: with the built-in demo");
  const connect = program.command("connect").description("Keep a remote catalog in step, until Ctrl-C; serves nothing");
  const catalog = program.command("catalog").description("Serve the catalog, until Ctrl-C; reads no Jira");
  const sync = program.command("sync").description("Resync once and exit; the exit code tells how it went");
  sync
    .option("--kind <kinds>", "only these kinds, e.g. project,user; the others stay as they are")
    .option("--dry-run", "tell what would be created, updated and deleted; write nothing")
    .option("--verify", "read everything, not only what Jira lists as changed")
    .option("--full", "read everything, map it and write it again")
    .option("--timings", "tell afterwards what each expression of the mapping has cost");
  for (const command of [up, connect, catalog, sync]) addSettings(command);
  type Settings = Record<string, string>;
  up.action(async (flags: Settings) => context.exit(await commands.up(withFlags(context.env, flags))));
  connect.action(async (flags: Settings) => context.exit(await commands.connect(withFlags(context.env, flags))));
  catalog.action(async (flags: Settings) => context.exit(await commands.catalog(withFlags(context.env, flags))));
  sync.action(async (flags: Record<string, string> & SyncFlags) =>
    context.exit(await commands.sync(withFlags(context.env, flags), flags)),
  );
  addRuns(program, commands, context);
  addPlans(program, commands, context);
  const clean = program
    .command("clean")
    .description("Remove every entity that this installation created, after asking; nothing else")
    .option("--yes", "do not ask");
  addSettings(clean).action(async (flags: Record<string, string> & { readonly yes?: true }) =>
    context.exit(await commands.clean(withFlags(context.env, flags), { yes: flags.yes === true })),
  );
  addBackups(program, commands, context);
  const simulate = program.command("simulate").description("Run a Jira to try things on, over real HTTP, until Ctrl-C");
  addSimulateFlags(simulate).action(async (flags: SimulateFlags) => context.exit(await commands.simulate(flags)));
  program
    .command("settings")
    .description("List all settings with their defaults")
    .action(() => console.log(toSettingsHelp()));
  pointToHelp(program, "quayside");
  return program;
}

/** Whoever mistypes a command or a flag is told where its help is. */
function pointToHelp(command: Command, name: string): void {
  command.showHelpAfterError(`(${name} --help shows what there is)`);
  for (const sub of command.commands) pointToHelp(sub, `${name} ${sub.name()}`);
}

type Context = Parameters<typeof createProgram>[1];
type HistoryFlags = Record<string, string> & { readonly json?: true };

function addRuns(program: Command, commands: Commands, { env, exit }: Context): void {
  const runs = program.command("runs").description("What happened: runs, their counts and failures");
  const act = async (flags: HistoryFlags, request: RunsRequest): Promise<void> =>
    exit(await commands.runs(withFlags(env, flags), request));
  addHistoryFlags(runs.command("list", { isDefault: true }).description("All runs that are kept, newest first")).action(
    (flags: HistoryFlags) => act(flags, { action: "list", json: flags.json === true }),
  );
  for (const [action, description] of [
    ["show", "One run; the newest unless told otherwise"],
    ["failures", "Everything that failed in a run: object, expression, reason and what it looked at"],
  ] as const) {
    addHistoryFlags(runs.command(`${action} [run]`).description(description)).action(
      (id: string | undefined, flags: HistoryFlags) => act(flags, { action, id, json: flags.json === true }),
    );
  }
}

function addPlans(program: Command, commands: Commands, { env, exit }: Context): void {
  const plans = program.command("plans").description("Removals that wait for a decision");
  const act = async (flags: HistoryFlags, request: PlansRequest): Promise<void> =>
    exit(await commands.plans(withFlags(env, flags), request));
  addHistoryFlags(plans.command("list", { isDefault: true }).description("All plans, newest first")).action(
    (flags: HistoryFlags) => act(flags, { action: "list", json: flags.json === true }),
  );
  addHistoryFlags(plans.command("show <plan>").description("One plan and its entities")).action(
    (id: string, flags: HistoryFlags) => act(flags, { action: "show", id, json: flags.json === true }),
  );
  for (const [action, description] of [
    ["approve", "Remove what the plan holds"],
    ["reject", "Keep what the plan holds"],
  ] as const) {
    addSettings(plans.command(`${action} <plan>`).description(description)).action((id: string, flags: HistoryFlags) =>
      act(flags, { action, id }),
    );
  }
}

function addBackups(program: Command, commands: Commands, { env, exit }: Context): void {
  type Flags = Record<string, string> & { readonly force?: true };
  const backup = program
    .command("backup <file>")
    .description("Copy the catalog into one file; it may be in use")
    .option("--force", "replace the file if it is there");
  addSettings(backup).action(async (file: string, flags: Flags) =>
    exit(await commands.backup(withFlags(env, flags), { file, force: flags.force === true })),
  );
  const restore = program
    .command("restore <file>")
    .description("Verify a backup and put it in the place of the catalog, which is kept beside it")
    .option("--force", "also when the catalog is not empty");
  addSettings(restore).action(async (file: string, flags: Flags) =>
    exit(await commands.restore(withFlags(env, flags), { file, force: flags.force === true })),
  );
  const verify = program
    .command("verify [file]")
    .description("Read all of the catalog, or of a backup; tell what is damaged");
  addSettings(verify).action(async (file: string | undefined, flags: Flags) =>
    exit(await commands.verify(withFlags(env, flags), file)),
  );
  const disk = program.command("disk").description("What takes the space of the catalog, and how to shrink it");
  addSettings(disk).action(async (flags: Flags) => exit(await commands.disk(withFlags(env, flags))));
}

function addHistoryFlags(command: Command): Command {
  return addSettings(command.option("--json", "print JSON"));
}

/** Every setting that is no secret, as a flag. */
function addSettings(command: Command): Command {
  for (const [name, option] of listOptions()) {
    if (!("secret" in option)) command.addOption(new CommanderOption(`${toFlag(name)} <value>`, `(${option.env})`));
  }
  return command;
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
