import type { SiteBoard, SiteSprint } from "../site/boards.ts";
import type { Wire } from "./wire.ts";

type Body = Record<string, unknown>;

export function toBoardBody(wire: Wire, board: SiteBoard): Body {
  const project = wire.site.projects[board.projectIndex];
  return {
    id: board.id,
    self: wire.agile(`/board/${board.id}`),
    name: board.name,
    type: board.type,
    location: {
      projectId: Number(project?.id),
      displayName: `${project?.name} (${project?.key})`,
      projectName: project?.name,
      projectKey: project?.key,
      projectTypeKey: "software",
      avatarURI: wire.api(`/universal_avatar/view/type/project/avatar/${project?.avatarId}?size=small`),
      name: `${project?.name} (${project?.key})`,
    },
    isPrivate: false,
  };
}

/** Unlike the dates of issues, those of sprints are in UTC; a future sprint has none. */
export function toSprintBody(wire: Wire, sprint: SiteSprint): Body {
  return {
    id: sprint.id,
    self: wire.agile(`/sprint/${sprint.id}`),
    state: sprint.state,
    name: sprint.name,
    ...toSprintDates(sprint),
    createdDate: new Date(sprint.createdMs).toISOString(),
    originBoardId: sprint.originBoardId,
    goal: sprint.goal,
  };
}

/** A sprint as the sprint field of an issue holds it. */
export function toSprintValue(sprint: SiteSprint): Body {
  return {
    id: sprint.id,
    name: sprint.name,
    state: sprint.state,
    boardId: sprint.originBoardId,
    goal: sprint.goal,
    ...toSprintDates(sprint),
  };
}

function toSprintDates({ startMs, endMs, completeMs }: SiteSprint): Body {
  return {
    ...(startMs === undefined ? {} : { startDate: new Date(startMs).toISOString() }),
    ...(endMs === undefined ? {} : { endDate: new Date(endMs).toISOString() }),
    ...(completeMs === undefined ? {} : { completeDate: new Date(completeMs).toISOString() }),
  };
}
