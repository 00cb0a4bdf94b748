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
  const claimed = JSON.stringify(toPairs(entities));
  const values = [ref.key ?? null, ref.updated ?? null, state, claimed, bucketId, ref.id] as const;
  const isNew = db.run(INSERT_OBJECT, ...values) === 1;
  if (isNew) claim(db, bucketId, ref.id, entities);
  else {
    const before = db.get("SELECT entities FROM ledger_object WHERE bucket_id = ? AND object_id = ?", bucketId, ref.id);
    if (before?.["entities"] !== claimed) {
      dropClaims(db, bucketId, ref.id, String(before?.["entities"]));
      claim(db, bucketId, ref.id, entities);
    }
    db.run(UPDATE_OBJECT, ...values);
  }
  for (const entity of created) noteCreation(db, entity, bucketId, ref.id);
}

/** What others claim and yet had to be created was removed by somebody: they have to write their part again. */
function noteCreation(db: Connection, { blueprint, identifier }: EntityKey, bucketId: number, objectId: string): void {
  db.run("INSERT OR IGNORE INTO creation VALUES (?, ?, ?)", blueprint, identifier, bucketId);
  const others = db.all(
    `SELECT bucket_id, object_id FROM claim WHERE blueprint = ? AND identifier = ? AND (bucket_id, object_id) <> (?, ?)`,
    blueprint,
    identifier,
    bucketId,
    objectId,
  );
  for (const other of others) {
    db.run(
      "UPDATE ledger_object SET state = NULL WHERE bucket_id = ? AND object_id = ?",
      Number(other["bucket_id"]),
      String(other["object_id"]),
    );
  }
}

const INSERT_OBJECT = `INSERT INTO ledger_object (key, updated, state, entities, bucket_id, object_id)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
const UPDATE_OBJECT = `UPDATE ledger_object SET key = ?, updated = ?, state = ?, entities = ?
  WHERE bucket_id = ? AND object_id = ?`;

function claim(db: Connection, bucketId: number, objectId: string, entities: readonly EntityKey[]): void {
  for (const { blueprint, identifier } of entities) {
    db.run("INSERT OR IGNORE INTO claim VALUES (?, ?, ?, ?)", blueprint, identifier, bucketId, objectId);
  }
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
