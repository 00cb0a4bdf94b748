import { ConfigurationError } from "../../runtime/errors.ts";
import { toSqlState, type Database, type Queries } from "./database.ts";
import { LOCKS } from "./locks.ts";
import { MIGRATIONS } from "./migrations.ts";
import { raw, sql } from "./sql.ts";

const MIN_VERSION = 150_000;

/**
 * Brings the schema to this version, all steps in one transaction. Processes that start together take turns. A newer
 * schema is refused.
 */
export async function migrate(db: Database, migrations: readonly string[] = MIGRATIONS): Promise<void> {
  await assertServer(db);
  await db.transaction(async (tx) => {
    await tx.run(sql`SELECT pg_advisory_xact_lock(${LOCKS.migration})`);
    const version = (await findSchemaVersion(tx)) ?? (await createSchema(tx));
    if (version > migrations.length) throw toNewerError(version, migrations.length);
    if (version === migrations.length) return;
    for (const step of migrations.slice(version)) await tx.script(step);
    await tx.run(sql`UPDATE schema_version SET version = ${migrations.length}`);
  });
}

/** For processes that only read. */
export async function assertCurrentSchema(db: Database): Promise<void> {
  const version = await findSchemaVersion(db);
  if (version === MIGRATIONS.length) return;
  if (version !== undefined && version > MIGRATIONS.length) throw toNewerError(version, MIGRATIONS.length);
  throw new ConfigurationError(
    version === undefined
      ? "There is nothing in the database yet: run `quayside sync` or `quayside up` first"
      : "The data in the database are of an older Quayside: run `quayside sync` with this version once",
  );
}

async function assertServer(db: Database): Promise<void> {
  const [server] = await db.all<{ version: number; encoding: string }>(
    sql`SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding`,
  );
  if (server !== undefined && server.version < MIN_VERSION) {
    throw new ConfigurationError(
      `The server is PostgreSQL ${Math.floor(server.version / 10_000)}: Quayside needs 15 or newer`,
    );
  }
  if (server !== undefined && server.encoding !== "UTF8") {
    throw new ConfigurationError(
      `The database is encoded in ${server.encoding}: create one with \`createdb --encoding=UTF8 --template=template0\``,
    );
  }
}

async function findSchemaVersion(db: Queries): Promise<number | undefined> {
  const table = await db.get<{ is_there: boolean }>(
    sql`SELECT to_regclass('quayside.schema_version') IS NOT NULL AS is_there`,
  );
  if (table?.is_there !== true) return undefined;
  return (await db.get<{ version: number }>(sql`SELECT version FROM schema_version`))?.version;
}

async function createSchema(tx: Queries): Promise<number> {
  try {
    await tx.run(raw("CREATE SCHEMA IF NOT EXISTS quayside"));
  } catch (error) {
    if (toSqlState(error) !== "42501") throw error; // insufficient_privilege
    throw new ConfigurationError(
      "The user of QUAYSIDE_DATABASE_URL may not create a schema: run `GRANT CREATE ON DATABASE … TO …`, or make it the owner of the database",
      [],
      { cause: error },
    );
  }
  await tx.run(raw("CREATE TABLE schema_version (version integer NOT NULL)"));
  await tx.run(raw("INSERT INTO schema_version VALUES (0)"));
  return 0;
}

function toNewerError(version: number, known: number): ConfigurationError {
  return new ConfigurationError(
    `The database was written by a newer Quayside (schema ${version}, this one knows ${known}): update Quayside, or set ` +
      "QUAYSIDE_DATABASE_URL to another database",
  );
}
