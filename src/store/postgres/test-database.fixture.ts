import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { must } from "../../runtime/errors.ts";

/** Variable with the URL of the server that the tests run on; see cluster.fixture.ts. */
export const TEST_SERVER = "QUAYSIDE_TEST_DATABASE_URL";
/** A database with the schema, which others are copied from. */
export const TEMPLATE = "quayside_template";

/** Databases that tests of this process are done with: emptying one is faster than making one. */
const idle: string[] = [];

/** A database with the schema and nothing in it; returns its URL. The server goes with it when the tests end. */
export async function takeTestDatabase(): Promise<string> {
  const url = idle.pop();
  if (url === undefined) return create(toName(), `TEMPLATE ${TEMPLATE}`);
  await runSql(url, EMPTY);
  return url;
}

export function giveTestDatabase(url: string): void {
  idle.push(url);
}

/** Without the schema. */
export function createEmptyDatabase(name = toName()): Promise<string> {
  return create(name, "");
}

export async function runSql(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, options: "-c search_path=quayside" });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const EMPTY = `DO $$
  DECLARE each text;
  BEGIN
    SELECT string_agg(format('quayside.%I', tablename), ', ') INTO each FROM pg_tables
      WHERE schemaname = 'quayside' AND tablename <> 'schema_version';
    EXECUTE 'TRUNCATE ' || each || ' RESTART IDENTITY';
    ALTER SEQUENCE quayside.entity_id RESTART;
    FOR each IN SELECT indexname FROM pg_indexes WHERE schemaname = 'quayside' AND indexname ~ '^(field_|entity_title)'
      LOOP EXECUTE format('DROP INDEX quayside.%I', each); END LOOP;
  END $$`;

function toName(): string {
  return `test_${randomBytes(8).toString("hex")}`;
}

async function create(name: string, rest: string): Promise<string> {
  const server = must(process.env[TEST_SERVER], "npm run test:postgres starts a server");
  await runSql(server, `CREATE DATABASE ${name} ${rest}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
