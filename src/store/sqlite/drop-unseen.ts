import { toBucketId } from "./bucket-id.ts";
import type { Connection } from "./connection.ts";
import { dropClaims } from "./record-page.ts";

/** Drops the objects of a bucket that no page of this attempt names. Returns how many. */
export const dropUnseen =
  (db: Connection) =>
  ({
    bucket,
    runId,
    attempt,
  }: {
    readonly bucket: string;
    readonly runId: string;
    readonly attempt: number;
  }): number => {
    const bucketId = toBucketId(db, bucket);
    db.exec("CREATE TEMP TABLE IF NOT EXISTS seen (object_id TEXT PRIMARY KEY) WITHOUT ROWID; DELETE FROM seen");
    db.run(
      `INSERT OR IGNORE INTO seen SELECT ids.value FROM seen_page, json_each(seen_page.object_ids) AS ids
       WHERE run_id = ? AND bucket_id = ? AND attempt = ?`,
      runId,
      bucketId,
      attempt,
    );
    const unseen = db.all(
      `SELECT object_id, entities FROM ledger_object
       WHERE bucket_id = ? AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.object_id = ledger_object.object_id)`,
      bucketId,
    );
    for (const row of unseen) dropObject(db, bucketId, row);
    return unseen.length;
  };

export function dropObject(db: Connection, bucketId: number, row: Readonly<Record<string, unknown>>): void {
  const objectId = String(row["object_id"]);
  dropClaims(db, bucketId, objectId, String(row["entities"]));
  db.run("DELETE FROM ledger_object WHERE bucket_id = ? AND object_id = ?", bucketId, objectId);
}
