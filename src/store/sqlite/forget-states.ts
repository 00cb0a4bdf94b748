import type { EntityKey } from "../../model/entity.ts";
import type { Connection } from "./connection.ts";

/** Objects that claim one of these entities count as changed from now on. */
export const forgetStates =
  (db: Connection) =>
  ({
    keys,
    buckets,
  }: {
    readonly keys: readonly EntityKey[];
    readonly buckets: readonly string[] | undefined;
  }): void => {
    for (const { blueprint, identifier } of keys) {
      db.run(
        `UPDATE ledger_object SET state = NULL WHERE (bucket_id, object_id) IN
           (SELECT bucket_id, object_id FROM claim WHERE blueprint = ? AND identifier = ? AND (
              ? IS NULL OR bucket_id IN (SELECT id FROM bucket WHERE name IN (SELECT value FROM json_each(?)))))`,
        blueprint,
        identifier,
        buckets === undefined ? null : 1,
        JSON.stringify(buckets ?? []),
      );
    }
  };
