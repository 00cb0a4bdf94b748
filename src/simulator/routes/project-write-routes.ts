import { ConflictError } from "../../runtime/errors.ts";
import { empty, json, refuse, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { SiteProject } from "../site/projects.ts";
import { toProjectBody } from "../wire/project-bodies.ts";
import { noProject } from "./project-routes.ts";

const scope = "manage:jira-configuration";
const bodyParts = new Set(["description", "lead"]);

export const projectWriteRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/project",
    scope,
    handle: (request, { site }) => {
      const { key, name, leadAccountId, projectTemplateKey } = request.body();
      const lead = typeof leadAccountId === "string" ? site.findUser(leadAccountId) : undefined;
      const errors = {
        ...(typeof key !== "string" || !/^[A-Z][A-Z0-9]{1,9}$/.test(key)
          ? {
              projectKey:
                "Project keys must start with an uppercase letter, followed by one or more uppercase alphanumeric characters.",
            }
          : {}),
        ...(typeof name !== "string" || name === "" ? { projectName: "You must specify a valid project name." } : {}),
        ...(lead === undefined ? { projectLead: "You must specify a valid project lead." } : {}),
      };
      if (typeof key !== "string" || typeof name !== "string" || lead === undefined || Object.keys(errors).length > 0) {
        return refuse(400, [], errors);
      }
      try {
        const isTeamManaged = String(projectTemplateKey).includes("simplified");
        const project = site.projectEdits.create(
          { key, name, isTeamManaged, leadIndex: lead.index },
          request.actorIndex,
        );
        return json({ id: Number(project.id), key, self: request.wire.api(`/project/${project.id}`) }, 201);
      } catch (error) {
        if (error instanceof ConflictError)
          return refuse(400, [], { projectKey: `Project '${key}' uses this project key.` });
        throw error;
      }
    },
  },
  {
    method: "PUT",
    path: "/api/project/{projectIdOrKey}",
    scope: "manage:jira-project",
    handle: onProject((request, project, jira) => {
      const { name, description, leadAccountId } = request.body();
      const lead = typeof leadAccountId === "string" ? jira.site.findUser(leadAccountId) : undefined;
      if (typeof description === "string") project.description = description;
      if (lead !== undefined) project.leadIndex = lead.index;
      jira.site.projectEdits.rename(project.key, typeof name === "string" ? name : project.name, request.actorIndex);
      return json(toProjectBody(request.wire, project, bodyParts, (one) => jira.insightOf(one)));
    }),
  },
  {
    method: "DELETE",
    path: "/api/project/{projectIdOrKey}",
    scope,
    handle: onProject((request, project, { site }) => {
      if (project.state === "archived")
        return refuse(400, ["Archived projects must be restored before they can be deleted."]);
      site.projectEdits.delete(project.key, request.actorIndex);
      return empty(204);
    }),
  },
  {
    method: "POST",
    path: "/api/project/{projectIdOrKey}/archive",
    only: "cloud",
    scope: "manage:jira-project",
    handle: onProject((request, project, { site }) => {
      if (project.state !== "live") return refuse(400, ["The project is already archived."]);
      site.projectEdits.archive(project.key, request.actorIndex);
      return empty(204);
    }),
  },
  {
    method: "POST",
    path: "/api/project/{projectIdOrKey}/restore",
    only: "cloud",
    scope,
    handle: (request, jira) => {
      // Also one in the recycle bin, which nothing else shows.
      const project = jira.site.findProject(request.param("projectIdOrKey"));
      if (project === undefined || !project.isBrowsable) return noProject(request.param("projectIdOrKey"));
      if (project.state === "live") return refuse(400, ["The project is neither archived nor deleted."]);
      jira.site.projectEdits.restore(project.key, request.actorIndex);
      return json(toProjectBody(request.wire, project, bodyParts, (one) => jira.insightOf(one)));
    },
  },
];

function onProject(
  handle: (request: JiraRequest, project: SiteProject, jira: SimulatedJira) => Answer,
): Route["handle"] {
  return (request, jira) => {
    const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
    return project === undefined ? noProject(request.param("projectIdOrKey")) : handle(request, project, jira);
  };
}
