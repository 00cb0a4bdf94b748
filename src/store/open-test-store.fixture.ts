import type { Clock } from "../runtime/clock.ts";
import { openPostgresStore } from "./postgres/open-postgres-store.ts";
import { giveTestDatabase, takeTestDatabase, TEST_SERVER } from "./postgres/test-database.fixture.ts";
import { HERE } from "./sqlite/no-threads.fixture.ts";
import { openSqliteStore } from "./sqlite/open-sqlite-store.ts";
import type { Store } from "./store.ts";

const databases = new Map<string, string>();

/**
 * The store that a test is about: a SQLite file, or, in `npm run test:postgres`, a database that stands for it. The same
 * path opens the same data. SQLite opens faster without threads.
 */
export async function openTestStore(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly threads: boolean;
}): Promise<Store> {
  const { path, clock, threads } = options;
  if (process.env[TEST_SERVER] === undefined) {
    return threads ? openSqliteStore({ path, clock }) : openSqliteStore({ path, clock }, HERE);
  }
  const url = databases.get(path) ?? (await takeTestDatabase());
  databases.set(path, url);
  return openPostgresStore({ url, clock });
}

/** The store is closed, and its path will not be opened again. */
export function forgetTestStore(path: string): void {
  const url = databases.get(path);
  if (url !== undefined) giveTestDatabase(url);
  databases.delete(path);
}
