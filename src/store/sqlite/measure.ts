import type { EntitySearch } from "../../model/search.ts";
import type { Measure, MeasureSpec, RelatedMeasure, RelatedSearch, Step } from "../entity-measure.ts";
import type { Connection, SqlRow } from "./connection.ts";
import { RELATION_ID } from "./relation-id.ts";
import { planWhole } from "./plan-search.ts";
import { toSearchSql, toValueSql, type SqlFragment } from "./search-sql.ts";

/** Everything about the entities that a search finds, in one pass over them. */
export function measure(
  db: Connection,
  { search, spec }: { readonly search: Pick<EntitySearch, "blueprintId" | "rule">; readonly spec: MeasureSpec },
): Measure {
  const { way } = planWhole(db, search);
  const row = db.get(
    `SELECT ${toMeasureSql(spec)} FROM ${way.from} WHERE (${way.scope.sql}) AND (${way.check.sql})`,
    ...way.scope.values,
    ...way.check.values,
  );
  return toMeasure(row ?? {});
}

/** One row per entity that anything is related to. */
export function measureRelated(db: Connection, search: RelatedSearch): readonly RelatedMeasure[] {
  const reached = search.steps === undefined ? toAnywhere() : toPath(search.steps);
  const rule = toSearchSql(search.target.rule);
  return db
    .all(
      `WITH RECURSIVE start (source, id) AS (
         SELECT id, id FROM entity WHERE blueprint_id = ? AND identifier IN (SELECT value FROM json_each(?))
       ), ${reached.sql}
       SELECT (SELECT identifier FROM entity WHERE id = reached.source) AS source, ${toMeasureSql(search.spec)}
       FROM reached CROSS JOIN entity ON entity.id = reached.id
       WHERE entity.blueprint_id = ? AND reached.id <> reached.source AND (${rule.sql})
       GROUP BY reached.source`,
      search.sourceBlueprintId,
      JSON.stringify(search.identifiers),
      ...reached.values,
      search.target.blueprintId,
      ...rule.values,
    )
    .map((row) => ({ identifier: String(row["source"]), ...toMeasure(row) }));
}

/** One step over relations: the columns of an edge where it begins and where it leads to. */
const STEP = { forward: ["source_id", "target_id"], backward: ["target_id", "source_id"] } as const;

function toWalk(from: string, direction: keyof typeof STEP): string {
  const [here, next] = STEP[direction];
  return `SELECT ${from}.source, edge.${next} AS id FROM ${from} CROSS JOIN edge ON edge.${here} = ${from}.id`;
}

function toAnywhere(): SqlFragment {
  return {
    sql: `forward (source, id) AS (SELECT source, id FROM start UNION ${toWalk("forward", "forward")}),
      backward (source, id) AS (SELECT source, id FROM start UNION ${toWalk("backward", "backward")}),
      reached (source, id) AS (SELECT source, id FROM forward UNION SELECT source, id FROM backward)`,
    values: [],
  };
}

function toPath(steps: readonly Step[]): SqlFragment {
  const tables = steps.map(({ direction }, index) => {
    const from = index === 0 ? "start" : `step${index}`;
    const walk = `${toWalk(from, direction)} AND edge.relation_id = ${RELATION_ID}
      CROSS JOIN entity ON entity.id = edge.${STEP[direction][1]} AND entity.blueprint_id = ?`;
    return `step${index + 1} (source, id) AS (SELECT DISTINCT * FROM (${walk}))`;
  });
  return {
    sql: `${tables.join(", ")}, reached (source, id) AS (SELECT source, id FROM step${steps.length})`,
    values: steps.flatMap(({ relation, blueprintId }) => [relation, blueprintId]),
  };
}

function toMeasureSql({ value, time, withMedian = false }: MeasureSpec): string {
  const number = value === undefined ? "NULL" : toNumberSql(toValueSql(value));
  const instant = time === undefined ? "NULL" : `instant(${toValueSql(time)})`;
  const aggregates = ["sum", "avg", "min", "max"].map((name) => `${name}(${number}) AS ${name}`);
  const numbers = withMedian ? `json_group_array(${number})` : "NULL";
  return `count(*) AS count, ${aggregates.join(", ")}, ${numbers} AS numbers, min(${instant}) AS earliest`;
}

/** Not as an integer, whose sum has an end. */
function toNumberSql(value: string): string {
  return `CASE WHEN typeof(${value}) IN ('integer', 'real') THEN CAST(${value} AS REAL) END`;
}

function toMeasure(row: SqlRow): Measure {
  const read = (name: string): number | null => (typeof row[name] === "number" ? row[name] : null);
  return {
    count: read("count") ?? 0,
    sum: read("sum"),
    mean: read("avg"),
    min: read("min"),
    max: read("max"),
    median: toMedian(row["numbers"]),
    earliestMs: read("earliest"),
  };
}

function toMedian(numbers: SqlRow[string] | undefined): number | null {
  if (typeof numbers !== "string") return null;
  const all = (JSON.parse(numbers) as (number | null)[]).filter((each) => each !== null); // of toNumberSql alone
  const sorted = all.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) return null;
  return sorted.length % 2 === 1 ? middle : (middle + (sorted[sorted.length / 2 - 1] ?? middle)) / 2;
}
