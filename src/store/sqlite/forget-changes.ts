import type { Connection } from "./connection.ts";

/** The oldest changes, as many as a transaction may take; returns how many went. */
export const forgetChanges =
  (db: Connection) =>
  ({ beforeMs, limit }: { readonly beforeMs: number; readonly limit: number }): number =>
    db.run("DELETE FROM change WHERE seq IN (SELECT seq FROM change ORDER BY seq LIMIT ?) AND at < ?", limit, beforeMs);
