import { parseJql } from "./parse-jql.ts";
import { printOrderBy, quoteJql } from "./print-jql.ts";

/**
 * A person's query with one more restriction. Their conditions are kept to the letter, in parentheses; their ORDER BY
 * moves to the end. Throws JqlSyntaxError when their query is not JQL.
 *
 * @example restrictJql("a = 1 OR b = 2 ORDER BY rank", "id in (3)") === "(a = 1 OR b = 2) AND id in (3) ORDER BY rank"
 */
export function restrictJql(userJql: string, clause: string): string {
  const { where, orderBy } = parseJql(userJql);
  const conditions = userJql.slice(0, orderBy?.at.offset).trim();
  const restricted = where === undefined ? clause : `(${conditions}) AND ${clause}`;
  return orderBy === undefined ? restricted : `${restricted} ${printOrderBy(orderBy)}`;
}

/** The query in another order, or with undefined in no stated order: `ORDER BY` of the person is dropped. */
export function reorderJql(userJql: string, orderBy: string | undefined): string {
  const parsed = parseJql(userJql);
  const conditions = userJql.slice(0, parsed.orderBy?.at.offset).trim();
  return orderBy === undefined ? conditions : `${conditions} ORDER BY ${orderBy}`.trimStart();
}

/** `key in (…)` for at least one issue key. */
export function keysClause(keys: readonly string[]): string {
  return `key in (${keys.map(quoteJql).join(", ")})`;
}

/** `id in (…)` for at least one numeric issue id. */
export function idsClause(ids: readonly string[]): string {
  return `id in (${ids.join(", ")})`;
}

/** Issues that changed at or after an instant. Epoch milliseconds are the only form that no reader's zone can bend. */
export function updatedSinceClause(epochMs: number): string {
  return `updated >= ${Math.floor(epochMs)}`;
}
