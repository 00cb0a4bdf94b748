import type { SyncMetric } from "../telemetry-store.ts";
import type { Connection } from "./connection.ts";

export const putSyncMetrics =
  (db: Connection) =>
  (args: {
    readonly integration: string;
    readonly metrics: readonly SyncMetric[];
    readonly atMs: number;
    readonly keep: number;
  }): void => {
    const { integration, metrics, atMs, keep } = args;
    for (const { eventId, kindIdentifier, state, document } of metrics) {
      db.run(
        `INSERT INTO sync_metric VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
         ON CONFLICT DO UPDATE SET state = ?4, document = ?5, updated_at = ?6`,
        integration,
        eventId,
        kindIdentifier,
        state,
        JSON.stringify(document),
        atMs,
      );
    }
    db.run(
      `DELETE FROM sync_metric WHERE integration = ?1 AND event_id NOT IN (
         SELECT event_id FROM sync_metric WHERE integration = ?1 GROUP BY event_id ORDER BY min(created_at) DESC LIMIT ?2)`,
      integration,
      keep,
    );
  };
