import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { EXIT_CODES, toExitCode } from "./exit-codes.ts";
import { createProgram, type Commands } from "./program.ts";

/** Parses a command line; the exit code, and what was printed on the way. */
async function parse(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  let code: number = EXIT_CODES.ok;
  const never = (): Promise<never> => Promise.reject(new Error("nothing is called here"));
  const commands = new Proxy({}, { get: () => never }) as Commands; // each of its methods is the same
  const program = createProgram(commands, { env: {}, version: "1.2.3", exit: (given) => (code = given) });
  const write = (part: string): void => void (text += part);
  for (const each of [program, ...program.commands, ...program.commands.flatMap(({ commands: subs }) => subs)]) {
    each.configureOutput({ writeOut: write, writeErr: write });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = toExitCode(error);
  }
  return { code, text };
}

test.each([
  [["nonsense"], "unknown command 'nonsense'", "quayside --help"],
  [["sync", "--kind"], "argument missing", "quayside sync --help"],
  [["sync", "--dryrun"], "Did you mean --dry-run?", "quayside sync --help"],
  [["sync", "extra"], "too many arguments", "quayside sync --help"],
  [["plans", "approve"], "missing required argument 'plan'", "quayside plans approve --help"],
  [["runs", "shw"], "too many arguments", "quayside runs"],
])("%j is a mistake of the caller, and is told where help is", async (args, reason, help) => {
  const { code, text } = await parse(...args);
  expect(text).toContain(reason);
  expect(text).toContain(`(${help}`);
  expect(code).toBe(EXIT_CODES.configuration);
});

test.each([[["--help"]], [["sync", "--help"]], [["plans", "show", "--help"]], [["--version"]]])(
  "%j is no mistake",
  async (args) => {
    expect((await parse(...args)).code).toBe(EXIT_CODES.ok);
  },
);
