import { json, refuse, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteSprint } from "../site/boards.ts";
import type { Issue } from "../site/issue.ts";
import { toEpicBody } from "../wire/epic-body.ts";
import { toSprintBody } from "../wire/sprint-bodies.ts";
import { filterIssues, renderIssue, toTokenPage } from "./board-issue-routes.ts";
import { isEpic, toIssuePage } from "./board-routes.ts";
import { takeSlice } from "./paging.ts";

export const sprintRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/agile/sprint/{sprintId}",
    scope: "read:sprint:jira-software",
    handle: onSprint((request, sprint) => json(toSprintBody(request.wire, sprint))),
  },
  {
    method: "GET",
    path: "/agile/sprint/{sprintId}/issue",
    scope: "read:issue-details:jira",
    handle: onSprint((request, sprint, jira) => {
      const issues = filterIssues(request, listIssues(jira, sprint), jira) ?? [];
      return toIssuePage(takeSlice(request, issues), (issue) => renderIssue(request, issue));
    }),
  },
  {
    method: "GET",
    path: "/software/sprint/{sprintId}/issue",
    only: "cloud",
    scope: "read:issue-details:jira",
    handle: onSprint((request, sprint, jira) =>
      toTokenPage(request, filterIssues(request, listIssues(jira, sprint), jira) ?? [], jira),
    ),
  },
  {
    method: "GET",
    path: "/agile/epic/{epicIdOrKey}",
    scope: "read:epic:jira-software",
    handle: (request, jira) => {
      const epic = jira.findVisibleIssue(request, request.param("epicIdOrKey"));
      if (epic === undefined || !isEpic(jira, epic)) {
        return refuse(404, ["The requested epic does not exist or you do not have permission to view it."]);
      }
      return json(toEpicBody(request.wire, epic));
    },
  },
];

export function onSprint(
  handle: (request: JiraRequest, sprint: SiteSprint, jira: SimulatedJira) => Answer,
): (request: JiraRequest, jira: SimulatedJira) => Answer {
  return (request, jira) => {
    const { boards, projects } = jira.site;
    const sprint = boards.sprints.get(Number(request.param("sprintId")));
    const isVisible =
      sprint !== undefined &&
      boards.boardsOfSprint(sprint.id).some((board) => jira.site.isVisible(projects[board.projectIndex]));
    return isVisible
      ? handle(request, sprint, jira)
      : refuse(404, ["Sprint does not exist or you do not have permission to view it."]);
  };
}

function listIssues({ site }: SimulatedJira, sprint: SiteSprint): Issue[] {
  return [...site.liveIssues()].filter((issue) => issue.sprintIds.includes(sprint.id));
}
