import { json, refuse } from "../server/answer.ts";
import type { Route } from "../server/router.ts";
import { listSettable, toFieldMeta } from "../wire/field-bodies.ts";
import { toIssueTypeBody } from "../wire/workflow-bodies.ts";
import { onIssue } from "./issue-write-routes.ts";
import { noProject } from "./project-routes.ts";
import { takeSlice } from "./paging.ts";

/** Which fields an issue can be made and edited with. */
export const metaRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/issue/createmeta/{projectIdOrKey}/issuetypes",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
      if (project === undefined) return noProject(request.param("projectIdOrKey"));
      const types = project.workflow.types.flatMap((index) => jira.site.workflows.types[index] ?? []);
      const { startAt, maxResults, total, items } = takeSlice(request, types, 50, 200);
      return json({ maxResults, startAt, total, issueTypes: items.map((type) => toIssueTypeBody(request.wire, type)) });
    },
  },
  {
    method: "GET",
    path: "/api/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const project = jira.findVisibleProject(request, request.param("projectIdOrKey"));
      if (project === undefined) return noProject(request.param("projectIdOrKey"));
      const isType = project.workflow.types.some(
        (index) => jira.site.workflows.types[index]?.id === request.param("issueTypeId"),
      );
      if (!isType) return refuse(400, ["The issue type is not valid for the project."]);
      const settable = listSettable(jira.site, "create");
      const { startAt, maxResults, total, items } = takeSlice(request, settable, 50, 200);
      const fields = items.map((field) => ({ ...toFieldMeta(request.wire, field, project), fieldId: field.id }));
      return json({ maxResults, startAt, total, fields });
    },
  },
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/editmeta",
    scope: "read:jira-work",
    handle: onIssue((request, issue, { site }) => {
      const project = site.projects[issue.projectIndex];
      const metas = listSettable(site, "edit").map((field) => [field.id, toFieldMeta(request.wire, field, project)]);
      return json({ fields: Object.fromEntries(metas) });
    }),
  },
];
