import { json, jsonBytes, refuse, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteBoard, SiteSprint } from "../site/boards.ts";
import type { Issue } from "../site/issue.ts";
import { toProjectReference, toVersionBody } from "../wire/project-bodies.ts";
import { toBoardBody, toSprintBody } from "../wire/sprint-bodies.ts";
import { toEpicBody } from "../wire/epic-body.ts";
import { takeSlice, type Slice } from "./paging.ts";

const states: readonly SiteSprint["state"][] = ["closed", "active", "future"];

export const boardRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/agile/board",
    access: "public",
    scope: "read:board-scope:jira-software",
    handle: (request, jira) =>
      json(toAgilePage(takeSlice(request, listBoards(request, jira)), (board) => toBoardBody(request.wire, board))),
  },
  {
    method: "GET",
    path: "/agile/board/{boardId}",
    scope: "read:board-scope:jira-software",
    handle: onBoard((request, board) => json(toBoardBody(request.wire, board))),
  },
  {
    method: "GET",
    path: "/agile/board/{boardId}/configuration",
    scope: "read:board-scope.admin:jira-software",
    handle: onBoard((request, board, jira) => json(toConfiguration(request, board, jira))),
  },
  {
    method: "GET",
    path: "/agile/board/{boardId}/project",
    scope: "read:board-scope:jira-software",
    handle: onBoard((request, board, { site }) => {
      const projects = site.projects.filter((project) => project.index === board.projectIndex);
      return json(toAgilePage(takeSlice(request, projects), (project) => toProjectReference(request.wire, project)));
    }),
  },
  {
    method: "GET",
    path: "/agile/board/{boardId}/sprint",
    scope: "read:sprint:jira-software",
    handle: onBoard((request, board, { site }) => {
      if (!board.hasSprints) return refuse(400, ["The board does not support sprints"]);
      const wanted = request.list("state");
      const invalid = wanted.find((state) => !states.some((known) => known === state));
      if (invalid !== undefined) return refuse(400, [`Unrecognized sprint state: ${invalid}`]);
      const sprints = board.sprintIds.flatMap((id) => site.boards.sprints.get(id) ?? []);
      const found = sprints
        .filter((sprint) => wanted.length === 0 || wanted.includes(sprint.state))
        .toSorted((left, right) => states.indexOf(left.state) - states.indexOf(right.state) || left.id - right.id);
      // This list alone does not say how many there are in all.
      const { total: _, ...page } = toAgilePage(takeSlice(request, found), (sprint) =>
        toSprintBody(request.wire, sprint),
      );
      return json(page);
    }),
  },
  {
    method: "GET",
    path: "/agile/board/{boardId}/epic",
    scope: "read:epic:jira-software",
    handle: onBoard((request, board, jira) => {
      const done = request.query.get("done");
      const epics = listIssues(jira, board).filter(
        (issue) => isEpic(jira, issue) && (done === null || done === "" || String(isDone(jira, issue)) === done),
      );
      const { total: _, ...page } = toAgilePage(takeSlice(request, epics), (epic) => toEpicBody(request.wire, epic));
      return json(page);
    }),
  },
  {
    method: "GET",
    path: "/agile/board/{boardId}/version",
    scope: "read:project:jira",
    handle: onBoard((request, board, { site }) => {
      const released = request.query.get("released");
      const versions = (site.projects[board.projectIndex]?.versions ?? []).filter(
        (version) => released === null || String(version.isReleased) === released,
      );
      return json(toAgilePage(takeSlice(request, versions), (version) => toVersionBody(request.wire, version)));
    }),
  },
];

export function onBoard(
  handle: (request: JiraRequest, board: SiteBoard, jira: SimulatedJira) => Answer,
): (request: JiraRequest, jira: SimulatedJira) => Answer {
  return (request, jira) => {
    const board = jira.site.boards.boards.get(Number(request.param("boardId")));
    if (board === undefined || !jira.site.isVisible(jira.site.projects[board.projectIndex])) {
      return refuse(404, [
        `The requested board cannot be viewed because it either does not exist or you do not have permission to view it.`,
      ]);
    }
    return handle(request, board, jira);
  };
}

/** The paging of the agile API: an offset with `values`, or the name given. */
export function toAgilePage<T>(
  slice: Slice<T>,
  toBody: (item: T) => unknown,
): { maxResults: number; startAt: number; total: number; isLast: boolean; values: unknown[] } {
  const { startAt, maxResults, total, items } = slice;
  return { maxResults, startAt, total, isLast: startAt + items.length >= total, values: items.map(toBody) };
}

/** Live issues that the board shows: those of its project, the newest first. */
export function listIssues({ site }: SimulatedJira, board: SiteBoard): Issue[] {
  return [...site.liveIssues()].filter((issue) => issue.projectIndex === board.projectIndex);
}

export function isDone({ site }: SimulatedJira, issue: Issue): boolean {
  return site.workflows.statuses[issue.statusIndex]?.category === "done";
}

export function isEpic({ site }: SimulatedJira, issue: Issue): boolean {
  return site.workflows.types[issue.typeIndex]?.hierarchyLevel === 1;
}

/** Issues in the paging of the agile API. */
export function toIssuePage(slice: Slice<Issue>, render: (issue: Issue) => string): Answer {
  const issues = slice.items.map(render).join(",");
  const { startAt, maxResults, total } = slice;
  return jsonBytes(
    `{"expand":"schema,names","startAt":${startAt},"maxResults":${maxResults},"total":${total},"issues":[${issues}]}`,
  );
}

function listBoards(request: JiraRequest, { site }: SimulatedJira): SiteBoard[] {
  const type = request.list("type");
  const name = request.query.get("name")?.toLowerCase() ?? "";
  const place = request.query.get("projectKeyOrId");
  const orderBy = request.query.get("orderBy");
  const boards = [...site.boards.boards.values()];
  if (orderBy !== null) {
    const sign = orderBy.startsWith("-") ? -1 : 1;
    boards.sort((left, right) => sign * left.name.localeCompare(right.name) || left.id - right.id);
  }
  return boards.filter((board) => {
    const project = site.projects[board.projectIndex];
    return (
      !request.isAnonymous &&
      site.isVisible(project) &&
      (type.length === 0 || type.includes(board.type)) &&
      board.name.toLowerCase().includes(name) &&
      (place === null || place === "" || place === project?.id || place.toUpperCase() === project?.key)
    );
  });
}

function toConfiguration(request: JiraRequest, board: SiteBoard, { site }: SimulatedJira): object {
  const { wire } = request;
  const project = site.projects[board.projectIndex];
  const columns = (project?.workflow.statuses ?? []).flatMap((index) => {
    const status = site.workflows.statuses[index];
    if (status === undefined) return [];
    return [{ name: status.name, statuses: [{ id: status.id, self: wire.api(`/status/${status.id}`) }] }];
  });
  const filterId = String(10000 + board.id);
  return {
    id: board.id,
    name: board.name,
    type: board.type,
    self: wire.agile(`/board/${board.id}/configuration`),
    filter: { id: filterId, self: wire.api(`/filter/${filterId}`) },
    ...(board.type === "kanban"
      ? { subQuery: { query: "fixVersion in unreleasedVersions() OR fixVersion is EMPTY" } }
      : {}),
    columnConfig: { columns, constraintType: "none" },
    ranking: { rankCustomFieldId: 10019 },
  };
}
