import type { SearchSort } from "../../model/search.ts";
import { toSortSql } from "./property-index.ts";
import { toBound, type SqlFragment } from "./search-sql.ts";

/** Where an entity stands in an order: its value, and then its identifier. */
export type Place = readonly [value: string | number | null, identifier: string];

/** Part of an order: what is in it, and what of it is not behind a place. It is read in one go over an index. */
export interface Segment {
  readonly where: SqlFragment;
  readonly toUntil: (place: Place) => SqlFragment;
}

export interface PageOrder {
  /** The value of an entity in SQL. */
  readonly value: string;
  /** ORDER BY. */
  readonly by: string;
  readonly segments: readonly Segment[];
}

/** Entities in an order, or by their identifiers; those without a value are the lowest. From behind the last one on. */
export function toPageOrder(sort: SearchSort | undefined, last: Place | undefined): PageOrder {
  const isDescending = sort?.isDescending ?? false;
  const direction = isDescending ? "DESC" : "ASC";
  if (sort === undefined) {
    return { value: "NULL", by: "entity.identifier", segments: [toIdentifierSegment([], last?.[1], false)] };
  }
  const value = toSortSql(sort.field);
  const by = `${value} ${direction}, entity.identifier ${direction}`;
  const filled = toValueSegment(value, last?.[0] === null ? undefined : last, isDescending);
  const empty = toIdentifierSegment([`${value} IS NULL`], last?.[0] === null ? last[1] : undefined, isDescending);
  const all = isDescending ? [filled, empty] : [empty, filled];
  const isInSecond = last !== undefined && (last[0] === null) === isDescending;
  return { value, by, segments: isInSecond ? all.slice(1) : all };
}

/** Entities that differ by their identifiers alone. */
function toIdentifierSegment(terms: readonly string[], after: string | undefined, isDescending: boolean): Segment {
  const [behind, until] = isDescending ? ["<", ">="] : [">", "<="];
  const parts = after === undefined ? terms : [...terms, `entity.identifier ${behind} ?`];
  return {
    where: { sql: parts.join(" AND ") || "1", values: after === undefined ? [] : [after] },
    toUntil: ([, identifier]) => ({ sql: `entity.identifier ${until} ?`, values: [identifier] }),
  };
}

function toValueSegment(value: string, last: Place | undefined, isDescending: boolean): Segment {
  const [behind, ahead] = isDescending ? ["<", ">"] : [">", "<"];
  return {
    where: last === undefined ? { sql: `${value} IS NOT NULL`, values: [] } : toBounded(value, last, behind, behind),
    toUntil: (place) => toBounded(value, place, ahead, `${ahead}=`),
  };
}

/** Written so that the value alone bounds what is read of the index. */
function toBounded(value: string, [bound, identifier]: Place, beyond: string, orAt: string): SqlFragment {
  return {
    sql: `${value} ${beyond}= ? AND (${value} ${beyond} ? OR entity.identifier ${orAt} ?)`,
    values: [toBound(bound), toBound(bound), identifier],
  };
}
