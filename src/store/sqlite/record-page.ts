import type { EntityKey } from "../../model/entity.ts";
import type { LedgerEntry, LedgerPage } from "../ledger-store.ts";
import { toBucketId } from "./bucket-id.ts";
import type { Connection } from "./connection.ts";

/** A page of the ledger: rows, claims, what lost its last claim, and the ids seen. */
export const recordPage =
  (db: Connection) =>
  (page: LedgerPage): void => {
    const bucketId = toBucketId(db, page.bucket);
    for (const entry of page.entries) writeEntry(db, bucketId, entry);
    db.run(
      "INSERT INTO seen_page (run_id, attempt, bucket_id, object_ids) VALUES (?, ?, ?, ?)",
      page.runId,
      page.attempt,
      bucketId,
      JSON.stringify([...page.entries.map((entry) => entry.ref.id), ...page.seen]),
    );
  };

function writeEntry(db: Connection, bucketId: number, { ref, state, entities, created = [] }: LedgerEntry): void {
  const before = db.get("SELECT entities FROM ledger_object WHERE bucket_id = ? AND object_id = ?", bucketId, ref.id);
  const claimed = JSON.stringify(toPairs(entities));
  if (before?.["entities"] !== claimed) {
    if (before !== undefined) dropClaims(db, bucketId, ref.id, String(before["entities"]));
    for (const { blueprint, identifier } of entities) {
      db.run("INSERT OR IGNORE INTO claim VALUES (?, ?, ?, ?)", blueprint, identifier, bucketId, ref.id);
    }
  }
  for (const { blueprint, identifier } of created) {
    db.run("INSERT OR IGNORE INTO creation VALUES (?, ?, ?)", blueprint, identifier, bucketId);
  }
  db.run(
    `INSERT INTO ledger_object (bucket_id, object_id, key, updated, state, entities) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (bucket_id, object_id) DO UPDATE SET
       key = excluded.key, updated = excluded.updated, state = excluded.state, entities = excluded.entities`,
    bucketId,
    ref.id,
    ref.key ?? null,
    ref.updated ?? null,
    state,
    claimed,
  );
}

/** Entities of one object as stored: each pair once, as [blueprint, identifier]. */
function toPairs(entities: readonly EntityKey[]): readonly (readonly [string, string])[] {
  const unique = new Map(
    entities.map(({ blueprint, identifier }) => [`${blueprint}\u0000${identifier}`, [blueprint, identifier] as const]),
  );
  return [...unique.values()];
}

/** Takes an object's claims back; what it claimed waits in `unclaimed` until somebody asks whether anyone else does. */
export function dropClaims(
  db: Connection,
  bucketId: number,
  objectId: string,
  entities: string,
  planId: string | null = null,
): void {
  for (const [blueprint, identifier] of JSON.parse(entities) as [string, string][]) {
    db.run(
      "DELETE FROM claim WHERE blueprint = ? AND identifier = ? AND bucket_id = ? AND object_id = ?",
      blueprint,
      identifier,
      bucketId,
      objectId,
    );
    db.run("INSERT OR IGNORE INTO unclaimed VALUES (?, ?, ?, ?)", bucketId, blueprint, identifier, planId);
  }
}
