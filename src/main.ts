#!/usr/bin/env node
import { CommanderError } from "commander";
import { cleanCommand } from "./cli/clean-command.ts";
import { toExitCode } from "./cli/exit-codes.ts";
import { plansCommand } from "./cli/plans-command.ts";
import { createProgram } from "./cli/program.ts";
import { runsCommand } from "./cli/runs-command.ts";
import { simulateCommand } from "./cli/simulate-command.ts";
import { syncCommand } from "./cli/sync-command.ts";
import { sayLine } from "./cli/terminal.ts";
import { upCommand } from "./cli/up-command.ts";
import { version } from "./cli/version.ts";
import { QuaysideError } from "./runtime/errors.ts";

const terminal = { in: process.stdin, out: process.stdout, err: process.stderr };

// Whoever read our output has read enough (`quayside runs | head`).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const program = createProgram(
  {
    up: (env) => upCommand(env, terminal),
    sync: (env, flags) => syncCommand(env, terminal, flags),
    runs: (env, request) => runsCommand(env, terminal, request),
    plans: (env, request) => plansCommand(env, terminal, request),
    clean: (env, flags) => cleanCommand(env, terminal, flags),
    simulate: (flags) => simulateCommand(flags, terminal),
  },
  { env: process.env, version: version(), exit: (code) => (process.exitCode = code) },
);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    // A refusal explains itself; anything else is a mistake of ours, and its place helps to find it.
    const text =
      error instanceof QuaysideError && error.code !== "internal"
        ? error.message
        : String(error instanceof Error ? error.stack : error);
    sayLine(process.stderr, `error: ${text}`);
    process.exitCode = toExitCode(error);
  }
}
