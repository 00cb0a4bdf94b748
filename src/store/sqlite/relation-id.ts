import type { Connection } from "./connection.ts";

/** The number of a relation by its name, which is bound; null when no edge has ever been of it. */
export const RELATION_ID = "(SELECT id FROM relation WHERE name = ?)";

/** The number of a relation, made when it is new. */
export function toRelationId(db: Connection, name: string): number {
  const existing = db.get("SELECT id FROM relation WHERE name = ?", name);
  return existing === undefined ? db.insert("INSERT INTO relation (name) VALUES (?)", name) : Number(existing["id"]);
}
