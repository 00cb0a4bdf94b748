import { ConfigurationError } from "../../runtime/errors.ts";
import type { Connection } from "./connection.ts";
import { MIGRATIONS } from "./migrations.ts";

/** Brings the schema to this version, each step in a transaction of its own. A newer schema is refused. */
export function migrate(db: Connection, migrations: readonly string[] = MIGRATIONS): void {
  const version = Number(db.get("PRAGMA user_version")?.["user_version"]);
  if (version > migrations.length) {
    throw new ConfigurationError(
      `The data were written by a newer Quayside (schema ${version}, this one knows ${migrations.length}): ` +
        "update Quayside, or set QUAYSIDE_DATA to another folder",
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(step);
      db.exec(`PRAGMA user_version = ${index + 1}`);
      db.exec("COMMIT");
    } catch (error) {
      db.exec("ROLLBACK");
      throw error;
    }
  }
}
