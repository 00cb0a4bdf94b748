import type { WriteOrigin } from "../entity-store.ts";
import type { Change } from "../feed-store.ts";
import type { Connection } from "./connection.ts";

type Subject =
  | { readonly subject: "entity"; readonly blueprintId: number; readonly identifier: string }
  | { readonly subject: "blueprint" | "setting"; readonly identifier: string };

/** An entity as one JSON text, made of columns that are JSON already. */
export const ENTITY_DOCUMENT = `'{"title":' || json_quote(title) || ',"icon":' || json_quote(icon) || ',"team":' || team
  || ',"properties":' || properties || ',"relations":' || relations
  || ',"createdAtMs":' || created_at || ',"createdBy":' || json_quote(created_by)
  || ',"updatedAtMs":' || updated_at || ',"updatedBy":' || json_quote(updated_by) || '}'`;

/** What is there until the change. Of what is made there is nothing, so that a first load is not burdened. */
const BEFORE = {
  entity: `(SELECT ${ENTITY_DOCUMENT} FROM entity WHERE blueprint_id = ?1 AND identifier = ?2)`,
  blueprint: "(SELECT document FROM blueprint WHERE identifier = ?2 AND ?1 IS NULL)",
  setting: "NULL",
} as const;

/**
 * A row of the change feed, in the transaction of the change. Of an update or a deletion it is added before, as it keeps
 * what was there.
 */
export function addChange(db: Connection, change: Subject & Pick<Change, "action">, origin: WriteOrigin): void {
  const { subject, action, identifier } = change;
  const before = action === "created" ? "NULL" : BEFORE[subject];
  db.run(
    `INSERT INTO change (blueprint, identifier, at, subject, action, actor, run_id, data_source, before)
     VALUES (coalesce((SELECT identifier FROM blueprint WHERE id = ?1), ''), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ${before})`,
    subject === "entity" ? change.blueprintId : null,
    identifier,
    origin.atMs,
    subject,
    action,
    origin.actor,
    origin.runId,
    origin.dataSource,
  );
}
