import { reorderJql } from "../jql/compose-jql.ts";

/** Jira refuses a query without a condition; every issue has a project. */
const EVERYTHING = "project is not EMPTY";
/** The one order that no edit disturbs: sorted by anything else, issues move between pages that are read meanwhile. */
const STABLE_ORDER = "created ASC, key ASC";

/** The query for walking through all issues that a person's JQL selects, or all issues if it is empty. */
export function toWalkJql(jql: string): string {
  return `${toCountJql(jql)} ORDER BY ${STABLE_ORDER}`;
}

/** The same without an order. */
export function toCountJql(jql: string): string {
  return reorderJql(jql, undefined).trim() || EVERYTHING;
}
