import { json, refuse, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteComponent } from "../site/projects.ts";
import { toComponentBody } from "../wire/project-bodies.ts";
import { takeSlice, toPageBean } from "./paging.ts";
import { noProject } from "./project-routes.ts";

export const componentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/project/{projectIdOrKey}/component",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
      if (project === undefined) return noProject(request.param("projectIdOrKey"));
      // Components kept in Compass are none of Jira's.
      const isJira = request.query.get("componentSource") !== "compass";
      const found = isJira ? filterComponents(request, project.components) : [];
      const counts = jira.insightOf(project).components;
      return json(
        toPageBean(request, takeSlice(request, found), (component) => ({
          ...toComponentBody(request.wire, component),
          issueCount: counts.get(component.id) ?? 0,
        })),
      );
    },
  },
  {
    method: "GET",
    path: "/api/project/{projectIdOrKey}/components",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
      if (project === undefined) return noProject(request.param("projectIdOrKey"));
      return json(project.components.map((component) => toComponentBody(request.wire, component)));
    },
  },
  {
    method: "GET",
    path: "/api/component",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, { site }) => {
      const wanted = request.list("projectIdsOrKeys");
      const projects = site.projects.filter(
        (project) =>
          site.isVisible(project) &&
          (wanted.length === 0 || wanted.includes(project.key) || wanted.includes(project.id)),
      );
      const found = filterComponents(
        request,
        projects.flatMap((project) => project.components),
      );
      return json(
        toPageBean(request, takeSlice(request, found), ({ id, name, description }) => ({
          self: request.wire.api(`/component/${id}`),
          id,
          name,
          ...(description === "" ? {} : { description }),
          metadata: {},
        })),
      );
    },
  },
  {
    method: "GET",
    path: "/api/component/{id}",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const component = findComponent(request, jira);
      return component === undefined ? noComponent(request) : json(toComponentBody(request.wire, component));
    },
  },
];

export function findComponent(request: JiraRequest, { site }: SimulatedJira): SiteComponent | undefined {
  const component = site.findComponent(request.param("id"));
  return component !== undefined && site.isVisible(site.projects[component.projectIndex]) ? component : undefined;
}

export function noComponent(request: JiraRequest): Answer {
  return refuse(404, [`The component with id ${request.param("id")} does not exist.`]);
}

function filterComponents(request: JiraRequest, components: readonly SiteComponent[]): SiteComponent[] {
  const query = request.query.get("query")?.toLowerCase() ?? "";
  const orderBy = request.query.get("orderBy") ?? "name";
  const sign = orderBy.startsWith("-") ? -1 : 1;
  return components
    .filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(query))
    .toSorted((left, right) => sign * (left.name.localeCompare(right.name) || Number(left.id) - Number(right.id)));
}
