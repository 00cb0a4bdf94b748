import { idsClause, restrictJql } from "../jql/compose-jql.ts";
import type { JiraSession } from "./jira-session.ts";
import { mapInOrder } from "./map-in-order.ts";
import { walkTokens } from "./paging/token-walk.ts";
import { listRefusedIssues } from "./refused-issues.ts";

/** Jira's own limit for issues whose index it brings up to date before it answers. */
const RECONCILED_AT_ONCE = 50;
const PARALLEL_SEARCHES = 8;

/** Which of these issues the JQL selects as they are now, past an index that may lag behind. */
export async function findUnlistedIssues(
  session: JiraSession,
  jql: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const batches = Array.from({ length: Math.ceil(ids.length / RECONCILED_AT_ONCE) }, (_, index) =>
    ids.slice(index * RECONCILED_AT_ONCE, (index + 1) * RECONCILED_AT_ONCE),
  );
  const found = new Set<string>();
  const searches = mapInOrder(batches, { concurrency: PARALLEL_SEARCHES, signal }, (batch, stop) =>
    search(session, jql, batch, stop),
  );
  for await (const some of searches) for (const id of some) found.add(id);
  return found;
}

async function search(
  session: JiraSession,
  jql: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const found: string[] = [];
  const body = {
    jql: restrictJql(jql, idsClause(ids)),
    fields: ["id"],
    maxResults: RECONCILED_AT_ONCE,
    reconcileIssues: ids.map(Number),
  };
  try {
    const pages = walkTokens({
      client: session.client,
      method: "POST",
      path: "/rest/api/3/search/jql",
      request: { body, signal },
      items: "issues",
      members: ["id"],
    });
    for await (const elements of pages) found.push(...elements.flatMap(({ members }) => members["id"] ?? []));
    return found;
  } catch (error) {
    // Jira may refuse a query that names what is gone: then it says which, and the others are still to be asked for.
    const refused = listRefusedIssues(error);
    const left = ids.filter((id) => !refused.includes(id));
    if (left.length === ids.length) throw error;
    return search(session, jql, left, signal);
  }
}
