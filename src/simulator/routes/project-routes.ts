import { json, refuse, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteProject } from "../site/projects.ts";
import { toProjectBody } from "../wire/project-bodies.ts";
import { takeSlice, toPageBean } from "./paging.ts";

const orders = [
  "name",
  "key",
  "owner",
  "category",
  "issueCount",
  "lastIssueUpdatedTime",
  "archivedDate",
  "deletedDate",
];

export const projectRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/project/search",
    access: "public",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const orderBy = request.query.get("orderBy") ?? "key";
      if (!orders.includes(orderBy.replace(/^[+-]/, ""))) {
        return refuse(400, [
          `Invalid value for orderBy parameter: '${orderBy}'. Valid values are: ${orders.join(", ")}.`,
        ]);
      }
      const expand = new Set(request.list("expand"));
      const found = sortProjects(listProjects(request, jira), orderBy, jira);
      return json(toPageBean(request, takeSlice(request, found), (project) => toBody(request, jira, project, expand)));
    },
  },
  {
    method: "GET",
    path: "/api/project",
    access: "public",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const expand = new Set(request.list("expand"));
      const live = jira.site.projects.filter((project) => project.state === "live" && jira.isVisible(request, project));
      return json(live.map((project) => toBody(request, jira, project, expand)));
    },
  },
  {
    method: "GET",
    path: "/api/project/{projectIdOrKey}",
    access: "public",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
      if (project === undefined) return noProject(request.param("projectIdOrKey"));
      // Read singly, a project shows its description, lead and issue types unasked.
      const expand = new Set(["description", "lead", "issueTypes", ...request.list("expand")]);
      return json(toBody(request, jira, project, expand));
    },
  },
];

export function noProject(idOrKey: string): Answer {
  const by = /^\d+$/.test(idOrKey) ? "id" : "key";
  return refuse(404, [`No project could be found with ${by} '${idOrKey}'.`]);
}

function toBody(request: JiraRequest, jira: SimulatedJira, project: SiteProject, expand: ReadonlySet<string>): object {
  return toProjectBody(request.wire, project, expand, (one) => jira.insightOf(one));
}

function listProjects(request: JiraRequest, jira: SimulatedJira): SiteProject[] {
  const states = request.list("status");
  const keys = request.list("keys").map((key) => key.toUpperCase());
  const ids = request.list("id");
  const query = request.query.get("query")?.toLowerCase();
  const typeKeys = request.list("typeKey");
  return jira.site.projects.filter(
    (project) =>
      project.isBrowsable &&
      !request.isAnonymous &&
      (states.length === 0 ? project.state === "live" : states.includes(project.state)) &&
      (keys.length === 0 || keys.includes(project.key)) &&
      (ids.length === 0 || ids.includes(project.id)) &&
      (typeKeys.length === 0 || typeKeys.includes("software")) &&
      (query === undefined || `${project.key} ${project.name}`.toLowerCase().includes(query)),
  );
}

function sortProjects(projects: SiteProject[], orderBy: string, jira: SimulatedJira): SiteProject[] {
  const toKey = (project: SiteProject): string | number => {
    switch (orderBy.replace(/^[+-]/, "")) {
      case "name":
        return project.name;
      case "owner":
        return jira.site.people[project.leadIndex]?.displayName ?? "";
      case "issueCount":
        return jira.insightOf(project).issues;
      case "lastIssueUpdatedTime":
        return jira.insightOf(project).updatedMs ?? 0;
      default:
        return project.key;
    }
  };
  const sign = orderBy.startsWith("-") ? -1 : 1;
  return projects.toSorted((left, right) => (toKey(left) < toKey(right) ? -sign : sign));
}
