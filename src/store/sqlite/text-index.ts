import type { SearchCondition } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import type { SqlFragment } from "./search-sql.ts";

/**
 * An index over the parts of titles, three letters each (FTS5). It takes more of a write than everything else together,
 * so it is made when searches ask for it.
 */
const CREATE = `
  CREATE VIRTUAL TABLE entity_text
    USING fts5 (title, content = 'entity', content_rowid = 'id', tokenize = 'trigram', columnsize = 0);
  INSERT INTO entity_text (entity_text) VALUES ('rebuild');
  CREATE TRIGGER entity_text_insert AFTER INSERT ON entity BEGIN
    INSERT INTO entity_text (rowid, title) VALUES (new.id, new.title);
  END;
  CREATE TRIGGER entity_text_update AFTER UPDATE OF title ON entity WHEN old.title <> new.title BEGIN
    INSERT INTO entity_text (entity_text, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO entity_text (rowid, title) VALUES (new.id, new.title);
  END;
  CREATE TRIGGER entity_text_delete AFTER DELETE ON entity BEGIN
    INSERT INTO entity_text (entity_text, rowid, title) VALUES ('delete', old.id, old.title);
  END;
`;

const MIN_LENGTH = 3;

export function createTextIndex(db: Connection): void {
  if (!hasTextIndex(db)) db.exec(CREATE);
}

export function hasTextIndex(db: Connection): boolean {
  return db.get("SELECT 1 FROM sqlite_schema WHERE name = 'entity_text'") !== undefined;
}

/** The ids of entities whose titles can have all the texts that the conditions ask for; undefined when none asks for any. */
export function toTextMatch(conditions: readonly SearchCondition[]): SqlFragment | undefined {
  const phrases = conditions.flatMap((each) => {
    const isTitle = each.type === "text" && each.field.kind === "meta" && each.field.name === "$title";
    const isIndexed = isTitle && !each.negated && Array.from(each.value).length >= MIN_LENGTH;
    return isIndexed ? [`"${each.value.replaceAll('"', '""')}"`] : [];
  });
  if (phrases.length === 0) return undefined;
  const sql = "SELECT rowid AS id FROM entity_text WHERE entity_text MATCH ?";
  return { sql, values: [phrases.join(" AND ")] };
}
