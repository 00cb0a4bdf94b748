import { json, refuse, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteVersion } from "../site/projects.ts";
import { toVersionBody } from "../wire/project-bodies.ts";
import { takeSlice, toPageBean } from "./paging.ts";
import { noProject } from "./project-routes.ts";

export const versionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/project/{projectIdOrKey}/version",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
      if (project === undefined) return noProject(request.param("projectIdOrKey"));
      const found = filterVersions(request, project.versions);
      return json(toPageBean(request, takeSlice(request, found), (version) => toVersionBody(request.wire, version)));
    },
  },
  {
    method: "GET",
    path: "/api/project/{projectIdOrKey}/versions",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
      if (project === undefined) return noProject(request.param("projectIdOrKey"));
      return json(project.versions.map((version) => toVersionBody(request.wire, version)));
    },
  },
  {
    method: "GET",
    path: "/api/version/{id}",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const version = findVersion(request, jira);
      return version === undefined ? noVersion(request) : json(toVersionBody(request.wire, version));
    },
  },
];

export function findVersion(request: JiraRequest, { site }: SimulatedJira): SiteVersion | undefined {
  const version = site.findVersion(request.param("id"));
  return version !== undefined && site.isVisible(site.projects[version.projectIndex]) ? version : undefined;
}

export function noVersion(request: JiraRequest): Answer {
  return refuse(404, [`Could not find version for id '${request.param("id")}'`]);
}

function filterVersions(request: JiraRequest, versions: readonly SiteVersion[]): SiteVersion[] {
  const query = request.query.get("query")?.toLowerCase();
  const states = request.list("status");
  const orderBy = request.query.get("orderBy") ?? "sequence";
  const found = versions.filter(
    (version) =>
      (query === undefined || `${version.name} ${version.description}`.toLowerCase().includes(query)) &&
      (states.length === 0 ||
        states.includes(version.isArchived ? "archived" : version.isReleased ? "released" : "unreleased")),
  );
  const toKey = (version: SiteVersion): string | number => {
    switch (orderBy.replace(/^[+-]/, "")) {
      case "name":
        return version.name;
      case "releaseDate":
        return version.releaseDate ?? "9999";
      case "startDate":
        return version.startDate ?? "9999";
      default:
        return versions.indexOf(version);
    }
  };
  const sign = orderBy.startsWith("-") ? -1 : 1;
  return found.toSorted((left, right) => (toKey(left) < toKey(right) ? -sign : sign));
}
