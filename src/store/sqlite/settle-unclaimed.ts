import type { EntityKey } from "../../model/entity.ts";
import { CLAIMED } from "./claimed.ts";
import type { Connection } from "./connection.ts";
import { dataSourcePattern } from "./data-source-pattern.ts";

/** Forgets the named entities and all that were claimed again in the meantime, and closes the plans that this empties. */
export const settleUnclaimed =
  (db: Connection) =>
  ({ dataSource, keys }: { readonly dataSource: string; readonly keys: readonly EntityKey[] }): void => {
    const buckets = "bucket_id IN (SELECT id FROM bucket WHERE name GLOB ?)";
    const pattern = dataSourcePattern(dataSource);
    for (const { blueprint, identifier } of keys) {
      const entity = [pattern, blueprint, identifier] as const;
      db.run(`DELETE FROM unclaimed WHERE ${buckets} AND blueprint = ? AND identifier = ?`, ...entity);
      db.run(`DELETE FROM creation WHERE ${buckets} AND blueprint = ? AND identifier = ?`, ...entity);
    }
    db.run(`DELETE FROM unclaimed WHERE ${buckets} AND ${CLAIMED}`, pattern);
    db.run(
      `UPDATE removal_plan SET status = CASE status WHEN 'approved' THEN 'done' ELSE 'superseded' END
       WHERE data_source = ? AND status IN ('held', 'approved')
         AND NOT EXISTS (SELECT 1 FROM unclaimed WHERE plan_id = removal_plan.id)`,
      dataSource,
    );
  };
