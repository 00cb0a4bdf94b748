import type { EntitySearch, SearchField, SearchScalar } from "../../model/search.ts";
import type { Group } from "../entity-store.ts";
import type { Connection } from "./connection.ts";
import { toScope, toValueSql } from "./search-sql.ts";

/** See EntityStore.countGroups. */
export function countGroups(
  db: Connection,
  args: {
    readonly search: Pick<EntitySearch, "blueprintId" | "rule">;
    readonly fields: readonly SearchField[];
    readonly limit: number;
  },
): readonly Group[] {
  const scope = toScope(args.search);
  const values = args.fields.map((field, index) => `${toValueSql(field)} AS value${index}`);
  const keys = args.fields.map((_, index) => `value${index}`);
  return db
    .all(
      `SELECT ${values.join(", ")}, count(*) AS count FROM entity WHERE ${scope.sql}
       GROUP BY ${keys.join(", ")} ORDER BY count DESC, ${keys.join(", ")} LIMIT ?`,
      ...scope.values,
      args.limit,
    )
    .map((row) => ({ values: keys.map((key) => row[key] as SearchScalar), count: Number(row["count"]) })); // ->> gives scalars
}
