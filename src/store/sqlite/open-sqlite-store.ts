import type { Clock } from "../../runtime/clock.ts";
import type { Store } from "../store.ts";
import { Connection } from "./connection.ts";
import { Searcher } from "./searcher.ts";
import type { SearchCalls } from "./searches.ts";
import { SqliteAuditStore } from "./sqlite-audit-store.ts";
import { SqliteBlueprintStore } from "./sqlite-blueprint-store.ts";
import { SqliteEntityStore } from "./sqlite-entity-store.ts";
import { SqliteFeedStore } from "./sqlite-feed-store.ts";
import { SqliteLedgerStore } from "./sqlite-ledger-store.ts";
import { SqlitePlanStore } from "./sqlite-plan-store.ts";
import { SqliteRunStore } from "./sqlite-run-store.ts";
import { SqliteSettingsStore } from "./sqlite-settings-store.ts";
import { SqliteTelemetryStore } from "./sqlite-telemetry-store.ts";
import { Writer, type WriteCalls } from "./writer.ts";

/** Where what may take long runs. */
export interface Threads {
  openWriter(path: string): Promise<WriteCalls>;
  openSearcher(path: string): SearchCalls;
}
const THREADS: Threads = {
  openWriter: (path) => Writer.open(path),
  openSearcher: (path) => new Searcher(path),
};

/**
 * A store in one SQLite file. Writes and searches run in threads of their own; other reads are short and run here. Every
 * read sees every commit that was acknowledged.
 */
export async function openSqliteStore(
  options: { readonly path: string; readonly clock: Clock },
  threads: Threads = THREADS,
): Promise<Store> {
  const writer = await threads.openWriter(options.path);
  const searcher = threads.openSearcher(options.path);
  const reader = Connection.openReader(options.path);
  const feed = new SqliteFeedStore(reader);
  const close = async (): Promise<void> => {
    await searcher.close();
    await writer.close();
    reader.close();
  };
  let closing: Promise<void> | undefined;
  return {
    blueprints: new SqliteBlueprintStore(reader, writer, feed),
    entities: new SqliteEntityStore(reader, writer, searcher, feed),
    feed,
    audit: new SqliteAuditStore(writer, searcher),
    ledger: new SqliteLedgerStore(reader, writer),
    plans: new SqlitePlanStore(reader, writer),
    runs: new SqliteRunStore(reader, writer),
    settings: new SqliteSettingsStore(reader, writer, feed, options.clock),
    telemetry: new SqliteTelemetryStore(reader, writer),
    check: async () => {
      reader.get("SELECT 1");
      await writer.call("ping", undefined);
    },
    close: () => (closing ??= close()),
  };
}
