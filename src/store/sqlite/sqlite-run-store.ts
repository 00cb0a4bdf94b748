import type { Run, RunStore } from "../run-store.ts";
import type { Connection, SqlRow } from "./connection.ts";
import type { WriteCalls } from "./writer.ts";

export class SqliteRunStore implements RunStore {
  readonly #reader: Connection;
  readonly #writer: WriteCalls;

  constructor(reader: Connection, writer: WriteCalls) {
    this.#reader = reader;
    this.#writer = writer;
  }

  /** One process has the file. */
  exclusively<Result>(
    _dataSource: string,
    work: (signal: AbortSignal) => Promise<Result>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Result> {
    return work(signal);
  }

  async save(run: Run): Promise<void> {
    await this.#writer.call("saveRun", { run });
  }

  async find(id: string): Promise<Run | undefined> {
    const row = this.#reader.get("SELECT document FROM run WHERE id = ?", id);
    return row && toRun(row);
  }

  async list(dataSource: string, limit: number): Promise<readonly Run[]> {
    return this.#reader
      .all("SELECT document FROM run WHERE data_source = ? ORDER BY seq DESC LIMIT ?", dataSource, limit)
      .map(toRun);
  }
}

function toRun(row: SqlRow): Run {
  return JSON.parse(String(row["document"])) as Run; // written by save-run.ts alone
}
