import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Environment } from "../config/config.ts";
import { DataFolder } from "../runtime/data-folder.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { verifyStore } from "../store/sqlite/verify.ts";
import { findEmbeddedDatabase } from "./embedded-database.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toShownPath } from "./jira-site.ts";
import { sayLine, type Terminal } from "./terminal.ts";

/** Reads all of a backup, or of the catalog, which nobody may be using, and tells what is damaged. */
export async function verifyCommand(env: Environment, terminal: Terminal, file: string | undefined): Promise<ExitCode> {
  if (file !== undefined) return verify(resolve(file), terminal);
  const { folder: folderPath, path } = findEmbeddedDatabase(env, terminal);
  const folder = DataFolder.open(folderPath);
  try {
    return verify(path, terminal);
  } finally {
    folder.close();
  }
}

function verify(path: string, { out }: Terminal): ExitCode {
  if (!existsSync(path)) throw new ConfigurationError(`There is nothing to verify at "${path}"`);
  const findings = verifyStore(path);
  for (const { check, message } of findings) sayLine(out, `${check}: ${message}`);
  sayLine(out, `${toShownPath(path)} ${findings.length === 0 ? "is whole" : "is damaged"}`);
  return findings.length === 0 ? EXIT_CODES.ok : EXIT_CODES.damaged;
}
