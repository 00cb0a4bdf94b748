import type { Clock } from "../../runtime/clock.ts";
import type { Store } from "../store.ts";
import { toConnectionError } from "./connection-string.ts";
import { Database } from "./database.ts";
import { IndexKeeper } from "./index-keeper.ts";
import { listenToOthers, type Listening } from "./listen-to-others.ts";
import { migrate } from "./migrate.ts";
import { PostgresAuditStore } from "./postgres-audit-store.ts";
import { PostgresBlueprintStore } from "./postgres-blueprint-store.ts";
import { PostgresEntityStore } from "./postgres-entity-store.ts";
import { PostgresFeedStore } from "./postgres-feed-store.ts";
import { PostgresLedgerStore } from "./postgres-ledger-store.ts";
import { PostgresPlanStore } from "./postgres-plan-store.ts";
import { PostgresRunStore } from "./postgres-run-store.ts";
import { PostgresSettingsStore } from "./postgres-settings-store.ts";
import { PostgresTelemetryStore } from "./postgres-telemetry-store.ts";
import { sql } from "./sql.ts";

/** A store in a PostgreSQL database, in a schema of its own. Any number of processes may have it open. */
export async function openPostgresStore(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly searchDeadlineMs?: number;
}): Promise<Store> {
  const { url, clock } = options;
  const db = new Database(url, options.searchDeadlineMs);
  const feed = new PostgresFeedStore(db);
  const check = async (): Promise<void> => void (await db.get(sql`SELECT 1`));
  let listening: Listening;
  try {
    await check().catch((error: unknown) => {
      throw toConnectionError(url, error);
    });
    await migrate(db);
    listening = await listenToOthers(url, feed, clock);
  } catch (error) {
    await db.close();
    throw error;
  }
  const indexes = new IndexKeeper(db);
  const close = async (): Promise<void> => {
    await listening.stop();
    await db.close();
  };
  let closing: Promise<void> | undefined;
  return {
    blueprints: new PostgresBlueprintStore(db, feed, indexes),
    entities: new PostgresEntityStore(db, feed, indexes),
    feed,
    audit: new PostgresAuditStore(db),
    ledger: new PostgresLedgerStore(db),
    plans: new PostgresPlanStore(db),
    runs: new PostgresRunStore(db, clock),
    settings: new PostgresSettingsStore(db, feed, clock),
    telemetry: new PostgresTelemetryStore(db),
    check,
    close: () => (closing ??= close()),
  };
}
