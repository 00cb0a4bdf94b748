import type { NewRemovalPlan } from "../plan-store.ts";
import { toBucketId } from "./bucket-id.ts";
import { CLAIMED } from "./claimed.ts";
import type { Connection } from "./connection.ts";

/** Holds everything of a bucket that is unclaimed and that no plan speaks of yet. */
export const holdUnclaimed =
  (db: Connection) =>
  ({ plan }: { readonly plan: NewRemovalPlan }): void => {
    db.run(
      `UPDATE unclaimed SET plan_id = ? WHERE bucket_id = ? AND plan_id IS NULL AND NOT ${CLAIMED}`,
      plan.id,
      toBucketId(db, plan.bucket),
    );
    insertPlan(db, plan);
  };

/** Writes a plan down, with the number of what it holds; what is claimed by others it lets go of. */
export function insertPlan(db: Connection, plan: NewRemovalPlan): void {
  db.run(`UPDATE unclaimed SET plan_id = NULL WHERE plan_id = ? AND ${CLAIMED}`, plan.id);
  const entities = Number(db.get("SELECT count(*) AS count FROM unclaimed WHERE plan_id = ?", plan.id)?.["count"]);
  if (entities === 0) return;
  db.run(
    "INSERT INTO removal_plan (id, data_source, status, document) VALUES (?, ?, 'held', ?)",
    plan.id,
    plan.dataSource,
    JSON.stringify({ ...plan, entities }),
  );
}
