import { json, jsonBytes, refuse } from "../server/answer.ts";
import { invalidPayload, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import { renderComment, renderWorklog } from "../wire/remark-bodies.ts";
import { noIssue } from "./issue-routes.ts";
import { takeSlice } from "./paging.ts";

const maxListed = 1000;

/** Comments and worklogs of one issue, and by their ids. */
export const remarkRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/comment",
    access: "public",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const issue = jira.findVisibleIssue(request, request.param("issueIdOrKey"));
      if (issue === undefined) return noIssue();
      const orderBy = request.query.get("orderBy") ?? "created";
      if (!/^[+-]?created$/.test(orderBy)) return refuse(400, ["The 'orderBy' parameter must be 'created'."]);
      const comments = jira.site.comments.list(issue.n);
      const { startAt, maxResults, total, items } = takeSlice(
        request,
        orderBy.startsWith("-") ? comments.toReversed() : comments,
        100,
        5000,
      );
      const bodies = items.map((comment) => renderComment(comment, request.renderer)).join(",");
      return jsonBytes(`{"startAt":${startAt},"maxResults":${maxResults},"total":${total},"comments":[${bodies}]}`);
    },
  },
  {
    method: "POST",
    path: "/api/comment/list",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const ids = readIds(request);
      if (ids === undefined) return invalidPayload();
      const found = ids
        .flatMap((id) => jira.site.comments.find(String(id)) ?? [])
        .filter((one) => isReadable(jira, one.n));
      const values = found.map((comment) => renderComment(comment, request.renderer)).join(",");
      return jsonBytes(
        `{"maxResults":${maxListed},"startAt":0,"total":${found.length},"isLast":true,"values":[${values}]}`,
      );
    },
  },
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/worklog",
    access: "public",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const issue = jira.findVisibleIssue(request, request.param("issueIdOrKey"));
      if (issue === undefined) return noIssue();
      const after = request.number("startedAfter", Number.NEGATIVE_INFINITY);
      const before = request.number("startedBefore", Number.POSITIVE_INFINITY);
      const worklogs = jira.site.worklogs
        .list(issue.n)
        .filter(({ startedMs }) => startedMs >= after && startedMs <= before);
      const { startAt, maxResults, total, items } = takeSlice(request, worklogs, 5000, 5000);
      const bodies = items.map((worklog) => renderWorklog(worklog, request.renderer)).join(",");
      return jsonBytes(`{"startAt":${startAt},"maxResults":${maxResults},"total":${total},"worklogs":[${bodies}]}`);
    },
  },
  {
    method: "POST",
    path: "/api/worklog/list",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const ids = readIds(request);
      if (ids === undefined) return invalidPayload();
      const found = ids
        .flatMap((id) => jira.site.worklogs.find(String(id)) ?? [])
        .filter((one) => isReadable(jira, one.n));
      return jsonBytes(`[${found.map((worklog) => renderWorklog(worklog, request.renderer)).join(",")}]`);
    },
  },
  {
    method: "GET",
    path: "/api/worklog/updated",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const changes = jira.listWorklogs().map(({ id, updatedMs }) => ({
        worklogId: Number(id),
        updatedTime: updatedMs,
      }));
      return json(toChangePage(request, changes, jira.site.now()));
    },
  },
  {
    method: "GET",
    path: "/api/worklog/deleted",
    scope: "read:jira-work",
    handle: (request, { site }) => {
      const changes = site.worklogs.removed.map(({ id, removedMs }) => ({
        worklogId: Number(id),
        updatedTime: removedMs,
      }));
      return json(toChangePage(request, changes, site.now()));
    },
  },
];

interface WorklogChange {
  readonly worklogId: number;
  readonly updatedTime: number;
}

const minuteMs = 60_000;

/** A thousand at a time of changes that come oldest first. The last minute is left out: it is not over yet. */
function toChangePage(request: JiraRequest, changes: readonly WorklogChange[], nowMs: number): object {
  const since = request.number("since", 0);
  const due = changes.filter(({ updatedTime }) => updatedTime > since && updatedTime <= nowMs - minuteMs);
  const values = due.slice(0, maxListed);
  const lastPage = due.length <= maxListed;
  const until = values.at(-1)?.updatedTime ?? since;
  const url = (start: number): string => `${new URL(request.wire.baseUrl).origin}${request.path}?since=${start}`;
  return {
    values: values.map((value) => ({ ...value, properties: [] })),
    since,
    until,
    self: url(since),
    ...(lastPage ? {} : { nextPage: url(until) }),
    lastPage,
  };
}

function isReadable({ site }: SimulatedJira, n: number): boolean {
  const issue = site.issues.find(n);
  return issue !== undefined && site.isVisible(site.projects[issue.projectIndex]);
}

function readIds(request: JiraRequest): number[] | undefined {
  const { ids, ...rest } = request.body();
  const isValid = Array.isArray(ids) && ids.length <= maxListed && ids.every((id) => Number.isInteger(id));
  return isValid && Object.keys(rest).length === 0 ? ids : undefined;
}
