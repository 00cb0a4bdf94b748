import type { WriteOrigin } from "../entity-store.ts";
import type { Change } from "../feed-store.ts";
import type { Connection } from "./connection.ts";

type Subject =
  | { readonly subject: "entity"; readonly blueprintId: number; readonly identifier: string }
  | { readonly subject: "blueprint" | "setting"; readonly identifier: string };

/** A row of the change feed, in the transaction of the change. */
export function addChange(
  db: Connection,
  change: Subject & Pick<Change, "action">,
  origin: Omit<WriteOrigin, "dataSource">,
): void {
  const values = [change.identifier, origin.actor, origin.runId] as const;
  if (change.subject === "entity") {
    db.run(
      `INSERT INTO change (at, subject, action, identifier, actor, run_id, blueprint)
       VALUES (?, ?, ?, ?, ?, ?, (SELECT identifier FROM blueprint WHERE id = ?))`,
      origin.atMs,
      change.subject,
      change.action,
      ...values,
      change.blueprintId,
    );
    return;
  }
  db.run(
    "INSERT INTO change (at, subject, action, identifier, actor, run_id, blueprint) VALUES (?, ?, ?, ?, ?, ?, '')",
    origin.atMs,
    change.subject,
    change.action,
    ...values,
  );
}
