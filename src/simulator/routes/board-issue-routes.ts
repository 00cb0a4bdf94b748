import { jsonBytes, refuse, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteBoard } from "../site/boards.ts";
import { toIssueId, type Issue } from "../site/issue.ts";
import { isDone, isEpic, listIssues, onBoard, toIssuePage } from "./board-routes.ts";
import { readToken, writeToken } from "./page-token.ts";
import { takeSlice } from "./paging.ts";

type Choose = (jira: SimulatedJira, board: SiteBoard) => Issue[] | undefined;

/** Both the deprecated lists with an offset and their successors with a token. */
export const boardIssueRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/agile/board/{boardId}/issue",
    scope: "read:issue-details:jira",
    handle: withOffset(listIssues),
  },
  {
    method: "GET",
    path: "/agile/board/{boardId}/backlog",
    scope: "read:issue-details:jira",
    handle: withOffset(listBacklog),
  },
  {
    method: "GET",
    path: "/software/board/{boardId}/issue",
    scope: "read:issue-details:jira",
    only: "cloud",
    handle: withToken(listIssues),
  },
  {
    method: "GET",
    path: "/software/board/{boardId}/backlog",
    scope: "read:issue-details:jira",
    only: "cloud",
    handle: withToken(listBacklog),
  },
];

/** What is neither done nor in an active or future sprint; a kanban board has no backlog. */
function listBacklog(jira: SimulatedJira, board: SiteBoard): Issue[] | undefined {
  if (board.type === "kanban") return undefined;
  return listIssues(jira, board).filter(
    (issue) =>
      !isDone(jira, issue) &&
      !isEpic(jira, issue) &&
      issue.sprintIds.every((id) => jira.site.boards.sprints.get(id)?.state === "closed"),
  );
}

function withOffset(choose: Choose): Route["handle"] {
  return onBoard((request, board, jira) => {
    const issues = filterIssues(request, choose(jira, board), jira);
    if (issues === undefined) return noBacklog();
    return toIssuePage(takeSlice(request, issues), (issue) => renderIssue(request, issue));
  });
}

function withToken(choose: Choose): Route["handle"] {
  return onBoard((request, board, jira) => {
    const issues = filterIssues(request, choose(jira, board), jira);
    return issues === undefined ? noBacklog() : toTokenPage(request, issues, jira);
  });
}

/** A page of what was found, by its place in the order of ids. */
export function toTokenPage(request: JiraRequest, issues: readonly Issue[], jira: SimulatedJira): Answer {
  const nowMs = jira.site.now();
  const query = `${request.path}?${request.query.get("jql") ?? ""}`;
  const token = readToken(request.query.get("nextPageToken") ?? undefined, query, nowMs);
  const after = Number(token?.after[0] ?? -1);
  const maxResults = Math.min(100, Math.max(1, request.number("maxResults", 50)));
  const rest = issues.filter((issue) => issue.n > after);
  const page = rest.slice(0, maxResults);
  const last = page.at(-1);
  const isLast = rest.length <= maxResults || last === undefined;
  const next = isLast ? "" : `"nextPageToken":"${writeToken(query, { nowMs, madeMs: nowMs, after: [last.n] })}",`;
  const bodies = page.map((issue) => renderIssue(request, issue)).join(",");
  return jsonBytes(`{"issues":[${bodies}],${next}"isLast":${isLast}}`);
}

export function renderIssue(request: JiraRequest, issue: Issue): string {
  const fields = request.list("fields");
  return request.renderer.render(issue, fields.length === 0 ? ["*navigable"] : fields);
}

export function filterIssues(
  request: JiraRequest,
  issues: readonly Issue[] | undefined,
  jira: SimulatedJira,
): readonly Issue[] | undefined {
  const jql = request.query.get("jql");
  if (issues === undefined || jql === null || jql.trim() === "") return issues;
  const matching = new Set(jira.search.list(jql).map((issue) => toIssueId(issue.n)));
  return issues.filter((issue) => matching.has(toIssueId(issue.n)));
}

function noBacklog(): Answer {
  return refuse(400, ["Backlogs are not supported on this board."]);
}
