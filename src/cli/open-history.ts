import { join } from "node:path";
import type { Environment } from "../config/config.ts";
import { ConfigurationError } from "../runtime/errors.ts";
import type { History } from "../store/history.ts";
import { openSqliteHistory } from "../store/sqlite/open-sqlite-history.ts";
import { toDataSource } from "../sync/connector.ts";
import { toJiraSite } from "./jira-site.ts";
import { loadConfig } from "./load-config.ts";
import type { Terminal } from "./terminal.ts";

export interface OpenHistory extends History {
  /** Whose history it is. */
  readonly dataSource: string;
}

/** The history of the installation that the settings describe. It may be running: nothing is locked. */
export async function openHistory(env: Environment, terminal: Terminal): Promise<OpenHistory> {
  const config = loadConfig(env, terminal);
  const { folder } = toJiraSite(config, env);
  const { databaseUrl, integrationType: type, integrationIdentifier: identifier } = config;
  const history = await (databaseUrl === undefined
    ? openSqliteHistory(join(folder, "catalog.db"))
    : openDatabaseHistory(databaseUrl));
  return { ...history, dataSource: toDataSource({ type, identifier }) };
}

async function openDatabaseHistory(url: string): Promise<History> {
  const { openPostgresHistory } = await import("../store/postgres/open-postgres-history.ts"); // as in open-store.ts
  return openPostgresHistory(url);
}

/** The one whose id starts with the text. People see and type only the first characters of an id. */
export function findById<Item extends { readonly id: string }>(
  items: readonly Item[],
  start: string,
  what: string,
): Item {
  const found = items.filter(({ id }) => id.startsWith(start));
  const [item] = found;
  if (item !== undefined && found.length === 1) return item;
  const reason = item === undefined ? "there is none" : `there are ${found.length}`;
  throw new ConfigurationError(`Which ${what} is "${start}"? ${reason}: \`quayside ${what}s\` lists them`);
}

export function toShortId(id: string): string {
  return id.slice(0, 8);
}

/** Local time, to the second: `2026-03-01 14:05:09`. */
export function toShownTime(epochMs: number): string {
  return new Date(epochMs).toLocaleString("sv-SE");
}
