import { reorderJql, restrictJql } from "../jql/compose-jql.ts";
import { JqlSyntaxError } from "../jql/jql-syntax-error.ts";

/** Jira refuses a query without a condition; every issue has a project. */
const EVERYTHING = "project is not EMPTY";
/** The one order that no edit disturbs: sorted by anything else, issues move between pages that are read meanwhile. */
const STABLE_ORDER = "created ASC, key ASC";

/** The query for walking through all issues that a person's JQL selects, or all issues if it is empty. */
export function toWalkJql(jql: string): string {
  return unlessUnreadable(jql, () => `${toConditions(jql)} ORDER BY ${STABLE_ORDER}`);
}

/** The same without an order. */
export function toCountJql(jql: string): string {
  return unlessUnreadable(jql, () => toConditions(jql));
}

/** A person's JQL with one more condition. */
export function toRestrictedJql(jql: string, clause: string): string {
  try {
    return restrictJql(jql, clause);
  } catch (error) {
    if (error instanceof JqlSyntaxError) return `(${jql}) AND ${clause}`;
    throw error;
  }
}

/** What is no JQL here may still be JQL to Jira, which is the judge and words its own complaint. */
function unlessUnreadable(jql: string, compose: () => string): string {
  try {
    return compose();
  } catch (error) {
    if (error instanceof JqlSyntaxError) return jql;
    throw error;
  }
}

function toConditions(jql: string): string {
  return reorderJql(jql, undefined).trim() || EVERYTHING;
}
