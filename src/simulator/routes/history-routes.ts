import { jsonBytes, refuse, type Answer } from "../server/answer.ts";
import { invalidPayload, isStrings, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { HistoryEntry } from "../site/history.ts";
import { toIssueId } from "../site/issue.ts";
import { renderHistoryEntry } from "../wire/history-bodies.ts";
import { noIssue } from "./issue-routes.ts";
import { readToken, writeToken } from "./page-token.ts";
import { takeSlice } from "./paging.ts";

const maxIssues = 1000;
const maxFields = 10;

export const historyRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/changelog",
    access: "public",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const issue = jira.findVisibleIssue(request, request.param("issueIdOrKey"));
      if (issue === undefined) return noIssue();
      const { startAt, maxResults, total, items } = takeSlice(request, jira.site.history.list(issue), 100, 100);
      const isLast = startAt + items.length >= total;
      const url = (start: number): string =>
        `${request.wire.api(`/issue/${request.param("issueIdOrKey")}/changelog`)}?maxResults=${maxResults}&startAt=${start}`;
      const next = isLast ? "" : `"nextPage":"${url(startAt + items.length)}",`;
      const values = items.map((entry) => renderHistoryEntry(entry, request.renderer)).join(",");
      return jsonBytes(
        `{"self":"${url(startAt)}",${next}"maxResults":${maxResults},"startAt":${startAt},"total":${total},"isLast":${isLast},"values":[${values}]}`,
      );
    },
  },
  {
    method: "POST",
    path: "/api/changelog/bulkfetch",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => bulkFetch(request, jira),
  },
];

/** Changes of many issues, by their date; a page may end in the middle of an issue. */
function bulkFetch(request: JiraRequest, jira: SimulatedJira): Answer {
  const { issueIdsOrKeys, fieldIds = [], maxResults = 1000, nextPageToken, ...rest } = request.body();
  const isClosed = Object.keys(rest).length === 0 && (nextPageToken === undefined || typeof nextPageToken === "string");
  if (!isClosed || !isStrings(issueIdsOrKeys) || !isStrings(fieldIds) || typeof maxResults !== "number")
    return invalidPayload();
  if (issueIdsOrKeys.length > maxIssues) return refuse(400, [`The number of issues must not exceed ${maxIssues}.`]);
  if (fieldIds.length > maxFields) return refuse(400, [`The number of field ids must not exceed ${maxFields}.`]);
  const nowMs = jira.site.now();
  const query = [...issueIdsOrKeys, "", ...fieldIds].join(",");
  const start = Number(readToken(nextPageToken, query, nowMs)?.after[0] ?? 0);
  const entries = issueIdsOrKeys
    .flatMap((idOrKey) => jira.findVisibleIssue(request, idOrKey) ?? [])
    .flatMap((issue) => jira.site.history.list(issue))
    .flatMap((entry) => chooseItems(entry, fieldIds))
    .toSorted((left, right) => left.createdMs - right.createdMs || left.n - right.n);
  const page = entries.slice(start, start + Math.min(10_000, maxResults));
  const end = start + page.length;
  const byIssue = Map.groupBy(page, (entry) => entry.n);
  const logs = [...byIssue].map(([n, histories]) => {
    const bodies = histories.map((entry) => renderHistoryEntry(entry, request.renderer)).join(",");
    return `{"issueId":"${toIssueId(n)}","changeHistories":[${bodies}]}`;
  });
  const next =
    end >= entries.length ? "" : `,"nextPageToken":"${writeToken(query, { nowMs, madeMs: nowMs, after: [end] })}"`;
  return jsonBytes(`{"issueChangeLogs":[${logs.join(",")}]${next}}`);
}

function chooseItems(entry: HistoryEntry, fieldIds: readonly string[]): HistoryEntry[] {
  if (fieldIds.length === 0) return [entry];
  const items = entry.items.filter((item) => item.fieldId !== undefined && fieldIds.includes(item.fieldId));
  return items.length === 0 ? [] : [{ ...entry, items }];
}
