import type { Json } from "../../model/json.ts";
import type { EntitySearch, SearchField } from "../../model/search.ts";
import type { Connection } from "./connection.ts";
import { planWhole } from "./plan-search.ts";
import { toPathSql, toValueSql } from "./search-sql.ts";

/** The values of some fields of each entity that a search finds, and no more entities than the limit. */
export function listValues(
  db: Connection,
  args: {
    readonly search: Pick<EntitySearch, "blueprintId" | "rule">;
    readonly fields: readonly SearchField[];
    readonly limit: number;
  },
): readonly (readonly Json[])[] {
  const { way } = planWhole(db, args.search);
  const columns = args.fields.map((field, index) => `${toJsonSql(field)} AS value${index}`);
  return db
    .all(
      `SELECT ${columns.join(", ")} FROM ${way.from} WHERE (${way.scope.sql}) AND (${way.check.sql}) LIMIT ?`,
      ...way.scope.values,
      ...way.check.values,
      args.limit,
    )
    .map((row) =>
      args.fields.map((_, index) => {
        const text = row[`value${index}`];
        return typeof text === "string" ? (JSON.parse(text) as Json) : null; // as toJsonSql makes it
      }),
    );
}

/** As JSON, so that true is not 1 and a text of digits no number. */
function toJsonSql(field: SearchField): string {
  switch (field.kind) {
    case "meta":
      return field.name === "$team" ? toValueSql(field) : `json_quote(${toValueSql(field)})`;
    case "property":
      return `(entity.${field.isCalculated ? "computed" : "properties"} -> ${toPathSql(field.name)})`;
    case "relation":
      return `(entity.relations -> ${toPathSql(field.name)})`;
  }
}
