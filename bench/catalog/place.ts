import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

/** An empty database of the bench's own. */
export interface Place {
  /** A path, or the URL of a PostgreSQL database. */
  readonly address: string;
  readonly folder: string;
  remove(): Promise<void>;
}

export type MakePlace = () => Promise<Place>;

export async function makeFilePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "quayside-bench-"));
  return { address: join(folder, "catalog.db"), folder, remove: async () => rmSync(folder, { recursive: true }) };
}

/** Makes a database on that server beside the one of the URL, which is not touched. */
export function toServerPlace(url: string): MakePlace {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "quayside-bench-"));
    const name = `quayside_bench_${randomBytes(6).toString("hex")}`;
    await runSql(url, `CREATE DATABASE ${name}`);
    const own = new URL(url);
    own.pathname = `/${name}`;
    const remove = async (): Promise<void> => {
      rmSync(folder, { recursive: true });
      await runSql(url, `DROP DATABASE ${name} WITH (FORCE)`);
    };
    return { address: own.href, folder, remove };
  };
}

async function runSql(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
