import { ConflictError } from "../../runtime/errors.ts";
import type { WriteOrigin } from "../entity-store.ts";
import { addChange } from "./add-change.ts";
import type { Connection } from "./connection.ts";
import { dropIndexes } from "./property-index.ts";

export const removeBlueprint =
  (db: Connection) =>
  (args: { readonly identifier: string; readonly expectedVersion: number; readonly origin: WriteOrigin }): void => {
    const { identifier, expectedVersion, origin } = args;
    const existing = db.get("SELECT id, version FROM blueprint WHERE identifier = ?", identifier);
    if (existing?.["version"] !== expectedVersion) {
      throw new ConflictError(
        `The blueprint "${identifier}" was changed by somebody else in the meantime: read it and try again`,
      );
    }
    const id = Number(existing?.["id"]);
    if (db.get("SELECT 1 FROM entity WHERE blueprint_id = ? LIMIT 1", id) !== undefined) {
      throw new ConflictError(`The blueprint "${identifier}" still has entities: delete them first`);
    }
    dropIndexes(db, id);
    addChange(db, { subject: "blueprint", action: "deleted", identifier }, origin);
    db.run("DELETE FROM blueprint WHERE id = ?", id);
  };
