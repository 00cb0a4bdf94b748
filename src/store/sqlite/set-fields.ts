import type { BucketFields } from "../ledger-store.ts";
import { toBucketId } from "./bucket-id.ts";
import type { Connection } from "./connection.ts";

export const setFields =
  (db: Connection) =>
  ({ bucket, fields }: { readonly bucket: string; readonly fields: BucketFields }): void => {
    db.run("UPDATE bucket SET fields = ? WHERE id = ?", JSON.stringify(fields), toBucketId(db, bucket));
  };
