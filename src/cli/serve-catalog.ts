import { randomBytes } from "node:crypto";
import type { Config } from "../config/config.ts";
import { createApp } from "../http/app.ts";
import { startServer, type RunningServer } from "../http/server.ts";
import { systemClock } from "../runtime/clock.ts";
import { CREDENTIALS_FILE } from "./credentials.ts";
import { toShownPath } from "./jira-site.ts";
import type { OpenCatalog } from "./open-catalog.ts";
import { version } from "./version.ts";

/** Serves a catalog over HTTP. */
export function serveCatalog(config: Config, open: OpenCatalog): Promise<RunningServer> {
  const { catalog, integrations, credentials, logger, folder, store } = open;
  const app = createApp({
    catalog,
    integrations,
    credentials,
    clock: systemClock,
    logger,
    version: version(),
    health: { check: () => store.check() },
    randomHex: (length) => randomBytes(length / 2).toString("hex"),
    credentialsFile: toShownPath(folder.file(CREDENTIALS_FILE)),
  });
  return startServer({ app, host: config.host, port: config.port, clock: systemClock });
}

/** The address of a server as people type it. */
export function toShownUrl({ url }: RunningServer): string {
  return url.replace("//127.0.0.1:", "//localhost:");
}

/** Where a catalog is served, and where it is kept. */
export function toCatalogLines({ folder }: OpenCatalog, url: string): readonly string[] {
  return [
    `  Catalog      ${url} (API page: ${url}/docs)`,
    `  Data         ${toShownPath(folder.path)}`,
    `  Credentials  ${toShownPath(folder.file(CREDENTIALS_FILE))}`,
  ];
}
