import type { Clock } from "../runtime/clock.ts";
import { openSqliteStore } from "./sqlite/open-sqlite-store.ts";
import type { Store } from "./store.ts";

/** In the PostgreSQL database, if there is a URL of one, else in the SQLite file. Who has no database loads no client. */
export async function openStore(options: {
  readonly path: string;
  readonly databaseUrl: string | undefined;
  readonly clock: Clock;
}): Promise<Store> {
  const { path, databaseUrl: url, clock } = options;
  if (url === undefined) return openSqliteStore({ path, clock });
  const { openPostgresStore } = await import("./postgres/open-postgres-store.ts");
  return openPostgresStore({ url, clock });
}
