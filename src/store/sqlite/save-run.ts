import type { Run } from "../run-store.ts";
import type { Connection } from "./connection.ts";

/** Runs kept per data source. */
const MAX_RUNS = 200;

export const saveRun =
  (db: Connection) =>
  ({ run }: { readonly run: Run }): void => {
    const document = JSON.stringify(run);
    if (db.run("UPDATE run SET document = ? WHERE id = ?", document, run.id) > 0) return;
    db.run("INSERT INTO run (id, data_source, document) VALUES (?, ?, ?)", run.id, run.dataSource, document);
    db.run(
      `DELETE FROM run WHERE data_source = ? AND seq <=
         (SELECT seq FROM run WHERE data_source = ? ORDER BY seq DESC LIMIT 1 OFFSET ${MAX_RUNS})`,
      run.dataSource,
      run.dataSource,
    );
  };
