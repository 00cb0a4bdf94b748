import type { JsonObject } from "../../model/json.ts";
import type {
  LogQuery,
  LogRecord,
  StoredLog,
  StoredMetric,
  SyncMetric,
  SyncSummary,
  TelemetryStore,
} from "../telemetry-store.ts";
import type { Database } from "./database.ts";
import { join, sql } from "./sql.ts";

export class PostgresTelemetryStore implements TelemetryStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async addLogs(integration: string, logs: readonly LogRecord[], keep: number): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.run(sql`
        INSERT INTO integration_log (integration, at, level, event_id, message, extra)
        SELECT ${integration}::text, at, level, event_id, message, extra
        FROM unnest(${logs.map((log) => log.atMs)}::bigint[], ${logs.map((log) => log.level)}::text[],
          ${logs.map((log) => log.eventId)}::text[], ${logs.map((log) => JSON.stringify(log.message))}::json[],
          ${logs.map((log) => JSON.stringify(log.extra))}::json[])
          WITH ORDINALITY AS new (at, level, event_id, message, extra, place)
        ORDER BY place`);
      await tx.run(sql`
        DELETE FROM integration_log WHERE integration = ${integration} AND seq <= (
          SELECT seq FROM integration_log WHERE integration = ${integration} ORDER BY seq DESC LIMIT 1 OFFSET ${keep})`);
    });
  }

  async listLogs(integration: string, query: LogQuery): Promise<readonly StoredLog[]> {
    const { limit, levels, eventId, beyond } = query;
    const isNewer = beyond?.direction === "newer";
    const conditions = [sql`integration = ${integration}`];
    if (levels !== undefined) conditions.push(sql`level = ANY (${levels}::text[])`);
    if (eventId !== undefined) conditions.push(sql`event_id = ${eventId}`);
    if (beyond !== undefined) {
      // Without a record nothing of that very time counts as beyond it.
      const seq = beyond.seq ?? (isNewer ? Number.MAX_SAFE_INTEGER : 0);
      conditions.push(isNewer ? sql`(at, seq) > (${beyond.atMs}, ${seq})` : sql`(at, seq) < (${beyond.atMs}, ${seq})`);
    }
    const rows = await this.#db.all<StoredLog>(sql`
      SELECT seq, at AS "atMs", level, event_id AS "eventId", message, extra FROM integration_log
      WHERE ${join(conditions, " AND ")} ORDER BY ${isNewer ? sql`at, seq` : sql`at DESC, seq DESC`} LIMIT ${limit}`);
    return isNewer ? rows.toReversed() : rows;
  }

  async putMetrics(integration: string, metrics: readonly SyncMetric[], atMs: number, keep: number): Promise<void> {
    await this.#db.transaction(async (tx) => {
      for (const { eventId, kindIdentifier, state, document } of metrics) {
        await tx.run(sql`
          INSERT INTO sync_metric
          VALUES (${integration}, ${eventId}, ${kindIdentifier}, ${state}, ${JSON.stringify(document)}, ${atMs}, ${atMs})
          ON CONFLICT (integration, event_id, kind) DO UPDATE
            SET state = excluded.state, document = excluded.document, updated_at = excluded.updated_at`);
      }
      await tx.run(sql`
        DELETE FROM sync_metric WHERE integration = ${integration} AND event_id NOT IN (
          SELECT event_id FROM sync_metric WHERE integration = ${integration}
          GROUP BY event_id ORDER BY min(created_at) DESC LIMIT ${keep})`);
    });
  }

  async listMetrics(integration: string, eventId: string): Promise<readonly StoredMetric[]> {
    return this.#db.all<SyncMetric & { document: JsonObject; createdAtMs: number; updatedAtMs: number }>(sql`
      SELECT event_id AS "eventId", kind AS "kindIdentifier", state, document,
        created_at AS "createdAtMs", updated_at AS "updatedAtMs"
      FROM sync_metric WHERE integration = ${integration} AND event_id = ${eventId} ORDER BY kind`);
  }

  async listSyncs(integration: string): Promise<readonly SyncSummary[]> {
    return this.#db.all<SyncSummary>(sql`
      SELECT event_id AS "eventId", array_agg(state ORDER BY kind) AS states,
        min(created_at) AS "createdAtMs", max(updated_at) AS "updatedAtMs"
      FROM sync_metric WHERE integration = ${integration}
      GROUP BY event_id ORDER BY min(created_at) DESC, event_id DESC`);
  }

  async forget(integration: string): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.run(sql`DELETE FROM integration_log WHERE integration = ${integration}`);
      await tx.run(sql`DELETE FROM sync_metric WHERE integration = ${integration}`);
    });
  }
}
