import type { EntityKey } from "../../model/entity.ts";
import { dataSourcePattern } from "./sqlite-ledger-store.ts";
import type { Connection } from "./connection.ts";

/** Forgets the named entities, and all that were claimed again in the meantime. */
export const settleUnclaimed =
  (db: Connection) =>
  ({ dataSource, keys }: { readonly dataSource: string; readonly keys: readonly EntityKey[] }): void => {
    const buckets = "bucket_id IN (SELECT id FROM bucket WHERE name GLOB ?)";
    const pattern = dataSourcePattern(dataSource);
    for (const { blueprint, identifier } of keys) {
      db.run(
        `DELETE FROM unclaimed WHERE ${buckets} AND blueprint = ? AND identifier = ?`,
        pattern,
        blueprint,
        identifier,
      );
    }
    db.run(
      `DELETE FROM unclaimed WHERE ${buckets} AND EXISTS (
         SELECT 1 FROM claim WHERE claim.blueprint = unclaimed.blueprint AND claim.identifier = unclaimed.identifier)`,
      pattern,
    );
  };
