import type { JsonObject } from "../../model/json.ts";
import { AUDIT_PART, MAX_AUDIT_LENGTH, type AuditEntry, type AuditQuery, type AuditStore } from "../audit-store.ts";
import { ENTITY_DOCUMENT } from "./add-changes.ts";
import type { Database } from "./database.ts";
import { toChange, type StoredChange } from "./postgres-feed-store.ts";
import { join, sql } from "./sql.ts";

/** Changes forgotten in one transaction, so that other writes wait for none of them long. */
const PAGE_SIZE = 5000;

interface Stored extends Omit<StoredChange, "subject"> {
  readonly subject: AuditEntry["subject"];
  readonly data_source: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly size: number;
}

/** What a change left behind is what the next one found, or what is there now. */
const AFTER = sql`CASE WHEN change.action <> 'deleted' THEN coalesce(
  (SELECT coalesce(next.before, 'null') FROM change AS next
   WHERE next.blueprint = change.blueprint AND next.identifier = change.identifier
     AND next.subject = change.subject AND next.seq > change.seq ORDER BY next.seq LIMIT 1),
  CASE change.subject
    WHEN 'entity' THEN (SELECT ${ENTITY_DOCUMENT} FROM entity
      WHERE blueprint_id = (SELECT id FROM blueprint WHERE identifier = change.blueprint)
        AND identifier = change.identifier)
    ELSE (SELECT document FROM blueprint WHERE identifier = change.identifier)
  END) END`;

export class PostgresAuditStore implements AuditStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list(query: AuditQuery): Promise<readonly AuditEntry[]> {
    const { subjects = ["entity", "blueprint"], actions, blueprint, entity, runId, dataSources, fromMs, toMs } = query;
    const conditions = [sql`change.subject = ANY (${subjects}::text[])`];
    if (query.seq !== undefined) conditions.push(sql`change.seq = ${query.seq}`);
    if (actions !== undefined) conditions.push(sql`change.action = ANY (${actions}::text[])`);
    if (entity !== undefined) conditions.push(sql`change.subject = 'entity' AND change.identifier = ${entity}`);
    if (blueprint !== undefined && entity !== undefined) conditions.push(sql`change.blueprint = ${blueprint}`);
    else if (blueprint !== undefined) {
      const itself = sql`(change.blueprint = '' AND change.subject = 'blueprint' AND change.identifier = ${blueprint})`;
      conditions.push(sql`(change.blueprint = ${blueprint} OR ${itself})`);
    }
    if (runId !== undefined) conditions.push(sql`change.run_id = ${runId}`);
    if (dataSources !== undefined) conditions.push(sql`change.data_source = ANY (${dataSources}::text[])`);
    if (fromMs !== undefined) conditions.push(sql`change.at >= ${fromMs}`);
    if (toMs !== undefined) conditions.push(sql`change.at <= ${toMs}`);
    const where = join(conditions, " AND ");
    const found: AuditEntry[] = [];
    let size = 0;
    let last = Number.MAX_SAFE_INTEGER;
    while (found.length < query.limit && size < MAX_AUDIT_LENGTH) {
      const count = Math.min(AUDIT_PART, query.limit - found.length);
      const part = await this.#db.search<Stored>(sql`
        SELECT *, coalesce(length(before::text), 0) + coalesce(length(after::text), 0) AS size FROM (
          SELECT change.*, ${AFTER} AS after FROM change
          WHERE change.seq < ${last} AND ${where} ORDER BY change.seq DESC LIMIT ${count}
        ) AS part ORDER BY seq DESC`);
      found.push(...part.map(toEntry));
      size += part.reduce((total, row) => total + row.size, 0);
      if (part.length < count) break;
      last = found.at(-1)?.seq ?? 0;
    }
    return found;
  }

  async forget(beforeMs: number): Promise<number> {
    let all = 0;
    let gone;
    do {
      gone = await this.#db.run(sql`
        DELETE FROM change
        WHERE seq IN (SELECT seq FROM change ORDER BY seq LIMIT ${PAGE_SIZE}) AND at < ${beforeMs}`);
      all += gone;
    } while (gone === PAGE_SIZE);
    return all;
  }
}

function toEntry({ subject, data_source: dataSource, before, after, ...row }: Stored): AuditEntry {
  return { ...toChange({ ...row, subject }), subject, dataSource, before, after };
}
