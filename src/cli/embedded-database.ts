import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../config/config.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import { toCatalogFolder, toJiraSite } from "./jira-site.ts";
import { loadConfig } from "./load-config.ts";
import type { Terminal } from "./terminal.ts";

/** Where the installation that the settings describe keeps its data. Throws ConfigurationError when that is no file. */
export function findEmbeddedDatabase(
  env: Environment,
  terminal: Terminal,
): { readonly folder: string; readonly path: string } {
  const config = loadConfig(env, terminal);
  if (config.databaseUrl !== undefined) {
    throw new ConfigurationError(
      "The data are in PostgreSQL (QUAYSIDE_DATABASE_URL): use its own tools, such as pg_dump and pg_restore",
    );
  }
  const { folder } = toJiraSite(config, env);
  const path = join(folder, "catalog.db");
  if (existsSync(path)) return { folder, path };
  // Without a Jira the data may also be those of a catalog that is served alone.
  const served = toCatalogFolder(config, env);
  const servedPath = join(served, "catalog.db");
  return existsSync(servedPath) ? { folder: served, path: servedPath } : { folder, path };
}

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** `1.2 GB`. */
export function toShownSize(bytes: number): string {
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), UNITS.length - 1);
  const figure = bytes / 1024 ** power;
  return `${power === 0 || figure >= 100 ? figure.toFixed(0) : figure.toFixed(1)} ${UNITS[power] ?? ""}`;
}
