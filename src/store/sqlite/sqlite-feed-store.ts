import type { Change, FeedStore } from "../feed-store.ts";
import type { Connection, SqlRow } from "./connection.ts";

/** Without what was there before, which may be much. */
const COLUMNS = "seq, at, subject, action, blueprint, identifier, actor, run_id";

export class SqliteFeedStore implements FeedStore {
  readonly #reader: Connection;
  readonly #listeners = new Set<() => void>();

  constructor(reader: Connection) {
    this.#reader = reader;
  }

  async listAfter(seq: number, limit: number): Promise<readonly Change[]> {
    return this.#reader
      .all(`SELECT ${COLUMNS} FROM change WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit)
      .map(toChange);
  }

  async lastSeq(): Promise<number> {
    return Number(this.#reader.get("SELECT max(seq) AS seq FROM change")?.["seq"] ?? 0);
  }

  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For the stores of this process: something of theirs was committed. */
  announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function toChange(row: SqlRow): Change {
  return {
    seq: Number(row["seq"]),
    atMs: Number(row["at"]),
    subject: row["subject"] as Change["subject"], // written by add-change.ts alone
    action: row["action"] as Change["action"],
    blueprint: String(row["blueprint"]),
    identifier: String(row["identifier"]),
    actor: String(row["actor"]),
    runId: row["run_id"] === null ? null : String(row["run_id"]),
  };
}
