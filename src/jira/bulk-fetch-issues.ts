import { ATTEMPTS_PER_BATCH, readBisecting } from "./bisect.ts";
import type { Gaps } from "./incomplete-read-error.ts";
import type { JiraSession } from "./jira-session.ts";
import { readSingle } from "./read-single.ts";
import { scanPage, type ScannedElement } from "./scan-elements.ts";

/** What Jira takes in one request. */
export const ISSUES_PER_FETCH = 100;

export interface IssueFetch {
  readonly session: JiraSession;
  /** What to ask for; passed on to Jira as it is. */
  readonly fields: readonly string[];
  readonly expand: readonly string[];
  readonly signal: AbortSignal;
  readonly gaps: Gaps;
}

/** The bodies of issues by id, in no particular order. An issue that is gone or hidden by now is left out. */
export async function bulkFetchIssues(fetch: IssueFetch, ids: readonly string[]): Promise<readonly ScannedElement[]> {
  return readBisecting(ids, { what: "issue", gaps: fetch.gaps }, async (batch) => {
    const elements = await fetchBatch(fetch, batch);
    const found = new Set(elements.map((element) => element.members["id"]));
    const missing = batch.filter((id) => !found.has(id));
    // Jira names these in `issueErrors`, as a rule because they were deleted a moment ago: read singly, each tells.
    const late = await Promise.all(missing.map((id) => fetchSingly(fetch, id)));
    return [...elements, ...late.filter((element) => element !== undefined)];
  });
}

async function fetchBatch(fetch: IssueFetch, ids: readonly string[]): Promise<readonly ScannedElement[]> {
  const { session, fields, expand, signal } = fetch;
  const body = { issueIdsOrKeys: ids, fields, ...(expand.length > 0 && { expand }) };
  return session.client.request(
    "POST",
    "/rest/api/3/issue/bulkfetch",
    { body, signal, idempotent: true, maxAttempts: ATTEMPTS_PER_BATCH },
    (bytes) => scanPage(bytes, ["issues"], ["id", "key"]).elements,
  );
}

async function fetchSingly(fetch: IssueFetch, id: string): Promise<ScannedElement | undefined> {
  const { session, fields, expand, signal, gaps } = fetch;
  const query = { fields: fields.join(","), expand: expand.length > 0 ? expand.join(",") : undefined };
  try {
    return await readSingle(session, "/rest/api/3/issue/{id}", { parameters: { id }, query, signal });
  } catch (error) {
    gaps.add(`issue ${id}`, error);
    return undefined;
  }
}
