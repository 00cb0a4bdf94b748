import { randomBytes } from "node:crypto";
import { Catalog } from "../catalog/catalog.ts";
import { Integrations } from "../catalog/integrations.ts";
import type { Config } from "../config/config.ts";
import type { BuiltinTable } from "../jq/builtins/builtin.ts";
import { CompiledJqEngine } from "../jq/compiled-jq-engine.ts";
import { JqTimings } from "../jq/jq-timings.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import { NO_MAPPING_FUNCTIONS } from "../mapping/mapping-functions.ts";
import { systemClock } from "../runtime/clock.ts";
import { DataFolder } from "../runtime/data-folder.ts";
import { createLogger, type Logger } from "../runtime/logger.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import type { Closers } from "./closers.ts";
import { openCredentials, type Credentials } from "./credentials.ts";
import { readSavedMapping } from "./read-saved-mapping.ts";

/** A data folder and the catalog in it. */
export interface OpenCatalog {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly catalog: Catalog;
  readonly integrations: Integrations;
  readonly credentials: Credentials;
  readonly logger: Logger;
  readonly createJq: (functions: BuiltinTable) => CompiledJqEngine;
  /** Of all expressions that engines made by `createJq` evaluate, once it is started. */
  readonly timings: JqTimings;
}

export async function openCatalog(config: Config, path: string, closers: Closers): Promise<OpenCatalog> {
  const clock = systemClock;
  const folder = DataFolder.open(path);
  closers.push(() => folder.close());
  const credentials = openCredentials(folder);
  const { databaseUrl } = config;
  const store = await openStore({ path: folder.file("catalog.db"), databaseUrl, clock });
  closers.push(() => store.close());
  const realJq = new JqWasmEngine();
  closers.push(() => realJq.close());
  const timings = new JqTimings();
  const createJq = (functions: BuiltinTable): CompiledJqEngine => new CompiledJqEngine(realJq, { functions, timings });
  const catalog = await Catalog.open({
    store,
    jq: createJq(NO_MAPPING_FUNCTIONS),
    clock,
    newIdentifier: () => `e_${randomBytes(12).toString("base64url").replaceAll(/[-_]/g, "0")}`,
    ...(config.historyDays > 0 && { historyDays: config.historyDays }),
  });
  const newId = (): string => randomBytes(8).toString("hex");
  const logger = createLogger(config.logLevel);
  const integrations = new Integrations({
    store,
    clock,
    newId,
    readMapping: (source, type) => readSavedMapping(source, type, logger),
  });
  return { folder, store, catalog, integrations, credentials, logger, createJq, timings };
}
