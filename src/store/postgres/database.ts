import { createHash } from "node:crypto";
import { DatabaseError, Pool, type PoolClient, type PoolConfig, type QueryConfig } from "pg";
import { ConflictError, LimitError, QuaysideError } from "../../runtime/errors.ts";
import { Semaphore } from "../../runtime/semaphore.ts";
import { toClientOptions } from "./connection-string.ts";
import type { Sql, SqlScalar, SqlValue } from "./sql.ts";

/** A row as the statement selects it: whoever writes the statement names its columns. */
type Row = object;

/** What runs statements: the database, or one transaction in it. */
export interface Queries {
  all<Result extends Row>(statement: Sql): Promise<readonly Result[]>;
  get<Result extends Row>(statement: Sql): Promise<Result | undefined>;
  /** The number of rows that were changed. */
  run(statement: Sql): Promise<number>;
}

/** In a transaction. */
export interface Transaction extends Queries {
  /** Several statements without values. */
  script(text: string): Promise<void>;
}

/** For each process; beside them there is one connection that listens. */
const MAX_CONNECTIONS = 10;
/** Searches have connections of their own, so that slow ones do not keep writes waiting. */
const MAX_SEARCHES = 4;
const DEADLINE_MS = 10_000;

/** A transaction that lost to another is run again; so many losses in a row mean that something is wrong. */
const MAX_TRIES = 10;
const LOST = new Set(["40001", "40P01"]); // serialization_failure, deadlock_detected

/** Connections to one database. */
export class Database implements Queries {
  readonly #connections: Connections;
  readonly #searchers: Connections;
  readonly #searchDeadlineMs: number;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(url: string, searchDeadlineMs = DEADLINE_MS) {
    const options = toClientOptions(url);
    this.#searchDeadlineMs = searchDeadlineMs;
    this.#connections = new Connections({ ...options, max: MAX_CONNECTIONS });
    this.#searchers = new Connections({ ...options, max: MAX_SEARCHES, statement_timeout: searchDeadlineMs });
  }

  all<Result extends Row>(statement: Sql): Promise<readonly Result[]> {
    return this.#track(async () => (await this.#connections.query<Result>(toPrepared(statement))).rows);
  }

  async get<Result extends Row>(statement: Sql): Promise<Result | undefined> {
    return (await this.all<Result>(statement))[0];
  }

  run(statement: Sql): Promise<number> {
    return this.#track(async () => (await this.#connections.query(toPrepared(statement))).rowCount ?? 0);
  }

  /** Statements without values that are no part of a transaction. */
  script(text: string): Promise<void> {
    return this.#track(async () => void (await this.#connections.query({ text })));
  }

  /** Runs a read of any shape, under the deadline. */
  search<Result extends Row>(statement: Sql): Promise<readonly Result[]> {
    return this.#track(async () => {
      try {
        return (await this.#searchers.query<Result>(toQuery(statement))).rows;
      } catch (error) {
        if (toSqlState(error) !== "57014") throw error;
        throw new LimitError(
          `The search took longer than ${this.#searchDeadlineMs} ms: ask for one blueprint, or for less`,
          { cause: error },
        );
      }
    });
  }

  /** All that `work` does is committed together, or nothing when it throws. It may run several times. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.#track(async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await this.#connections.use((client) => inTransaction(client, work));
        } catch (error) {
          if (tries === MAX_TRIES || !LOST.has(toSqlState(error) ?? "")) throw error;
        }
      }
    });
  }

  /**
   * Runs `work` while nobody else, in any process, holds the lock. It is free again when the connection ends: then the
   * signal that `work` gets is aborted, and its result is refused with ConflictError.
   */
  withLock<Result>(lock: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return this.#track(() =>
      this.#connections.use(async (client) => {
        await client.query("SELECT pg_advisory_lock($1)", [lock]);
        try {
          return await whileConnected(client, work);
        } finally {
          // With the connection the lock is gone too.
          await client.query("SELECT pg_advisory_unlock($1)", [lock]).catch(() => undefined);
        }
      }),
    );
  }

  /** Like `withLock` if nobody else holds the lock of that name; else undefined. */
  withFreeLock<Result>(
    name: string,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<{ readonly result: Result } | undefined> {
    const lock = "hashtextextended('quayside ' || $1, 0)";
    return this.#connections.use(async (client) => {
      const { rows } = await client.query<{ is_mine: boolean }>(`SELECT pg_try_advisory_lock(${lock}) AS is_mine`, [
        name,
      ]);
      if (rows[0]?.is_mine !== true) return undefined;
      try {
        return { result: await whileConnected(client, work) };
      } finally {
        await client.query(`SELECT pg_advisory_unlock(${lock})`, [name]).catch(() => undefined); // as above
      }
    });
  }

  /** Waits for what was called before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#underWay);
    await Promise.all([this.#connections.end(), this.#searchers.end()]);
  }

  #track<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) return Promise.reject(new QuaysideError("internal", "The database is closed"));
    const done = work();
    this.#underWay.add(done);
    const forget = (): void => void this.#underWay.delete(done);
    done.then(forget, forget); // its caller hears of a failure
    return done;
  }
}

async function whileConnected<Result>(
  client: PoolClient,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController();
  const onLost = (cause?: Error): void =>
    lost.abort(
      new ConflictError(
        "The connection to PostgreSQL that held a lock was lost, and another process may have the lock now: try again",
        { cause, retry: {} },
      ),
    );
  client.on("error", onLost).on("end", onLost);
  try {
    return await work(lost.signal);
  } finally {
    client.off("error", onLost).off("end", onLost);
    lost.signal.throwIfAborted(); // whatever the work came to
  }
}

async function inTransaction<Result>(client: PoolClient, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  const all = async <Row extends object>(statement: Sql): Promise<readonly Row[]> =>
    (await client.query<Row>(toPrepared(statement))).rows;
  const transaction: Transaction = {
    all,
    get: async (statement) => (await all<never>(statement))[0],
    run: async (statement) => (await client.query(toPrepared(statement))).rowCount ?? 0,
    script: async (text) => void (await client.query(text)),
  };
  await client.query("BEGIN");
  try {
    const result = await work(transaction);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined); // without a connection there is nothing to roll back
    throw error;
  }
}

/** So many connections, made when they are needed. Who wants one while all are in use waits, however long it takes. */
class Connections {
  readonly #pool: Pool;
  /** The pool itself would refuse those who wait longer than a connection may take to be made. */
  readonly #places: Semaphore;

  constructor(options: PoolConfig & { readonly max: number }) {
    this.#pool = new Pool(options);
    this.#places = new Semaphore(options.max);
    // A connection that breaks is replaced, and who uses it at that time hears of it; without listeners it would end the
    // process.
    this.#pool.on("error", () => undefined);
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  async use<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const leave = await this.#places.acquire(new AbortController().signal);
    try {
      const client = await this.#pool.connect();
      try {
        return await work(client);
      } finally {
        client.release(); // the pool itself drops one that has lost its server
      }
    } finally {
      leave();
    }
  }

  query<Result extends Row>(query: QueryConfig) {
    return this.use((client) => client.query<Result>(query));
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

const names = new Map<string, string>();

/** A statement of fixed text is parsed once per connection, under a name. */
function toPrepared(statement: Sql): QueryConfig {
  const query = toQuery(statement);
  let name = names.get(query.text);
  if (name === undefined) {
    name = createHash("md5").update(query.text).digest("hex");
    names.set(query.text, name);
  }
  return { ...query, name };
}

function toQuery({ text, values }: Sql): QueryConfig {
  return { text, values: values.map(toHeld) };
}

/** PostgreSQL holds no U+0000; the replacement character stands for it, as UTF-8 has it for half of a pair. */
function toHeld(value: SqlValue): SqlValue {
  return typeof value === "object" && value !== null ? value.map(toHeldScalar) : toHeldScalar(value);
}

function toHeldScalar(value: SqlScalar): SqlScalar {
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
}

/** The code that PostgreSQL gives an error; undefined for others. */
export function toSqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}
