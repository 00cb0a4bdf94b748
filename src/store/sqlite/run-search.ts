import type { EntitySearch } from "../../model/search.ts";
import { InputError } from "../../runtime/errors.ts";
import type { Connection, SqlRow } from "./connection.ts";
import { toScope, toSearchSql } from "./search-sql.ts";

/** Reads one page more than asked for, to know whether there is a next. */
export function readPage(
  db: Connection,
  { blueprintId, rule, limit, from }: EntitySearch,
): { readonly rows: readonly SqlRow[]; readonly next: string | undefined } {
  const { sql, values } = toSearchSql(rule);
  const found =
    blueprintId === undefined
      ? db.all(
          `SELECT * FROM entity WHERE id > ? AND (${sql}) ORDER BY id LIMIT ?`,
          toIdCursor(from),
          ...values,
          limit + 1,
        )
      : db.all(
          `SELECT * FROM entity WHERE blueprint_id = ? AND identifier > ? AND (${sql}) ORDER BY identifier LIMIT ?`,
          blueprintId,
          toIdentifierCursor(from),
          ...values,
          limit + 1,
        );
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: last && toCursor(blueprintId === undefined ? last["id"] : last["identifier"]) };
}

export function countRows(db: Connection, search: Pick<EntitySearch, "blueprintId" | "rule">): number {
  const { sql, values } = toScope(search);
  return Number(db.get(`SELECT count(*) AS count FROM entity WHERE ${sql}`, ...values)?.["count"]);
}

/** Where a page ended, as text that only this file reads. */
function toCursor(last: unknown): string {
  return Buffer.from(JSON.stringify(last)).toString("base64url");
}

function toIdCursor(from: string | undefined): number {
  const last = from === undefined ? 0 : readCursor(from);
  if (typeof last !== "number") throw toCursorError(from);
  return last;
}

function toIdentifierCursor(from: string | undefined): string {
  const last = from === undefined ? "" : readCursor(from);
  if (typeof last !== "string") throw toCursorError(from);
  return last;
}

function readCursor(from: string): unknown {
  try {
    return JSON.parse(Buffer.from(from, "base64url").toString());
  } catch {
    throw toCursorError(from);
  }
}

function toCursorError(from: string | undefined): InputError {
  return new InputError(`"${from ?? ""}" is not a cursor of this search: use the "next" of its last answer`);
}
