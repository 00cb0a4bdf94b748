import type { SQLInputValue } from "node:sqlite";
import { AUDIT_PART, MAX_AUDIT_LENGTH, type AuditQuery } from "../audit-store.ts";
import { ENTITY_DOCUMENT } from "./add-change.ts";
import type { Connection, SqlRow } from "./connection.ts";

/** What a change left behind is what the next one found, or what is there now. */
const AFTER = `CASE change.action WHEN 'deleted' THEN NULL ELSE coalesce(
  (SELECT coalesce(next.before, 'null') FROM change AS next
   WHERE next.blueprint = change.blueprint AND next.identifier = change.identifier
     AND next.subject = change.subject AND next.seq > change.seq ORDER BY next.seq LIMIT 1),
  CASE change.subject
    WHEN 'entity' THEN (SELECT ${ENTITY_DOCUMENT} FROM entity
      WHERE blueprint_id = (SELECT id FROM blueprint WHERE identifier = change.blueprint)
        AND identifier = change.identifier)
    ELSE (SELECT document FROM blueprint WHERE identifier = change.identifier)
  END) END`;

export function listAudit(db: Connection, query: AuditQuery): readonly SqlRow[] {
  const conditions: { readonly sql: string; readonly values: readonly SQLInputValue[] }[] = [];
  const add = (sql: string, ...values: readonly SQLInputValue[]): void => void conditions.push({ sql, values });
  const { subjects = ["entity", "blueprint"], actions, blueprint, entity, dataSources } = query;
  add("change.subject IN (SELECT value FROM json_each(?))", JSON.stringify(subjects));
  if (query.seq !== undefined) add("change.seq = ?", query.seq);
  if (actions !== undefined) add("change.action IN (SELECT value FROM json_each(?))", JSON.stringify(actions));
  if (entity !== undefined) add("change.subject = 'entity' AND change.identifier = ?", entity);
  if (blueprint !== undefined && entity !== undefined) add("change.blueprint = ?", blueprint);
  else if (blueprint !== undefined) {
    const itself = "(change.blueprint = '' AND change.subject = 'blueprint' AND change.identifier = ?)";
    add(`(change.blueprint = ? OR ${itself})`, blueprint, blueprint);
  }
  if (query.runId !== undefined) add("change.run_id = ?", query.runId);
  if (dataSources !== undefined) {
    add("change.data_source IN (SELECT value FROM json_each(?))", JSON.stringify(dataSources));
  }
  if (query.fromMs !== undefined) add("change.at >= ?", query.fromMs);
  if (query.toMs !== undefined) add("change.at <= ?", query.toMs);
  const where = conditions.map(({ sql }) => sql).join(" AND ");
  const values = conditions.flatMap((condition) => condition.values);
  const found: SqlRow[] = [];
  let size = 0;
  let last = Number.MAX_SAFE_INTEGER;
  while (found.length < query.limit && size < MAX_AUDIT_LENGTH) {
    const count = Math.min(AUDIT_PART, query.limit - found.length);
    const part = db.all(
      `SELECT change.*, ${AFTER} AS after FROM change WHERE change.seq < ? AND ${where} ORDER BY change.seq DESC LIMIT ?`,
      last,
      ...values,
      count,
    );
    found.push(...part);
    size += part.reduce((total, row) => total + toLength(row["before"]) + toLength(row["after"]), 0);
    if (part.length < count) break;
    last = Number(part.at(-1)?.["seq"]);
  }
  return found;
}

function toLength(text: SqlRow[string] | undefined): number {
  return typeof text === "string" ? text.length : 0;
}
