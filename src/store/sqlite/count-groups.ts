import type { EntitySearch, SearchField, SearchScalar } from "../../model/search.ts";
import type { Group } from "../entity-store.ts";
import type { Connection } from "./connection.ts";
import { planWhole } from "./plan-search.ts";
import type { IndexRequest } from "./property-index.ts";
import { toValueSql } from "./search-sql.ts";

/** See EntityStore.countGroups. */
export function countGroups(
  db: Connection,
  args: {
    readonly search: Pick<EntitySearch, "blueprintId" | "rule">;
    readonly fields: readonly SearchField[];
    readonly limit: number;
  },
): { readonly groups: readonly Group[]; readonly wanted: readonly IndexRequest[] } {
  const { way, wanted } = planWhole(db, args.search, args.fields);
  const values = args.fields.map((field, index) => `${toValueSql(field)} AS value${index}`);
  const keys = args.fields.map((_, index) => `value${index}`);
  const groups = db
    .allRounded(
      `SELECT ${values.join(", ")}, count(*) AS count FROM ${way.from} WHERE (${way.scope.sql}) AND (${way.check.sql})
       GROUP BY ${keys.join(", ")} ORDER BY count DESC, ${keys.join(", ")} LIMIT ?`,
      ...way.scope.values,
      ...way.check.values,
      args.limit,
    )
    .map((row) => ({ values: keys.map((key) => row[key] as SearchScalar), count: Number(row["count"]) })); // ->> gives scalars
  return { groups, wanted };
}
