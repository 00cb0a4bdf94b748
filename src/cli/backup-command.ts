import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Environment } from "../config/config.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { backUp } from "../store/sqlite/backup.ts";
import { findEmbeddedDatabase, toShownSize } from "./embedded-database.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toShownPath } from "./jira-site.ts";
import { sayLine, type Terminal } from "./terminal.ts";

export interface BackupRequest {
  readonly file: string;
  /** A file of that name is replaced. */
  readonly force: boolean;
}

/** Copies the catalog into one file, also while it is in use. */
export async function backupCommand(
  env: Environment,
  terminal: Terminal,
  { file, force }: BackupRequest,
): Promise<ExitCode> {
  const { path } = findEmbeddedDatabase(env, terminal);
  const target = resolve(file);
  if (existsSync(target) && !force) {
    throw new ConfigurationError(`"${file}" is there already: choose another name, or add --force to replace it`);
  }
  backUp(path, target);
  sayLine(terminal.out, `Backed up to ${toShownPath(target)} (${toShownSize(statSync(target).size)})`);
  return EXIT_CODES.ok;
}
