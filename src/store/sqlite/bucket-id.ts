import type { Connection } from "./connection.ts";

/** The number of a bucket, made when it is new. */
export function toBucketId(db: Connection, name: string): number {
  const existing = db.get("SELECT id FROM bucket WHERE name = ?", name);
  return existing === undefined ? db.insert("INSERT INTO bucket (name) VALUES (?)", name) : Number(existing["id"]);
}
