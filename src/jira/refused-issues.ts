import { UpstreamError } from "../runtime/errors.ts";

const REFUSALS = [
  /An issue with key '([^']+)' does not exist for field/g,
  /A value with ID '(\d+)' does not exist for the field '(?:id|key|issue|issuekey)'/gi,
];

/**
 * The keys and ids of issues for whose sake Jira refused a query as a whole, which it may do when a query names an issue
 * that is gone or hidden; none for any other error.
 */
export function listRefusedIssues(error: unknown): readonly string[] {
  return error instanceof UpstreamError && error.status === 400 ? readRefusedIssues(error.message) : [];
}

/** The same from what Jira said. */
export function readRefusedIssues(said: string): readonly string[] {
  return REFUSALS.flatMap((pattern) => [...said.matchAll(pattern)].flatMap(([, name]) => name ?? []));
}

/** What a query about one issue gives; undefined if Jira refuses the query because that issue is gone. */
export async function unlessGone<Result>(
  idOrKey: string,
  query: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  try {
    return await query();
  } catch (error) {
    if (listRefusedIssues(error).includes(idOrKey)) return undefined;
    throw error;
  }
}
