/** The floor: the requests of a resync, as many at a time, and nothing done with the answers but `JSON.parse`. */
import { ISSUES_PER_FETCH } from "../../src/jira/bulk-fetch-issues.ts";
import { toIssueBatches } from "../../src/jira/list-issue-ids.ts";
import { mapInOrder } from "../../src/jira/map-in-order.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { ISSUE_FIELDS } from "./issue-fields.ts";
import { postToJira } from "./jira-requests.ts";

const PARALLEL_FETCHES = 8;
const IDS_PER_PAGE = 5000;
const JQL = "project is not EMPTY ORDER BY created ASC, key ASC";

let issues = 0;
const { signal } = new AbortController();
const batches = toIssueBatches(listIds(), ISSUES_PER_FETCH);
const pages = mapInOrder(batches, { concurrency: PARALLEL_FETCHES, signal }, async ({ wanted }) =>
  postToJira("/rest/api/3/issue/bulkfetch", { issueIdsOrKeys: wanted.map(({ id }) => id), fields: ISSUE_FIELDS }),
);
for await (const page of pages) issues += listIssues(page).length;
console.log(JSON.stringify({ issues }));
process.exit();

async function* listIds(): AsyncGenerator<readonly { readonly id: string }[]> {
  let token: string | undefined;
  do {
    const next = token === undefined ? {} : { nextPageToken: token };
    const fields = ["key", "updated"];
    const page = await postToJira("/rest/api/3/search/jql", { jql: JQL, maxResults: IDS_PER_PAGE, fields, ...next });
    yield listIssues(page);
    token = page["nextPageToken"] as string | undefined; // text, or absent on the last page
  } while (token !== undefined);
}

function listIssues(page: JsonObject): readonly { readonly id: string }[] {
  return page["issues"] as unknown as readonly { readonly id: string }[]; // so Jira answers both
}
