import type { WriteOrigin } from "../entity-store.ts";
import type { Change } from "../feed-store.ts";
import type { Queries } from "./database.ts";
import { LOCKS } from "./locks.ts";
import { raw, sql } from "./sql.ts";

export interface NewChange extends Pick<Change, "subject" | "action" | "blueprint" | "identifier"> {
  /** What was there until the change, as JSON. Null of what is made, so that a first load is not burdened. */
  readonly before: string | null;
}

/** Told at each commit with a change, with the number of the process that made it. */
export const CHANNEL = "quayside_change";

/** An entity as it was, for the audit log. */
export const ENTITY_DOCUMENT = raw(`json_build_object('title', title, 'icon', icon, 'team', team,
  'properties', properties, 'relations', relations, 'createdAtMs', created_at, 'createdBy', created_by,
  'updatedAtMs', updated_at, 'updatedBy', updated_by)`);

/**
 * Rows of the change feed; the last thing that a transaction does. Whoever reads the feed asks for what comes after the
 * last number that it saw, so numbers must become visible in their order. They do, since the lock is held from before
 * they are taken until the commit: two transactions that took numbers side by side could commit in the other order. All
 * other locks are taken before this one, which is why nobody who holds it waits for another.
 */
export async function addChanges(
  tx: Queries,
  changes: readonly NewChange[],
  origin: WriteOrigin,
  instanceId: string,
): Promise<void> {
  if (changes.length === 0) return;
  await tx.run(sql`SELECT pg_advisory_xact_lock(${LOCKS.feed})`);
  const column = <Key extends keyof NewChange>(key: Key) => changes.map((change) => change[key]);
  await tx.run(sql`
    INSERT INTO change (at, subject, action, blueprint, identifier, actor, run_id, data_source, before)
    SELECT ${origin.atMs}::bigint, new.subject, new.action, new.blueprint, new.identifier, ${origin.actor}::text,
      ${origin.runId}::text, ${origin.dataSource}::text, new.before
    FROM unnest(${column("subject")}::text[], ${column("action")}::text[], ${column("blueprint")}::text[],
      ${column("identifier")}::text[], ${column("before")}::json[]) WITH ORDINALITY
      AS new (subject, action, blueprint, identifier, before, place)
    ORDER BY new.place`);
  await tx.run(sql`SELECT pg_notify(${CHANNEL}, ${instanceId})`);
}
