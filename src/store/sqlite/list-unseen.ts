import type { RawObjectRef } from "../../model/raw-object.ts";
import { toBucketId } from "./bucket-id.ts";
import type { Connection } from "./connection.ts";

/** Objects of a bucket that no page of this attempt names. It writes nothing, but it may take long. */
export const listUnseen =
  (db: Connection) =>
  ({
    bucket,
    runId,
    attempt,
  }: {
    readonly bucket: string;
    readonly runId: string;
    readonly attempt: number;
  }): readonly RawObjectRef[] => {
    const bucketId = toBucketId(db, bucket);
    db.exec("CREATE TEMP TABLE IF NOT EXISTS seen (object_id TEXT PRIMARY KEY) WITHOUT ROWID; DELETE FROM seen");
    db.run(
      `INSERT OR IGNORE INTO seen SELECT ids.value FROM seen_page, json_each(seen_page.object_ids) AS ids
       WHERE run_id = ? AND bucket_id = ? AND attempt = ?`,
      runId,
      bucketId,
      attempt,
    );
    return db
      .all(
        `SELECT object_id, key FROM ledger_object
         WHERE bucket_id = ? AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.object_id = ledger_object.object_id)`,
        bucketId,
      )
      .map((row) => ({ id: String(row["object_id"]), ...(row["key"] !== null && { key: String(row["key"]) }) }));
  };
