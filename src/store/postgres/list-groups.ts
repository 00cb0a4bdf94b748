import type { Json } from "../../model/json.ts";
import type { EntitySearch, SearchField } from "../../model/search.ts";
import type { Group } from "../entity-store.ts";
import type { Database } from "./database.ts";
import { toJsonSql, toKeySql, toScope } from "./search-sql.ts";
import { join, raw, sql } from "./sql.ts";
import { fromKey } from "./value-key.ts";

/** See EntityStore.countGroups. */
export async function countGroups(
  db: Database,
  search: Pick<EntitySearch, "blueprintId" | "rule">,
  fields: readonly SearchField[],
  limit: number,
): Promise<readonly Group[]> {
  const keys = fields.map(toKeySql);
  const places = raw(fields.map((_, index) => index + 1).join(", "));
  const order = raw(fields.map((_, index) => `${index + 1} NULLS FIRST`).join(", "));
  const rows = await db.search<{ keys: readonly (string | null)[]; count: number }>(sql`
    SELECT ARRAY[${join(
      keys.map((_, index) => raw(`key${index}`)),
      ", ",
    )}] AS keys, count FROM (
      SELECT ${join(
        keys.map((key, index) => sql`${key} AS ${raw(`key${index}`)}`),
        ", ",
      )}, count(*) AS count
      FROM entity WHERE ${toScope(search)} GROUP BY ${places}
      ORDER BY count(*) DESC, ${order} LIMIT ${limit}) AS found`);
  return rows.map((row) => ({ values: row.keys.map(fromKey), count: row.count }));
}

/** See EntityStore.listValues. */
export async function listValues(
  db: Database,
  search: Pick<EntitySearch, "blueprintId" | "rule">,
  fields: readonly SearchField[],
  limit: number,
): Promise<readonly (readonly Json[])[]> {
  const values = join(fields.map(toJsonSql), ", ");
  const rows = await db.search<{ row: readonly Json[] }>(
    sql`SELECT jsonb_build_array(${values}) AS row FROM entity WHERE ${toScope(search)} LIMIT ${limit}`,
  );
  return rows.map(({ row }) => row);
}
