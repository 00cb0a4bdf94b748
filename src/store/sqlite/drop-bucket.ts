import { toBucketId } from "./bucket-id.ts";
import type { Connection } from "./connection.ts";
import { dropObject } from "./drop-objects.ts";

/** Drops all objects of a bucket. Its name stays, because what it claimed may still wait to be settled. */
export const dropBucket =
  (db: Connection) =>
  ({ bucket }: { readonly bucket: string }): number => {
    const bucketId = toBucketId(db, bucket);
    const objects = db.all("SELECT object_id FROM ledger_object WHERE bucket_id = ?", bucketId);
    for (const row of objects) dropObject(db, bucketId, String(row["object_id"]));
    return objects.length;
  };
