import type { SearchCondition } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import type { SqlFragment } from "./search-sql.ts";

/**
 * An index over the parts of titles, three letters each (FTS5). It takes much of a write, so it is made when searches ask
 * for it. It knows which titles have a part, but not where (detail = none): with places it would be three times as large.
 * So it finds more than what matches, and every title that it finds is compared.
 *
 * What changes is noted, with the title that the index knows, and indexed at the end of the transaction: FTS5 writes what
 * it has to disk at every savepoint, and each statement with a trigger is one.
 */
const CREATE = `
  CREATE VIRTUAL TABLE entity_text
    USING fts5 (title, content = 'entity', content_rowid = 'id', tokenize = 'trigram', columnsize = 0, detail = none);
  INSERT INTO entity_text (entity_text) VALUES ('rebuild');
  CREATE TABLE entity_text_queue (id INTEGER PRIMARY KEY, known TEXT) STRICT;
  CREATE TRIGGER entity_text_insert AFTER INSERT ON entity BEGIN
    INSERT OR IGNORE INTO entity_text_queue VALUES (new.id, NULL);
  END;
  CREATE TRIGGER entity_text_update AFTER UPDATE OF title ON entity WHEN old.title <> new.title BEGIN
    INSERT OR IGNORE INTO entity_text_queue VALUES (old.id, old.title);
  END;
  CREATE TRIGGER entity_text_delete AFTER DELETE ON entity BEGIN
    INSERT OR IGNORE INTO entity_text_queue VALUES (old.id, old.title);
  END;
`;

const UPDATE = `
  INSERT INTO entity_text (entity_text, rowid, title)
    SELECT 'delete', id, known FROM entity_text_queue WHERE known IS NOT NULL;
  INSERT INTO entity_text (rowid, title)
    SELECT entity.id, entity.title FROM entity_text_queue CROSS JOIN entity ON entity.id = entity_text_queue.id;
  DELETE FROM entity_text_queue;
`;

const PART_LENGTH = 3;
const MAX_PARTS = 20;

export function createTextIndex(db: Connection): void {
  if (!hasTextIndex(db)) db.exec(CREATE);
}

/** Brings the index into step; before every commit. */
export function updateTextIndex(db: Connection): void {
  const hasQueue = db.get("SELECT 1 FROM sqlite_schema WHERE name = 'entity_text_queue'") !== undefined;
  if (hasQueue && db.get("SELECT 1 FROM entity_text_queue LIMIT 1") !== undefined) db.exec(UPDATE);
}

export function hasTextIndex(db: Connection): boolean {
  return db.get("SELECT 1 FROM sqlite_schema WHERE name = 'entity_text'") !== undefined;
}

/** The ids of entities whose titles can have all the texts that the conditions ask for; undefined when none asks for any. */
export function toTextMatch(conditions: readonly SearchCondition[]): SqlFragment | undefined {
  const parts = conditions.flatMap((each) => {
    const isTitle = each.type === "text" && each.field.kind === "meta" && each.field.name === "$title";
    return isTitle && !each.negated ? toParts(each.value) : [];
  });
  if (parts.length === 0) return undefined;
  const sql = "SELECT rowid AS id FROM entity_text WHERE entity_text MATCH ?";
  return { sql, values: [parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(" AND ")] };
}

/** The parts of a text, as far as they help; none of one that is too short. */
function toParts(text: string): readonly string[] {
  const letters = Array.from(text);
  const parts = letters.slice(0, 1 - PART_LENGTH).map((_, start) => letters.slice(start, start + PART_LENGTH).join(""));
  return [...new Set(parts)].slice(0, MAX_PARTS);
}
