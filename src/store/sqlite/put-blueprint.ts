import type { Json } from "../../model/json.ts";
import { ConflictError } from "../../runtime/errors.ts";
import type { WriteOrigin } from "../entity-store.ts";
import { addChange } from "./add-change.ts";
import type { Connection } from "./connection.ts";

export const putBlueprint =
  (db: Connection) =>
  (args: {
    readonly identifier: string;
    readonly document: Json;
    readonly hasOldEntities: boolean;
    readonly expectedVersion: number | null;
    readonly origin: WriteOrigin;
  }): void => {
    const { identifier, document, hasOldEntities, expectedVersion, origin } = args;
    const existing = db.get("SELECT id, version FROM blueprint WHERE identifier = ?", identifier);
    if ((existing?.["version"] ?? null) !== expectedVersion) {
      throw new ConflictError(
        expectedVersion === null
          ? `A blueprint "${identifier}" exists already: choose another identifier, or update that one`
          : `The blueprint "${identifier}" was changed by somebody else in the meantime: read it and try again`,
      );
    }
    const text = JSON.stringify(document);
    if (existing === undefined) {
      db.run(
        `INSERT INTO blueprint
           (identifier, document, version, has_old_entities, created_at, created_by, updated_at, updated_by)
         VALUES (?, ?, 1, 0, ?, ?, ?, ?)`,
        identifier,
        text,
        origin.atMs,
        origin.actor,
        origin.atMs,
        origin.actor,
      );
    } else {
      db.run(
        `UPDATE blueprint SET document = ?, version = version + 1, has_old_entities = max(has_old_entities, ?),
           updated_at = ?, updated_by = ? WHERE identifier = ?`,
        text,
        hasOldEntities ? 1 : 0,
        origin.atMs,
        origin.actor,
        identifier,
      );
    }
    const action = existing === undefined ? "created" : "updated";
    addChange(db, { subject: "blueprint", action, identifier }, origin);
  };
