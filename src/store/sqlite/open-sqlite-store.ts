import type { Clock } from "../../runtime/clock.ts";
import type { Store } from "../store.ts";
import { Connection } from "./connection.ts";
import { SqliteBlueprintStore } from "./sqlite-blueprint-store.ts";
import { SqliteEntityStore } from "./sqlite-entity-store.ts";
import { SqliteFeedStore } from "./sqlite-feed-store.ts";
import { SqliteLedgerStore } from "./sqlite-ledger-store.ts";
import { SqliteRunStore } from "./sqlite-run-store.ts";
import { SqliteSettingsStore } from "./sqlite-settings-store.ts";
import { Writer, type WriteCalls } from "./writer.ts";

/**
 * A store in one SQLite file. Writes run in the writer's thread; reads are short and run here, on a read-only connection
 * that sees every commit that was acknowledged.
 */
export async function openSqliteStore(
  options: { readonly path: string; readonly clock: Clock },
  openWriter: (path: string) => Promise<WriteCalls> = (path) => Writer.open(path),
): Promise<Store> {
  const writer = await openWriter(options.path);
  const reader = Connection.openReader(options.path);
  const feed = new SqliteFeedStore(reader);
  const close = async (): Promise<void> => {
    await writer.close();
    reader.close();
  };
  let closing: Promise<void> | undefined;
  return {
    blueprints: new SqliteBlueprintStore(reader, writer, feed),
    entities: new SqliteEntityStore(reader, writer, feed),
    feed,
    ledger: new SqliteLedgerStore(reader, writer),
    runs: new SqliteRunStore(reader, writer),
    settings: new SqliteSettingsStore(reader, writer, feed, options.clock),
    check: async () => {
      reader.get("SELECT 1");
      await writer.call("ping", undefined);
    },
    close: () => (closing ??= close()),
  };
}
