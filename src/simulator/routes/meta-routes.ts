import { json, refuse } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SiteProject } from "../site/projects.ts";
import { priorities } from "../site/workflow.ts";
import { issueFields } from "../wire/issue-fields.ts";
import { toIssueTypeBody, toPriorityBody } from "../wire/workflow-bodies.ts";
import { onIssue } from "./issue-write-routes.ts";
import { noProject } from "./project-routes.ts";
import { takeSlice } from "./paging.ts";

const editable = [
  "summary",
  "description",
  "labels",
  "priority",
  "assignee",
  "components",
  "fixVersions",
  "parent",
  "duedate",
  "customfield_10020",
  "customfield_10028",
];
const required = ["project", "issuetype", "summary", "reporter"];

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
      const ids = [...required, ...editable.filter((id) => !required.includes(id))];
      const { startAt, maxResults, total, items } = takeSlice(request, ids, 50, 200);
      const fields = items.map((id) => ({ ...toFieldMeta(request, id, project), fieldId: id }));
      return json({ maxResults, startAt, total, fields });
    },
  },
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/editmeta",
    scope: "read:jira-work",
    handle: onIssue((request, issue, { site }) => {
      const project = site.projects[issue.projectIndex];
      return json({ fields: Object.fromEntries(editable.map((id) => [id, toFieldMeta(request, id, project)])) });
    }),
  },
];

function toFieldMeta(request: JiraRequest, id: string, project: SiteProject | undefined): object {
  const field = issueFields.find((one) => one.id === id);
  const named = (list: readonly { readonly id: string; readonly name: string }[] | undefined): object[] =>
    (list ?? []).map((thing) => ({ id: thing.id, name: thing.name }));
  const allowedValues = {
    priority: priorities.map((priority) => toPriorityBody(request.wire, priority)),
    components: named(project?.components),
    fixVersions: named(project?.versions),
  };
  return {
    required: required.includes(id),
    schema: {
      type: field?.type ?? "string",
      ...(field?.items === undefined ? {} : { items: field.items }),
      ...(field?.custom === undefined
        ? { system: id }
        : { custom: field.custom, customId: Number(id.replace("customfield_", "")) }),
    },
    name: field?.name ?? id,
    key: id,
    hasDefaultValue: false,
    operations: field?.type === "array" ? ["add", "set", "remove"] : ["set"],
    ...Object.fromEntries(
      Object.entries(allowedValues).flatMap(([key, values]) =>
        key === id ? [["allowedValues", values] as const] : [],
      ),
    ),
  };
}
