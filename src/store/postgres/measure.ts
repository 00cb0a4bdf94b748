import type { EntitySearch } from "../../model/search.ts";
import type { Measure, MeasureSpec, RelatedMeasure, RelatedSearch, Step } from "../entity-measure.ts";
import { toSqlState, type Database } from "./database.ts";
import { toInstantSql, toOperand, toScope } from "./search-sql.ts";
import { join, raw, sql, type Sql } from "./sql.ts";

/** Everything about the entities that a search finds, in one pass over them. */
export async function measure(
  db: Database,
  search: Pick<EntitySearch, "blueprintId" | "rule">,
  spec: MeasureSpec,
): Promise<Measure> {
  const [row] = await summing(spec, (measures) =>
    db.search<Measure>(sql`SELECT ${measures} FROM entity WHERE ${toScope(search)}`),
  );
  return row ?? NOTHING;
}

const NOTHING: Measure = {
  count: 0,
  sum: null,
  mean: null,
  min: null,
  max: null,
  median: null,
  earliestMs: null,
};

/** One row per entity that anything is related to. */
export function measureRelated(db: Database, search: RelatedSearch): Promise<readonly RelatedMeasure[]> {
  const { sourceBlueprintId, identifiers, steps, target, spec } = search;
  const read = (measures: Sql): Promise<readonly RelatedMeasure[]> =>
    db.search<RelatedMeasure>(sql`
    WITH RECURSIVE start (source, id) AS (
      SELECT id, id FROM entity WHERE blueprint_id = ${sourceBlueprintId} AND identifier = ANY (${identifiers}::text[])
    ), ${steps === undefined ? ANYWHERE : toPath(steps)}
    SELECT (SELECT identifier FROM entity WHERE id = reached.source) AS identifier, ${measures}
    FROM reached JOIN entity ON entity.id = reached.id
    WHERE ${toScope(target)} AND reached.id <> reached.source
    GROUP BY reached.source`);
  return summing(spec, read);
}

/** All with or all against the direction of the relations. */
const ANYWHERE = raw(`
  forward (source, id) AS (
    SELECT source, id FROM start
    UNION SELECT forward.source, edge.target_id FROM forward JOIN edge ON edge.source_id = forward.id
  ), backward (source, id) AS (
    SELECT source, id FROM start
    UNION SELECT backward.source, edge.source_id FROM backward JOIN edge ON edge.target_id = backward.id
  ), reached (source, id) AS (SELECT source, id FROM forward UNION SELECT source, id FROM backward)`);

function toPath(steps: readonly Step[]): Sql {
  const tables = steps.map(({ relation, direction, blueprintId }, index) => {
    const from = raw(index === 0 ? "start" : `step${index}`);
    const [here, there] = direction === "forward" ? ["source_id", "target_id"] : ["target_id", "source_id"];
    return sql`${raw(`step${index + 1}`)} (source, id) AS (
      SELECT DISTINCT before.source, entity.id FROM ${from} AS before
      JOIN edge ON edge.${raw(here)} = before.id AND edge.relation = ${relation}
      JOIN entity ON entity.id = edge.${raw(there)} AND entity.blueprint_id = ${blueprintId})`;
  });
  return sql`${join(tables, ", ")}, reached (source, id) AS (SELECT source, id FROM ${raw(`step${steps.length}`)})`;
}

/** Numbers whose sum is larger than any number have none, and no mean: PostgreSQL refuses to add them. */
async function summing<Result>(spec: MeasureSpec, read: (measures: Sql) => Promise<Result>): Promise<Result> {
  try {
    return await read(toMeasureSql(spec, true));
  } catch (error) {
    if (toSqlState(error) !== TOO_LARGE) throw error;
    return read(toMeasureSql(spec, false));
  }
}

/** numeric_value_out_of_range */
const TOO_LARGE = "22003";

function toMeasureSql({ value, time, withMedian = false }: MeasureSpec, withSums: boolean): Sql {
  const number = value === undefined ? raw("NULL::double precision") : toNumberSql(value);
  const instant = time === undefined ? raw("NULL::double precision") : toInstantSql(time, toOperand(time));
  const median = withMedian ? sql`percentile_cont(0.5) WITHIN GROUP (ORDER BY ${number})` : raw("NULL");
  // Not avg(), which also adds up the squares, and has no room for those of numbers beyond 1e154.
  const sums = withSums
    ? sql`sum(${number}) AS sum, sum(${number}) / nullif(count(${number}), 0) AS mean`
    : raw("NULL AS sum, NULL AS mean");
  return sql`count(*) AS count, ${sums}, min(${number}) AS min,
    max(${number}) AS max, ${median} AS median, min(${instant}) AS "earliestMs"`;
}

function toNumberSql(value: NonNullable<MeasureSpec["value"]>): Sql {
  const operand = toOperand(value);
  return operand.type === "json" ? sql`quayside.value_number(${operand.sql})` : raw("NULL::double precision");
}
