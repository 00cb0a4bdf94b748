import { ATTEMPTS_PER_BATCH, readBisecting } from "./bisect.ts";
import type { Gaps } from "./incomplete-read-error.ts";
import type { JiraSession } from "./jira-session.ts";
import { scanPage, type ScannedElement } from "./scan-elements.ts";

/** What Jira takes in one request. */
const WORKLOGS_PER_REQUEST = 1000;

/** Worklogs by id; those that are gone or hidden are left out. */
export async function listWorklogs(
  session: JiraSession,
  ids: readonly string[],
  { expand, signal, gaps }: { readonly expand: string | undefined; readonly signal: AbortSignal; readonly gaps: Gaps },
): Promise<readonly ScannedElement[]> {
  const all: ScannedElement[] = [];
  for (let start = 0; start < ids.length; start += WORKLOGS_PER_REQUEST) {
    const batch = ids.slice(start, start + WORKLOGS_PER_REQUEST);
    const read = (ids: readonly string[]): Promise<readonly ScannedElement[]> =>
      session.client.request(
        "POST",
        "/rest/api/3/worklog/list",
        {
          body: { ids: ids.map(Number) },
          query: { expand },
          idempotent: true,
          signal,
          maxAttempts: ATTEMPTS_PER_BATCH,
        },
        (bytes) => scanPage(bytes, [], ["id", "issueId", "started"]).elements,
      );
    all.push(...(await readBisecting(batch, { what: "worklog", gaps }, read)));
  }
  return all;
}
