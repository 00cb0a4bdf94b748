import type { Connection } from "./connection.ts";

export const forgetTelemetry =
  (db: Connection) =>
  (integration: string): void => {
    db.run("DELETE FROM integration_log WHERE integration = ?", integration);
    db.run("DELETE FROM sync_metric WHERE integration = ?", integration);
  };
