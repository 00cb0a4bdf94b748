/**
 * The reference's request shape: pages of 50 with all fields, each asked for when the one before is done with. Done
 * with means here: the bulk upserts to the remote catalog have come back, which takes one more round trip. What else it
 * does (a process for jq, a search for differences) counts nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ISSUE_FIELDS } from "./issue-fields.ts";
import { postToJira } from "./jira-requests.ts";

const PAGE_SIZE = 50;
const latencyMs = Number(process.env["BENCH_LATENCY_MS"]);

let issues = 0;
let token: unknown;
do {
  const page = await postToJira("/rest/api/3/search/jql", {
    jql: "project is not EMPTY ORDER BY created ASC, key ASC",
    maxResults: PAGE_SIZE,
    fields: ISSUE_FIELDS,
    ...(typeof token === "string" && { nextPageToken: token }),
  });
  issues += (page["issues"] as readonly unknown[]).length; // so Jira answers
  token = page["nextPageToken"];
  await sleep(latencyMs);
} while (token !== undefined);
console.log(JSON.stringify({ issues }));
process.exit();
