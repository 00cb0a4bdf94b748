import type { EntitySearch, SearchField, SearchScalar } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import { toScope, toValueSql } from "./search-sql.ts";

/** How many of the entities that a search finds have each value, the most frequent first. A list counts as one value. */
export function countValues(
  db: Connection,
  args: {
    readonly search: Pick<EntitySearch, "blueprintId" | "rule">;
    readonly field: SearchField;
    readonly limit: number;
  },
): readonly { readonly value: SearchScalar; readonly count: number }[] {
  const scope = toScope(args.search);
  return db
    .all(
      `SELECT ${toValueSql(args.field)} AS value, count(*) AS count FROM entity WHERE ${scope.sql}
       GROUP BY 1 ORDER BY count DESC, value LIMIT ?`,
      ...scope.values,
      args.limit,
    )
    .map((row) => ({ value: row["value"] as SearchScalar, count: Number(row["count"]) })); // ->> gives scalars
}
