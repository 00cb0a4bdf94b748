import type { LogRecord } from "../telemetry-store.ts";
import type { Connection } from "./connection.ts";

export const addLogs =
  (db: Connection) =>
  (args: { readonly integration: string; readonly logs: readonly LogRecord[]; readonly keep: number }): void => {
    const { integration, logs, keep } = args;
    for (const { atMs, level, eventId, message, extra } of logs) {
      db.run(
        "INSERT INTO integration_log (integration, at, level, event_id, message, extra) VALUES (?, ?, ?, ?, ?, ?)",
        integration,
        atMs,
        level,
        eventId,
        message,
        JSON.stringify(extra),
      );
    }
    db.run(
      `DELETE FROM integration_log WHERE integration = ?1 AND seq <= (
         SELECT seq FROM integration_log WHERE integration = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)`,
      integration,
      keep,
    );
  };
