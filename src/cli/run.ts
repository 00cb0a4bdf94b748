import { CommanderError } from "commander";
import { QuaysideError } from "../runtime/errors.ts";
import { toExitCode } from "./exit-codes.ts";
import { createProgram, type Commands } from "./program.ts";
import { sayLine } from "./terminal.ts";
import { version } from "./version.ts";

const terminal = { in: process.stdin, out: process.stdout, err: process.stderr };

/** Each command is loaded when it is called: `--help` waits for none of them. */
const commands: Commands = {
  up: async (env) => (await import("./up-command.ts")).upCommand(env, terminal),
  connect: async (env) => (await import("./connect-command.ts")).connectCommand(env, terminal),
  catalog: async (env) => (await import("./catalog-command.ts")).catalogCommand(env, terminal),
  sync: async (env, flags) => (await import("./sync-command.ts")).syncCommand(env, terminal, flags),
  runs: async (env, request) => (await import("./runs-command.ts")).runsCommand(env, terminal, request),
  plans: async (env, request) => (await import("./plans-command.ts")).plansCommand(env, terminal, request),
  clean: async (env, flags) => (await import("./clean-command.ts")).cleanCommand(env, terminal, flags),
  backup: async (env, request) => (await import("./backup-command.ts")).backupCommand(env, terminal, request),
  restore: async (env, request) => (await import("./restore-command.ts")).restoreCommand(env, terminal, request),
  verify: async (env, file) => (await import("./verify-command.ts")).verifyCommand(env, terminal, file),
  disk: async (env) => (await import("./disk-command.ts")).diskCommand(env, terminal),
  simulate: async (flags) => (await import("./simulate-command.ts")).simulateCommand(flags, terminal),
};

/** The command line of this process; sets its exit code. */
export async function run(): Promise<void> {
  // Whoever read our output has read enough (`quayside runs | head`).
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  // Nor does a resync end because nobody wants to hear how it goes on.
  process.stderr.on("error", () => undefined);
  const program = createProgram(commands, {
    env: process.env,
    version: version(),
    exit: (code) => (process.exitCode = code),
  });
  try {
    await program.parseAsync();
  } catch (error) {
    // A mistake on the command line was told where it was found.
    if (!(error instanceof CommanderError)) sayLine(process.stderr, `error: ${toText(error)}`);
    process.exitCode = toExitCode(error);
  }
}

/** A refusal explains itself; anything else is a mistake of ours, and its place helps to find it. */
function toText(error: unknown): string {
  if (error instanceof QuaysideError && error.code !== "internal") return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
