import type { EntityKey } from "../../model/entity.ts";
import type { Connection } from "./connection.ts";

/** Objects that claim one of these entities count as changed from now on. */
export const forgetStates =
  (db: Connection) =>
  ({ keys }: { readonly keys: readonly EntityKey[] }): void => {
    for (const { blueprint, identifier } of keys) {
      db.run(
        `UPDATE ledger_object SET state = NULL WHERE (bucket_id, object_id) IN
           (SELECT bucket_id, object_id FROM claim WHERE blueprint = ? AND identifier = ?)`,
        blueprint,
        identifier,
      );
    }
  };
