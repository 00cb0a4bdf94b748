import { toSqlState, type Database } from "./database.ts";
import { LOCKS } from "./locks.ts";
import { toIndexPrefix, type FieldIndex, type IndexRequest } from "./property-index.ts";
import { quoteName, sql } from "./sql.ts";

/** One search alone is not worth an index. */
const USES_BEFORE_INDEX = 3;
/** Every one costs a little with each write. */
const MAX_INDEXES_PER_BLUEPRINT = 12;
/** Smaller blueprints need none. */
const MIN_ENTITIES = 1000;
/** program_limit_exceeded: a value is longer than what an index may hold. */
const TOO_LONG = "54000";

/**
 * Makes the indexes that searches could use again and again. An index that turns out to be in the way of a long value is
 * dropped and not made again, by any process.
 */
export class IndexKeeper {
  readonly #db: Database;
  /** How often searches wanted an index; those that need no more attention are at infinity. */
  readonly #wanted = new Map<string, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Who searches does not wait for an index. */
  note(requests: readonly IndexRequest[]): void {
    for (const request of requests) {
      const times = (this.#wanted.get(request.name) ?? 0) + 1;
      this.#wanted.set(request.name, times);
      if (times !== USES_BEFORE_INDEX) continue;
      // A database that is closed meanwhile has no need of it, and what else fails is asked for again.
      this.create(request).catch(() => undefined);
    }
  }

  async create(request: IndexRequest): Promise<void> {
    const isSettled = await this.#db.withLock(LOCKS.indexes, () =>
      request.type === "field" ? this.#createOverField(request) : this.#createOverTitles(request.name),
    );
    this.#wanted.set(request.name, isSettled ? Number.POSITIVE_INFINITY : 0);
  }

  /** Runs a write; when an index is in its way, again without that. */
  async withoutObstacle<Result>(write: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        const index =
          toSqlState(error) === TOO_LONG ? (error as { readonly constraint?: string }).constraint : undefined; // as PostgreSQL names it
        if (index === undefined || !(await this.#refuse(index))) throw error;
      }
    }
  }

  /** Of a blueprint that has changed, or is gone. */
  dropOf(blueprintId: number): void {
    const drop = async (): Promise<void> => {
      for (const { name } of await this.#list(blueprintId)) {
        await this.#db.script(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteName(name).text}`);
        this.#wanted.delete(name);
      }
    };
    this.#db.withLock(LOCKS.indexes, drop).catch(() => undefined); // they only take room
  }

  /** True when it is there, or cannot be. */
  async #createOverField({ name, blueprintId, definition }: FieldIndex): Promise<boolean> {
    const refused = await this.#db.get(sql`SELECT 1 FROM refused_index WHERE name = ${name}`);
    const known = await this.#list(blueprintId);
    const existing = known.find((index) => index.name === name);
    if (refused !== undefined || existing?.is_valid === true) return true;
    if (existing === undefined && known.length >= MAX_INDEXES_PER_BLUEPRINT) return false;
    if (!(await this.#hasMany(blueprintId))) return false;
    try {
      // Left half made by a process that ended.
      if (existing !== undefined) await this.#db.script(`DROP INDEX CONCURRENTLY ${quoteName(name).text}`);
      await this.#db.script(`CREATE INDEX CONCURRENTLY ${quoteName(name).text} ${definition}`);
      await this.#db.script("ANALYZE entity"); // else nothing is known of the values of its expression
    } catch (error) {
      if (toSqlState(error) !== TOO_LONG) throw error;
      await this.#refuse(name);
    }
    return true;
  }

  /** Needs an extension that comes with PostgreSQL; without it titles are read one after another. */
  async #createOverTitles(name: string): Promise<boolean> {
    await this.#db.script("CREATE EXTENSION IF NOT EXISTS pg_trgm");
    const extension = await this.#db.get<{ schema: string }>(
      sql`SELECT extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = 'pg_trgm'`,
    );
    const operators = `${extension?.schema ?? "public"}.gin_trgm_ops`;
    const valid = await this.#db.get<{ is_valid: boolean }>(
      sql`SELECT indisvalid AS is_valid FROM pg_index WHERE indexrelid = to_regclass(${`quayside.${name}`})`,
    );
    if (valid?.is_valid === true) return true;
    if (valid !== undefined) await this.#db.script(`DROP INDEX CONCURRENTLY ${name}`);
    await this.#db.script(`CREATE INDEX CONCURRENTLY ${name} ON entity USING gin (title ${operators})`);
    return true;
  }

  #list(blueprintId: number) {
    return this.#db.all<{ name: string; is_valid: boolean }>(sql`
      SELECT relname::text AS name, indisvalid AS is_valid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE indrelid = 'entity'::regclass AND starts_with(relname::text, ${toIndexPrefix(blueprintId)})`);
  }

  async #hasMany(blueprintId: number): Promise<boolean> {
    const last = await this.#db.get(
      sql`SELECT 1 FROM entity WHERE blueprint_id = ${blueprintId} OFFSET ${MIN_ENTITIES - 1} LIMIT 1`,
    );
    return last !== undefined;
  }

  /** False when it is an index that must be. */
  async #refuse(name: string): Promise<boolean> {
    if (!name.startsWith("field_")) return false;
    await this.#db.run(sql`INSERT INTO refused_index VALUES (${name}) ON CONFLICT DO NOTHING`);
    await this.#db.script(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteName(name).text}`);
    return true;
  }
}
