import { once } from "node:events";
import type { Environment } from "../config/config.ts";
import { systemClock } from "../runtime/clock.ts";
import { withClosers } from "./closers.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toCatalogFolder } from "./jira-site.ts";
import { loadConfig } from "./load-config.ts";
import { openCatalog } from "./open-catalog.ts";
import { serveCatalog, toCatalogLines, toShownUrl } from "./serve-catalog.ts";
import { createStopSignal } from "./stop-signal.ts";
import { sayLine, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Serves a catalog until a signal comes, and reads no Jira: whoever writes to it does so over HTTP. */
export async function catalogCommand(env: Environment, terminal: Terminal): Promise<ExitCode> {
  const config = loadConfig(env, terminal);
  const say = (line: string): void => sayLine(terminal.err, line);
  const stop = createStopSignal(systemClock, say);
  try {
    const open = await withClosers((closers) => openCatalog(config, toCatalogFolder(config, env), closers));
    try {
      const server = await serveCatalog(config, open);
      say([`Quayside ${version()}`, ...toCatalogLines(open, toShownUrl(server))].join("\n"));
      if (!stop.signal.aborted) await once(stop.signal, "abort");
      await server.close();
    } finally {
      await open.close();
    }
  } finally {
    stop.release();
  }
  return EXIT_CODES.ok;
}
