import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Environment } from "../config/config.ts";
import { systemClock, toTimestamp } from "../runtime/clock.ts";
import { DataFolder } from "../runtime/data-folder.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { holdsEntities, restore } from "../store/sqlite/restore.ts";
import { findEmbeddedDatabase } from "./embedded-database.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toShownPath } from "./jira-site.ts";
import { sayLine, type Terminal } from "./terminal.ts";

export interface RestoreRequest {
  readonly file: string;
  /** A catalog that holds something is replaced. */
  readonly force: boolean;
}

/** Puts a backup in the place of the catalog, which nobody may be using, and keeps the old one beside it. */
export async function restoreCommand(
  env: Environment,
  terminal: Terminal,
  { file, force }: RestoreRequest,
): Promise<ExitCode> {
  const { folder: folderPath, path } = findEmbeddedDatabase(env, terminal);
  const folder = DataFolder.open(folderPath);
  try {
    if (!force && holdsEntities(path)) {
      throw new ConfigurationError(
        `The catalog in "${folderPath}" is not empty: add --force to replace it. It will be kept beside the new one`,
      );
    }
    const aside = `${path}.before-${toTimestamp(systemClock.now()).replaceAll(/[:.]/g, "-")}`;
    restore(resolve(file), path, aside);
    sayLine(terminal.out, `Restored ${toShownPath(resolve(file))} to ${toShownPath(path)}`);
    if (existsSync(aside)) sayLine(terminal.out, `What was there before is in ${toShownPath(aside)}`);
    return EXIT_CODES.ok;
  } finally {
    folder.close();
  }
}
