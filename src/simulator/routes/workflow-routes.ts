import { json, refuse } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteIssueType, SiteStatus, StatusCategory } from "../site/workflow.ts";
import { linkTypes, priorities, resolutions, statusCategories } from "../site/workflow.ts";
import {
  toIssueTypeBody,
  toIssueTypeDetails,
  toLinkTypeBody,
  toPriorityBody,
  toResolutionBody,
  toStatusBody,
  toStatusCategoryBody,
  toStatusDetails,
} from "../wire/workflow-bodies.ts";
import { takeSlice, toPageBean } from "./paging.ts";
import { noProject } from "./project-routes.ts";

const categories = Object.keys(statusCategories) as readonly StatusCategory[];
const searchCategories: Readonly<Record<StatusCategory, string>> = {
  new: "TODO",
  indeterminate: "IN_PROGRESS",
  done: "DONE",
};

/** Statuses, issue types, priorities, resolutions and link types. */
export const workflowRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/status",
    scope: "read:jira-work",
    handle: ({ wire }, { site }) => json(listStatuses(site).map((status) => toStatusDetails(wire, status))),
  },
  {
    method: "GET",
    path: "/api/status/{idOrName}",
    scope: "read:jira-work",
    handle: (request, { site }) => {
      const wanted = request.param("idOrName");
      const status = listStatuses(site).find(({ id, name }) => id === wanted || name === wanted);
      if (status === undefined) return refuse(404, [`The status with id '${wanted}' does not exist`]);
      return json(toStatusDetails(request.wire, status));
    },
  },
  {
    method: "GET",
    path: "/api/statuscategory",
    scope: "read:jira-work",
    handle: ({ wire }) => json(categories.map((category) => toStatusCategoryBody(wire, category))),
  },
  {
    method: "GET",
    path: "/api/statuses/search",
    only: "cloud",
    scope: "manage:jira-configuration",
    handle: (request, { site }) => {
      const projectId = request.query.get("projectId");
      const wanted = request.query.get("searchString")?.toLowerCase() ?? "";
      const category = request.query.get("statusCategory");
      const found = listStatuses(site).filter(
        (status) =>
          (projectId === null || site.projects[status.projectIndex ?? -1]?.id === projectId) &&
          status.name.toLowerCase().includes(wanted) &&
          (category === null || searchCategories[status.category] === category),
      );
      return json(
        toPageBean(request, takeSlice(request, found, 200, 200), (status) => toSearchedStatus(request, status)),
      );
    },
  },
  {
    method: "GET",
    path: "/api/project/{projectIdOrKey}/statuses",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
      if (project === undefined) return noProject(request.param("projectIdOrKey"));
      const statuses = project.workflow.statuses.flatMap((index) => jira.site.workflows.statuses[index] ?? []);
      const types = project.workflow.types.flatMap((index) => jira.site.workflows.types[index] ?? []);
      return json(
        types.map((type) => ({
          self: request.wire.api(`/issuetype/${type.id}`),
          id: type.id,
          name: type.name,
          subtask: type.hierarchyLevel === -1,
          statuses: statuses.map((status) => toStatusBody(request.wire, status)),
        })),
      );
    },
  },
  {
    method: "GET",
    path: "/api/issuetype",
    scope: "read:jira-work",
    handle: ({ wire }, { site }) => json(listTypes(site).map((type) => toIssueTypeDetails(wire, type))),
  },
  {
    method: "GET",
    path: "/api/issuetype/project",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.query.get("projectId") ?? "");
      if (project === undefined) return noProject(request.query.get("projectId") ?? "");
      const types = project.workflow.types.flatMap((index) => jira.site.workflows.types[index] ?? []);
      return json(types.map((type) => toIssueTypeBody(request.wire, type)));
    },
  },
  {
    method: "GET",
    path: "/api/priority",
    scope: "read:jira-work",
    handle: ({ wire }) => json(priorities.map((priority) => toPriorityDetails(wire, priority))),
  },
  {
    method: "GET",
    path: "/api/priority/search",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request) => {
      const ids = request.list("id");
      const found = priorities.filter(({ id }) => ids.length === 0 || ids.includes(id));
      return json(
        toPageBean(request, takeSlice(request, found), (priority) => ({
          ...toPriorityDetails(request.wire, priority),
          isDefault: priority.name === "Medium",
        })),
      );
    },
  },
  {
    method: "GET",
    path: "/api/resolution",
    scope: "read:jira-work",
    handle: ({ wire }) => json(resolutions.map((resolution) => toResolutionBody(wire, resolution))),
  },
  {
    method: "GET",
    path: "/api/resolution/search",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request) => {
      const toBody = (one: (typeof resolutions)[number]): object => ({
        ...toResolutionBody(request.wire, one),
        default: one.name === "Done",
      });
      return json(toPageBean(request, takeSlice(request, resolutions), toBody));
    },
  },
  {
    method: "GET",
    path: "/api/issueLinkType",
    scope: "read:jira-work",
    handle: ({ wire }) => json({ issueLinkTypes: linkTypes.map((type) => toLinkTypeBody(wire, type)) }),
  },
];

type Site = SimulatedJira["site"];

/** Those of the site, and those of the projects that the caller sees. */
function listStatuses(site: Site): SiteStatus[] {
  return site.workflows.statuses.filter(({ projectIndex }) => isShown(site, projectIndex));
}

function listTypes(site: Site): SiteIssueType[] {
  return site.workflows.types.filter(({ projectIndex }) => isShown(site, projectIndex));
}

function isShown(site: Site, projectIndex: number | undefined): boolean {
  return projectIndex === undefined || site.isVisible(site.projects[projectIndex]);
}

function toSearchedStatus(request: JiraRequest, status: SiteStatus): object {
  const project = status.projectIndex === undefined ? undefined : request.wire.site.projects[status.projectIndex];
  return {
    id: status.id,
    name: status.name,
    statusCategory: searchCategories[status.category],
    scope: project === undefined ? { type: "GLOBAL" } : { type: "PROJECT", project: { id: project.id } },
    description: "",
  };
}

function toPriorityDetails(wire: JiraRequest["wire"], priority: (typeof priorities)[number]): object {
  return { ...toPriorityBody(wire, priority), statusColor: "#ff7800", description: priority.description };
}
