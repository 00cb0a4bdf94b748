import type { Connection } from "./connection.ts";

export const settleBlueprint =
  (db: Connection) =>
  ({ identifier, version }: { readonly identifier: string; readonly version: number }): void => {
    db.run("UPDATE blueprint SET has_old_entities = 0 WHERE identifier = ? AND version = ?", identifier, version);
  };
