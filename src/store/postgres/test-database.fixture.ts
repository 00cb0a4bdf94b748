import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { must } from "../../runtime/errors.ts";

/** Variable with the URL of the server that the tests run on; see cluster.fixture.ts. */
export const TEST_SERVER = "QUAYSIDE_TEST_DATABASE_URL";
/** A database with the schema, which others are copied from. */
export const TEMPLATE = "quayside_template";

/** A database of the test's own; returns its URL. The server goes with it when the tests end. */
export function createTestDatabase(): Promise<string> {
  return create(`test_${randomBytes(8).toString("hex")}`, `TEMPLATE ${TEMPLATE}`);
}

/** Without the schema. */
export function createEmptyDatabase(name = `test_${randomBytes(8).toString("hex")}`): Promise<string> {
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

async function create(name: string, rest: string): Promise<string> {
  const server = must(process.env[TEST_SERVER], "npm run test:postgres starts a server");
  await runSql(server, `CREATE DATABASE ${name} ${rest}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
