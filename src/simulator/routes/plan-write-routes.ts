import { empty, json, refuse } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteSprint } from "../site/boards.ts";
import type { SiteProject } from "../site/projects.ts";
import { toComponentBody, toVersionBody } from "../wire/project-bodies.ts";
import { toSprintBody } from "../wire/sprint-bodies.ts";
import { findComponent, noComponent } from "./component-routes.ts";
import { onSprint } from "./sprint-routes.ts";
import { findVersion, noVersion } from "./version-routes.ts";

const maxMoved = 50;

/** Making and changing versions, components and sprints. */
export const planWriteRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/version",
    scope: "manage:jira-project",
    handle: (request, jira) => {
      const body = request.body();
      const project = findProject(request, jira, body.projectId ?? body.project);
      if (project === undefined) return refuse(404, ["Project must be specified to create a version."]);
      const { name } = body;
      if (typeof name !== "string" || name === "" || name.length > 255) {
        return refuse(400, [], { name: "You must specify a valid version name" });
      }
      if (project.versions.some((version) => version.name === name)) {
        return refuse(400, [], { name: "A version with this name already exists in this project." });
      }
      const version = jira.site.planEdits.createVersion(project, { name, ...readVersion(body) }, request.actorIndex);
      return json(toVersionBody(request.wire, version), 201);
    },
  },
  {
    method: "PUT",
    path: "/api/version/{id}",
    scope: "manage:jira-project",
    handle: (request, jira) => {
      const version = findVersion(request, jira);
      if (version === undefined) return noVersion(request);
      const body = request.body();
      const changes = { ...(typeof body.name === "string" ? { name: body.name } : {}), ...readVersion(body) };
      return json(toVersionBody(request.wire, jira.site.planEdits.editVersion(version, changes, request.actorIndex)));
    },
  },
  {
    method: "DELETE",
    path: "/api/version/{id}",
    scope: "manage:jira-project",
    handle: (request, jira) => {
      const version = findVersion(request, jira);
      if (version === undefined) return noVersion(request);
      jira.site.planEdits.deleteVersion(version, request.actorIndex);
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/api/component",
    scope: "manage:jira-project",
    handle: (request, jira) => {
      const body = request.body();
      const project = findProject(request, jira, body.project);
      if (project === undefined)
        return refuse(404, ["The project does not exist or you do not have permission to see it."]);
      const { name } = body;
      if (typeof name !== "string" || name === "")
        return refuse(400, [], { name: "The component name specified is invalid." });
      if (project.components.some((component) => component.name === name)) {
        return refuse(400, [], { name: `A component with the name ${name} already exists in this project.` });
      }
      const component = jira.site.planEdits.createComponent(project, { name, ...readComponent(body, jira) });
      return json(toComponentBody(request.wire, component), 201);
    },
  },
  {
    method: "PUT",
    path: "/api/component/{id}",
    scope: "manage:jira-project",
    handle: (request, jira) => {
      const component = findComponent(request, jira);
      if (component === undefined) return noComponent(request);
      const body = request.body();
      const changes = { ...(typeof body.name === "string" ? { name: body.name } : {}), ...readComponent(body, jira) };
      return json(toComponentBody(request.wire, jira.site.planEdits.editComponent(component, changes)));
    },
  },
  {
    method: "DELETE",
    path: "/api/component/{id}",
    scope: "manage:jira-project",
    handle: (request, jira) => {
      const component = findComponent(request, jira);
      if (component === undefined) return noComponent(request);
      jira.site.planEdits.deleteComponent(component);
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/agile/sprint",
    scope: "write:sprint:jira-software",
    handle: (request, { site }) => {
      const { name, originBoardId, goal, startDate, endDate } = request.body();
      const board = site.boards.boards.get(Number(originBoardId));
      if (board === undefined)
        return refuse(404, ["The board does not exist or you do not have permission to view it."]);
      if (!board.hasSprints) return refuse(400, ["The board does not support sprints"]);
      if (typeof name !== "string" || name === "")
        return refuse(400, [], { name: "The sprint name must be specified." });
      const dates = readDates({ startDate, endDate });
      const draft = { boardId: board.id, name, ...(typeof goal === "string" ? { goal } : {}), ...dates };
      return json(toSprintBody(request.wire, site.planEdits.createSprint(draft, request.actorIndex)), 201);
    },
  },
  {
    method: "POST",
    path: "/agile/sprint/{sprintId}",
    scope: "write:sprint:jira-software",
    handle: onSprint((request, sprint, { site }) => {
      const { name, goal, state, ...dates } = request.body();
      if (state !== undefined && !isNextState(sprint.state, state)) {
        return refuse(400, [`The sprint cannot go from ${sprint.state} to ${JSON.stringify(state)}.`]);
      }
      const changes = {
        ...(typeof name === "string" ? { name } : {}),
        ...(typeof goal === "string" ? { goal } : {}),
        ...(isState(state) ? { state } : {}),
        ...readDates(dates),
      };
      return json(toSprintBody(request.wire, site.planEdits.editSprint(sprint, changes, request.actorIndex)));
    }),
  },
  {
    method: "DELETE",
    path: "/agile/sprint/{sprintId}",
    scope: "delete:sprint:jira-software",
    handle: onSprint((request, sprint, { site }) => {
      site.planEdits.deleteSprint(sprint, request.actorIndex);
      return empty(204);
    }),
  },
  {
    method: "POST",
    path: "/agile/sprint/{sprintId}/issue",
    scope: "write:sprint:jira-software",
    handle: onSprint((request, sprint, jira) => {
      const { issues } = request.body();
      if (!Array.isArray(issues) || issues.length > maxMoved) return refuse(400, [`Give at most ${maxMoved} issues.`]);
      if (sprint.state === "closed") return refuse(400, ["Issues cannot be moved to a closed sprint."]);
      const found = issues.map((key) => jira.findVisibleIssue(request, String(key)));
      for (const issue of found) {
        if (issue === undefined) return refuse(404, ["Issue does not exist or you do not have permission to see it."]);
      }
      for (const issue of found.filter((one) => one !== undefined)) {
        const past = issue.sprintIds.filter((id) => jira.site.boards.sprints.get(id)?.state === "closed");
        jira.site.editIssue(jira.site.issues.keyOf(issue), { sprintIds: [...past, sprint.id] }, request.actorIndex);
      }
      return empty(204);
    }),
  },
];

function findProject(request: JiraRequest, jira: SimulatedJira, idOrKey: unknown): SiteProject | undefined {
  return typeof idOrKey === "string" || typeof idOrKey === "number"
    ? jira.findVisibleProject(request, String(idOrKey))
    : undefined;
}

type Body = Readonly<Record<string, unknown>>;

function readVersion(body: Body): object {
  const { description, released, archived, startDate, releaseDate } = body;
  return {
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof released === "boolean" ? { isReleased: released } : {}),
    ...(typeof archived === "boolean" ? { isArchived: archived } : {}),
    ...(typeof startDate === "string" ? { startDate } : {}),
    ...(typeof releaseDate === "string" ? { releaseDate } : {}),
  };
}

function readComponent(body: Body, { site }: SimulatedJira): object {
  const { description, leadAccountId } = body;
  return {
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof leadAccountId === "string" ? { leadIndex: site.findUser(leadAccountId)?.index } : {}),
  };
}

function readDates({ startDate, endDate }: Body): { startMs?: number; endMs?: number } {
  return {
    ...(typeof startDate === "string" ? { startMs: Date.parse(startDate) } : {}),
    ...(typeof endDate === "string" ? { endMs: Date.parse(endDate) } : {}),
  };
}

const states: readonly SiteSprint["state"][] = ["future", "active", "closed"];

function isState(state: unknown): state is SiteSprint["state"] {
  return states.some((known) => known === state);
}

/** Forward only, one step at a time. */
function isNextState(from: SiteSprint["state"], to: unknown): boolean {
  return isState(to) && [0, 1].includes(states.indexOf(to) - states.indexOf(from));
}
