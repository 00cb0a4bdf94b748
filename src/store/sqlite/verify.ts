import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { NotFoundError, toMessage } from "../../runtime/errors.ts";
import type { SqlRow } from "./connection.ts";

/** Something in a store that cannot be, if everything that was written was written whole. */
export interface Finding {
  readonly check: string;
  readonly message: string;
}

/** More of one sort say nothing new. */
const MAX_OF_EACH = 20;

interface Check {
  readonly name: string;
  /** Of a damaged row each; none for a store that is whole. */
  readonly sql: string;
  readonly toMessage: (row: SqlRow) => string;
}

const toName = ({ blueprint, identifier }: SqlRow): string => `"${String(identifier)}" of "${String(blueprint)}"`;

/** What the relations of an entity name, one row for each target. */
const NAMED_TARGETS = `SELECT entity.id AS source_id, named.key AS relation, target.value AS target
  FROM entity JOIN json_each(CASE WHEN json_valid(relations) THEN relations ELSE '{}' END) AS named
  JOIN json_each(CASE named.type WHEN 'array' THEN named.value ELSE json_array(named.value) END) AS target
  WHERE named.type <> 'null'`;
const EDGES = `SELECT edge.source_id, relation.name AS relation, target.identifier AS target
  FROM edge JOIN relation ON relation.id = edge.relation_id JOIN entity AS target ON target.id = edge.target_id`;
const WITH_SOURCE = `JOIN entity ON entity.id = source_id JOIN blueprint ON blueprint.id = entity.blueprint_id
  WHERE blueprint.has_old_entities = 0`;
const SOURCE = "blueprint.identifier AS blueprint, entity.identifier";

/** The last change of each entity, since its blueprint has its name. */
const LAST_CHANGES = `WITH gone AS MATERIALIZED (
    SELECT identifier AS name, max(seq) AS last FROM change WHERE subject = 'blueprint' AND action = 'deleted' GROUP BY 1)
  SELECT blueprint, identifier, action, max(seq) AS seq FROM change LEFT JOIN gone ON gone.name = change.blueprint
  WHERE subject = 'entity' AND seq > coalesce(gone.last, 0) GROUP BY blueprint, identifier`;
const CHANGED_ENTITY = `LEFT JOIN blueprint ON blueprint.identifier = last.blueprint
  LEFT JOIN entity ON entity.blueprint_id = blueprint.id AND entity.identifier = last.identifier`;

const isNot = (type: string, column: string): string =>
  `CASE WHEN json_valid(${column}) THEN json_type(${column}) <> '${type}' ELSE 1 END`;

const LEDGER_CLAIMS = `SELECT pair.value ->> 0 AS blueprint, pair.value ->> 1 AS identifier, bucket_id, object_id
  FROM ledger_object JOIN json_each(entities) AS pair`;
const CLAIMS = "SELECT blueprint, identifier, bucket_id, object_id FROM claim";

const CHECKS: readonly Check[] = [
  {
    name: "pages",
    sql: `SELECT integrity_check AS problem FROM pragma_integrity_check WHERE problem <> 'ok'`,
    toMessage: (row) => String(row["problem"]),
  },
  {
    name: "references",
    sql: 'SELECT "table", rowid AS row, parent FROM pragma_foreign_key_check',
    toMessage: (row) =>
      `a row of ${String(row["table"])} (${String(row["row"])}) belongs to one of ${String(row["parent"])} that is not there`,
  },
  {
    name: "documents",
    sql: `SELECT ${SOURCE} FROM entity JOIN blueprint ON blueprint.id = entity.blueprint_id
      WHERE ${["properties", "computed", "relations"].map((column) => isNot("object", column)).join(" OR ")}
        OR ${isNot("array", "team")}`,
    toMessage: (row) => `${toName(row)} has a document that is not whole`,
  },
  {
    name: "edges",
    sql: `SELECT ${SOURCE}, relation_id FROM edge ${WITH_SOURCE} AND NOT (
      EXISTS (SELECT 1 FROM entity AS target WHERE target.id = edge.target_id)
      AND EXISTS (SELECT 1 FROM relation WHERE relation.id = edge.relation_id))`,
    toMessage: (row) => `${toName(row)} points at an entity that is not there`,
  },
  {
    name: "edges",
    sql: `SELECT ${SOURCE}, missing.relation, missing.target FROM (${NAMED_TARGETS} EXCEPT ${EDGES}) AS missing ${WITH_SOURCE}`,
    toMessage: (row) =>
      `${toName(row)} names "${String(row["target"])}" in "${String(row["relation"])}" without an edge`,
  },
  {
    name: "edges",
    sql: `SELECT ${SOURCE}, extra.relation, extra.target FROM (${EDGES} EXCEPT ${NAMED_TARGETS}) AS extra ${WITH_SOURCE}`,
    toMessage: (row) =>
      `${toName(row)} has an edge "${String(row["relation"])}" to "${String(row["target"])}" that it does not name`,
  },
  {
    name: "changes",
    sql: `SELECT last.blueprint, last.identifier FROM (${LAST_CHANGES}) AS last ${CHANGED_ENTITY}
      WHERE (last.action = 'deleted') = (entity.id IS NOT NULL)`,
    toMessage: (row) => `the change feed does not end with what became of ${toName(row)}`,
  },
  {
    // Only where nothing was forgotten, and of blueprints that kept their first name.
    name: "changes",
    sql: `SELECT ${SOURCE} FROM entity JOIN blueprint ON blueprint.id = entity.blueprint_id
      WHERE (SELECT min(seq) FROM change) = 1 AND NOT EXISTS (
        SELECT 1 FROM change WHERE change.blueprint = blueprint.identifier AND change.identifier = entity.identifier
          AND change.subject = 'entity')
      AND NOT EXISTS (
        SELECT 1 FROM change AS named JOIN change AS before ON before.seq = named.seq - 1
        WHERE named.blueprint = '' AND named.subject = 'blueprint' AND named.identifier = blueprint.identifier AND named.action = 'created'
          AND before.subject = 'blueprint' AND before.action = 'deleted')`,
    toMessage: (row) => `the change feed does not tell that ${toName(row)} was made`,
  },
  {
    name: "claims",
    sql: `${LEDGER_CLAIMS} EXCEPT ${CLAIMS}`,
    toMessage: (row) => `the object ${String(row["object_id"])} of the ledger has lost its claim on ${toName(row)}`,
  },
  {
    name: "claims",
    sql: `${CLAIMS} EXCEPT ${LEDGER_CLAIMS}`,
    toMessage: (row) =>
      `${toName(row)} is claimed by the object ${String(row["object_id"])}, of which the ledger does not know it`,
  },
];

/**
 * Reads a whole store and lists what is damaged: pages, references, documents, edges, the change feed, claims, the
 * index of texts. An empty list means that it is whole. Nobody else may have it open. Throws NotFoundError when it is not there.
 */
export function verifyStore(path: string): readonly Finding[] {
  if (!existsSync(path)) throw new NotFoundError(`There is no database at "${path}"`);
  const findings: Finding[] = [];
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    for (const check of CHECKS) findings.push(...run(check, db));
    findings.push(...checkTexts(db));
  } catch (error) {
    findings.push({ check: "pages", message: `it cannot be read: ${toMessage(error)}` });
  } finally {
    db?.close();
  }
  return findings;
}

function run({ name, sql, toMessage: toText }: Check, db: DatabaseSync): readonly Finding[] {
  const rows = db.prepare(`${sql} LIMIT ${MAX_OF_EACH}`).all();
  return rows.map((row) => ({ check: name, message: toText(row) }));
}

/** The index of texts compares itself with the entities; it is only there once searches have asked for it. */
function checkTexts(db: DatabaseSync): readonly Finding[] {
  const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'entity_text'").get() !== undefined;
  if (!isThere) return [];
  try {
    db.exec("INSERT INTO entity_text (entity_text, rank) VALUES ('integrity-check', 1)");
    return [];
  } catch (error) {
    return [{ check: "texts", message: `the index of texts does not fit the entities: ${toMessage(error)}` }];
  }
}
