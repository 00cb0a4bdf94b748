import { randomUUID } from "node:crypto";
import type { Change, FeedStore } from "../feed-store.ts";
import type { Database } from "./database.ts";
import { raw, sql } from "./sql.ts";

/** Without what was there before, which may be much. */
const COLUMNS = raw("seq, at, subject, action, blueprint, identifier, actor, run_id");

export interface StoredChange extends Pick<
  Change,
  "seq" | "subject" | "action" | "blueprint" | "identifier" | "actor"
> {
  readonly at: number;
  readonly run_id: string | null;
}

export class PostgresFeedStore implements FeedStore {
  /** Tells the commits of this process from those of others. */
  readonly instanceId = randomUUID();
  readonly #db: Database;
  readonly #listeners = new Set<() => void>();

  constructor(db: Database) {
    this.#db = db;
  }

  async listAfter(seq: number, limit: number): Promise<readonly Change[]> {
    const rows = await this.#db.all<StoredChange>(
      sql`SELECT ${COLUMNS} FROM change WHERE seq > ${seq} ORDER BY seq LIMIT ${limit}`,
    );
    return rows.map(toChange);
  }

  async lastSeq(): Promise<number> {
    const row = await this.#db.get<{ seq: number | null }>(sql`SELECT max(seq) AS seq FROM change`);
    return row?.seq ?? 0;
  }

  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something was committed, by this process or by another. */
  announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function toChange({ seq, at, subject, action, blueprint, identifier, actor, run_id }: StoredChange): Change {
  return { seq, atMs: at, subject, action, blueprint, identifier, actor, runId: run_id };
}
