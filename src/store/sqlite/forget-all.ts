import type { Connection } from "./connection.ts";
import { dataSourcePattern } from "./data-source-pattern.ts";

/** Everything that the ledger knows of a data source; runs and plans stay as its history. */
export const forgetAll =
  (db: Connection) =>
  ({ dataSource }: { readonly dataSource: string }): void => {
    const buckets = "bucket_id IN (SELECT id FROM bucket WHERE name GLOB ?)";
    for (const table of ["claim", "unclaimed", "creation", "seen_page", "ledger_object"]) {
      db.run(`DELETE FROM ${table} WHERE ${buckets}`, dataSourcePattern(dataSource));
    }
    db.run(
      "UPDATE removal_plan SET status = 'superseded' WHERE data_source = ? AND status IN ('held', 'approved')",
      dataSource,
    );
  };
