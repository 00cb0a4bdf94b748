import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { ConfigurationError } from "../../runtime/errors.ts";

export interface DiskUse {
  /** The file, and what of it holds nothing. */
  readonly bytes: number;
  readonly freeBytes: number;
  /** Writes that are not in the file yet. */
  readonly walBytes: number;
  /** Tables and indexes, the largest first. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

/** What takes the space. Others may have the database open. */
export function measureDiskUse(path: string): DiskUse {
  if (!existsSync(path)) {
    throw new ConfigurationError(`There is nothing at "${path}" yet: run \`quayside sync\` or \`quayside up\` first`);
  }
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const read = (pragma: string): number => Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
    const parts = db
      .prepare(
        "SELECT name, sum(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE GROUP BY name ORDER BY bytes DESC, name",
      )
      .all()
      .map((row) => ({ name: String(row["name"]), bytes: Number(row["bytes"]) }));
    return {
      bytes: statSync(path).size,
      freeBytes: read("freelist_count") * read("page_size"),
      walBytes: existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0,
      parts,
    };
  } finally {
    db.close();
  }
}
