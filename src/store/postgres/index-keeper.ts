import type { JsonObject } from "../../model/json.ts";
import { InputError } from "../../runtime/errors.ts";
import type { PlannedRow } from "../entity-store.ts";
import { toSqlState, type Database } from "./database.ts";
import { toIndexName, toIndexPrefix, type FieldIndex, type IndexRequest } from "./property-index.ts";
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
  #turn: Promise<unknown> = Promise.resolve();

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
      this.#create(request).catch(() => undefined);
    }
  }

  /** Runs a write of a plan; when an index is in its way, again without that. */
  async withoutObstacle<Result>(rows: readonly PlannedRow[], write: () => Promise<Result>): Promise<Result> {
    try {
      return await write();
    } catch (error) {
      if (toSqlState(error) !== TOO_LONG) throw error;
      const existing = await this.#findExisting(listLongFields(rows));
      if (existing.length === 0) {
        throw new InputError("An identifier is longer than PostgreSQL can find it by: use fewer letters", [], {
          cause: error,
        });
      }
      for (const name of existing) await this.#refuse(name);
      return write();
    }
  }

  /** Of a blueprint that has changed, or is gone. */
  dropOf(blueprintId: number): void {
    this.#inTurn(async () => {
      for (const { name } of await this.#list(blueprintId)) {
        await this.#db.script(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteName(name).text}`);
        this.#wanted.delete(name);
      }
    }).catch(() => undefined); // they only take room
  }

  async #create(request: IndexRequest): Promise<void> {
    const isSettled = await this.#inTurn(() =>
      request.type === "field" ? this.#createOverField(request) : this.#createOverTitles(request.name),
    );
    this.#wanted.set(request.name, isSettled === true ? Number.POSITIVE_INFINITY : 0);
  }

  /**
   * One at a time, over all processes; undefined while another is at it. Nobody waits for the lock inside the database:
   * an index is made once all statements that were running have ended, and one that waits is running.
   */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const done = this.#turn.then(async () => (await this.#db.withFreeLock("indexes", work))?.result);
    this.#turn = done.catch(() => undefined); // its caller hears of it
    return done;
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

  async #findExisting(names: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#db.all<{ name: string }>(sql`
      SELECT relname::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE indrelid = 'entity'::regclass AND relname = ANY (${names}::text[])`);
    return rows.map(({ name }) => name);
  }

  async #refuse(name: string): Promise<void> {
    await this.#db.run(sql`INSERT INTO refused_index VALUES (${name}) ON CONFLICT DO NOTHING`);
    await this.#db.script(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteName(name).text}`);
  }
}

/** Of so many letters a value may be too long for an index: they have up to four bytes, and an index holds 2704. */
const LONG = 600;

/** Names that the indexes over fields with long values would have. */
function listLongFields(rows: readonly PlannedRow[]): readonly string[] {
  return rows.flatMap(({ blueprintId, title, properties, computed }) => {
    const toNames = (document: string, isCalculated: boolean): string[] =>
      Object.entries(JSON.parse(document) as JsonObject) // as plans have them
        .filter(([, value]) => typeof value === "string" && value.length > LONG)
        .map(([name]) => toIndexName(blueprintId, { kind: "property", name, isCalculated, isScalar: true }));
    const ofTitle = title.length > LONG ? [toIndexName(blueprintId, { kind: "meta", name: "$title" })] : [];
    return [...toNames(properties, false), ...toNames(computed, true), ...ofTitle];
  });
}
