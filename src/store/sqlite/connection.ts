import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { ConfigurationError } from "../../runtime/errors.ts";

export type SqlRow = Readonly<Record<string, SQLOutputValue>>;

/** The first version without the WAL-reset bug (https://sqlite.org/releaselog/3_51_3.html). */
const MIN_SQLITE = [3, 51, 3] as const;

/** Searches make statements of any shape; the oldest go when there are more. */
const MAX_STATEMENTS = 256;

/** A connection that prepares each statement text once. */
export class Connection {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The one connection of a file that writes. Opening it makes the file when it is not there. */
  static openWriter(path: string): Connection {
    const db = new DatabaseSync(path);
    assertVersion(db);
    // synchronous=FULL: a commit that was acknowledged survives a power cut. Every page that a commit touches goes to the
    // log whole, and edges touch pages all over their index: with larger pages far more would be written.
    db.exec(`
      PRAGMA page_size = 8192;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA busy_timeout = 5000;
      PRAGMA cache_size = -32768;
      PRAGMA wal_autocheckpoint = 16000;
      PRAGMA temp_store = MEMORY;
    `);
    return new Connection(db);
  }

  static openReader(path: string): Connection {
    const db = new DatabaseSync(path, { readOnly: true });
    db.exec("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY");
    // SQLite's own functions do not read offsets without a colon, as Jira writes them.
    db.function("instant", { deterministic: true, useBigIntArguments: true }, toInstant);
    return new Connection(db);
  }

  /** False after an error that made SQLite roll everything back by itself. */
  get isInTransaction(): boolean {
    return this.#db.isTransaction;
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): SqlRow[] {
    return this.#prepare(sql).all(...values);
  }

  /**
   * For values of documents: a whole number beyond 2^53 becomes the number that JSON.parse makes of it. Whatever is read
   * in this way has to be read so every time.
   */
  allRounded(sql: string, ...values: readonly SQLInputValue[]): SqlRow[] {
    const statement = this.#prepare(sql);
    statement.setReadBigInts(true);
    return statement
      .all(...values)
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
        ),
      );
  }

  get(sql: string, ...values: readonly SQLInputValue[]): SqlRow | undefined {
    return this.#prepare(sql).get(...values);
  }

  /** Runs a statement; the number of rows it changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Runs an INSERT; the rowid it made. */
  insert(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).lastInsertRowid);
  }

  /** Runs an INSERT with ON CONFLICT DO NOTHING; undefined when there was a conflict. */
  insertNew(sql: string, ...values: readonly SQLInputValue[]): number | undefined {
    const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
    return Number(changes) === 0 ? undefined : Number(lastInsertRowid);
  }

  close(): void {
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
      const [oldest] = this.#statements.keys();
      if (this.#statements.size > MAX_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
    }
    return statement;
  }
}

/** Milliseconds since 1970, or null for what is no time. */
function toInstant(value: SQLOutputValue): number | null {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function assertVersion(db: DatabaseSync): void {
  const version = String(db.prepare("SELECT sqlite_version() AS version").get()?.["version"]);
  const parts = version.split(".").map(Number);
  const difference = MIN_SQLITE.map((wanted, index) => (parts[index] ?? 0) - wanted).find((each) => each !== 0) ?? 0;
  if (difference < 0) {
    throw new ConfigurationError(
      `SQLite ${version} can corrupt a database in WAL mode: use a Node with SQLite ${MIN_SQLITE.join(".")} or newer (Node 22.23, 24.21)`,
    );
  }
}
