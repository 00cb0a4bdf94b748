import type { Connection } from "./connection.ts";

const OF_BUCKET = "bucket_id = (SELECT id FROM bucket WHERE name = ?)";
const COUNTS = {
  objects: `SELECT count(*) AS count FROM ledger_object WHERE ${OF_BUCKET}`,
  entities: `SELECT count(*) AS count FROM (SELECT DISTINCT blueprint, identifier FROM claim WHERE ${OF_BUCKET})`,
} as const;

/** How many objects a bucket has, or how many entities they claim. It writes nothing, but it may take long. */
export const countClaimed =
  (db: Connection) =>
  ({ bucket, what }: { readonly bucket: string; readonly what: keyof typeof COUNTS }): number =>
    Number(db.get(COUNTS[what], bucket)?.["count"]);
