import type { NewRemovalPlan } from "../plan-store.ts";
import { toBucketId } from "./bucket-id.ts";
import type { Connection } from "./connection.ts";
import { insertPlan } from "./hold-unclaimed.ts";
import { dropClaims } from "./record-page.ts";

/** Drops objects of a bucket; with a plan, what they alone claimed is held by it from the same transaction on. */
export const dropObjects =
  (db: Connection) =>
  ({
    bucket,
    ids,
    plan,
  }: {
    readonly bucket: string;
    readonly ids: readonly string[];
    readonly plan: NewRemovalPlan | undefined;
  }): void => {
    const bucketId = toBucketId(db, bucket);
    for (const id of ids) dropObject(db, bucketId, id, plan?.id);
    if (plan !== undefined) insertPlan(db, plan);
  };

export function dropObject(db: Connection, bucketId: number, objectId: string, planId?: string): void {
  const row = db.get("SELECT entities FROM ledger_object WHERE bucket_id = ? AND object_id = ?", bucketId, objectId);
  if (row === undefined) return;
  dropClaims(db, bucketId, objectId, String(row["entities"]), planId);
  db.run("DELETE FROM ledger_object WHERE bucket_id = ? AND object_id = ?", bucketId, objectId);
}
