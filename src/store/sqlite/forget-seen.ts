import type { Connection } from "./connection.ts";

export const forgetSeen =
  (db: Connection) =>
  ({ runId }: { readonly runId: string }): void => {
    db.run("DELETE FROM seen_page WHERE run_id = ?", runId);
  };
