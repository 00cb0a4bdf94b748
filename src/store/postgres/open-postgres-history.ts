import { systemClock } from "../../runtime/clock.ts";
import type { History } from "../history.ts";
import { toConnectionError } from "./connection-string.ts";
import { Database } from "./database.ts";
import { assertCurrentSchema } from "./migrate.ts";
import { PostgresPlanStore } from "./postgres-plan-store.ts";
import { PostgresRunStore } from "./postgres-run-store.ts";
import { sql } from "./sql.ts";

/** Reads a database that others may be writing at the same time. Throws ConfigurationError if there is nothing in it. */
export async function openPostgresHistory(url: string): Promise<History> {
  const db = new Database(url);
  try {
    await db.get(sql`SELECT 1`).catch((error: unknown) => {
      throw toConnectionError(url, error);
    });
    await assertCurrentSchema(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return { runs: new PostgresRunStore(db, systemClock), plans: new PostgresPlanStore(db), close: () => db.close() };
}
