import type { SQLInputValue } from "node:sqlite";
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
import type { Connection, SqlRow } from "./connection.ts";
import type { WriteCalls } from "./writer.ts";

export class SqliteTelemetryStore implements TelemetryStore {
  readonly #reader: Connection;
  readonly #writer: WriteCalls;

  constructor(reader: Connection, writer: WriteCalls) {
    this.#reader = reader;
    this.#writer = writer;
  }

  addLogs(integration: string, logs: readonly LogRecord[], keep: number): Promise<void> {
    return this.#writer.call("addLogs", { integration, logs, keep });
  }

  async listLogs(integration: string, query: LogQuery): Promise<readonly StoredLog[]> {
    const { limit, levels, eventId, beyond } = query;
    const isNewer = beyond?.direction === "newer";
    const conditions: { readonly sql: string; readonly values: readonly SQLInputValue[] }[] = [
      { sql: "integration = ?", values: [integration] },
    ];
    if (levels !== undefined) {
      conditions.push({ sql: "level IN (SELECT value FROM json_each(?))", values: [JSON.stringify(levels)] });
    }
    if (eventId !== undefined) conditions.push({ sql: "event_id = ?", values: [eventId] });
    if (beyond !== undefined) {
      // Without a record nothing of that very time counts as beyond it.
      const seq = beyond.seq ?? (isNewer ? Number.MAX_SAFE_INTEGER : 0);
      conditions.push({ sql: `(at, seq) ${isNewer ? ">" : "<"} (?, ?)`, values: [beyond.atMs, seq] });
    }
    const order = isNewer ? "at, seq" : "at DESC, seq DESC";
    const rows = this.#reader.all(
      `SELECT * FROM integration_log WHERE ${conditions.map(({ sql }) => sql).join(" AND ")} ORDER BY ${order} LIMIT ?`,
      ...conditions.flatMap(({ values }) => values),
      limit,
    );
    return (isNewer ? rows.toReversed() : rows).map(toLog);
  }

  putMetrics(integration: string, metrics: readonly SyncMetric[], atMs: number, keep: number): Promise<void> {
    return this.#writer.call("putSyncMetrics", { integration, metrics, atMs, keep });
  }

  async listMetrics(integration: string, eventId: string): Promise<readonly StoredMetric[]> {
    return this.#reader
      .all("SELECT * FROM sync_metric WHERE integration = ? AND event_id = ? ORDER BY kind", integration, eventId)
      .map((row) => ({
        eventId: String(row["event_id"]),
        kindIdentifier: String(row["kind"]),
        state: String(row["state"]),
        document: JSON.parse(String(row["document"])) as JsonObject, // written by put-sync-metrics.ts alone
        createdAtMs: Number(row["created_at"]),
        updatedAtMs: Number(row["updated_at"]),
      }));
  }

  async listSyncs(integration: string): Promise<readonly SyncSummary[]> {
    return this.#reader
      .all(
        `SELECT event_id, json_group_array(state) AS states, min(created_at) AS created_at, max(updated_at) AS updated_at
         FROM sync_metric WHERE integration = ? GROUP BY event_id ORDER BY min(created_at) DESC, event_id DESC`,
        integration,
      )
      .map((row) => ({
        eventId: String(row["event_id"]),
        states: JSON.parse(String(row["states"])) as string[], // the column is text
        createdAtMs: Number(row["created_at"]),
        updatedAtMs: Number(row["updated_at"]),
      }));
  }

  forget(integration: string): Promise<void> {
    return this.#writer.call("forgetTelemetry", integration);
  }
}

function toLog(row: SqlRow): StoredLog {
  return {
    seq: Number(row["seq"]),
    atMs: Number(row["at"]),
    level: String(row["level"]),
    message: String(row["message"]),
    eventId: row["event_id"] === null ? null : String(row["event_id"]),
    extra: JSON.parse(String(row["extra"])) as JsonObject, // written by add-logs.ts alone
  };
}
