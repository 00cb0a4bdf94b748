import { existsSync } from "node:fs";
import { ConfigurationError, QuaysideError } from "../../runtime/errors.ts";
import type { History } from "../history.ts";
import { Connection } from "./connection.ts";
import { MIGRATIONS } from "./migrations.ts";
import { SqlitePlanStore } from "./sqlite-plan-store.ts";
import { SqliteRunStore } from "./sqlite-run-store.ts";
import type { WriteCalls } from "./writer.ts";

const NO_WRITES: WriteCalls = {
  call: () => Promise.reject(new QuaysideError("internal", "A history is only read")),
  close: () => Promise.resolve(),
};

/** Reads a database that another process may be writing at the same time. Throws ConfigurationError if there is none. */
export function openSqliteHistory(path: string): History {
  if (!existsSync(path)) {
    throw new ConfigurationError(`There is nothing at "${path}" yet: run \`quayside sync\` or \`quayside up\` first`);
  }
  const reader = Connection.openReader(path);
  const version = Number(reader.get("PRAGMA user_version")?.["user_version"]);
  if (version !== MIGRATIONS.length) {
    reader.close();
    throw new ConfigurationError(
      `The data at "${path}" are of ${version < MIGRATIONS.length ? "an older" : "a newer"} Quayside: ` +
        "run this command with the version that wrote them, or `quayside sync` with a newer one once",
    );
  }
  return {
    runs: new SqliteRunStore(reader, NO_WRITES),
    plans: new SqlitePlanStore(reader, NO_WRITES),
    close: async () => reader.close(),
  };
}
