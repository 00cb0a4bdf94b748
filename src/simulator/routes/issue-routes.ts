import { jsonBytes, jsonPage, json, refuse, type Answer } from "../server/answer.ts";
import { invalidPayload, isStrings, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { Issue } from "../site/issue.ts";
import { renderChangelog } from "../wire/history-bodies.ts";
import { issueFields } from "../wire/issue-fields.ts";

const maxBulk = 100;

export const issueRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/issue/bulkfetch",
    access: "public",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => bulkFetch(request, jira),
  },
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}",
    access: "public",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const issue = jira.findVisibleIssue(request, request.param("issueIdOrKey"));
      if (issue === undefined) return noIssue();
      const fields = request.list("fields");
      return jsonBytes(renderExpanded(request, issue, fields.length === 0 ? ["*all"] : fields, request.list("expand")));
    },
  },
  {
    method: "GET",
    path: "/api/field",
    access: "public",
    scope: "read:jira-work",
    handle: ({ wire }) => {
      const other = wire.isServer ? "cloud" : "server";
      return json(issueFields.filter((field) => field.only !== other).map(toFieldBody));
    },
  },
];

export function noIssue(): Answer {
  return refuse(404, ["Issue does not exist or you do not have permission to see it."]);
}

/** Read singly and in bulk, an issue is as it is now; only search lags. */
export function renderExpanded(
  { renderer }: JiraRequest,
  issue: Issue,
  fields: readonly string[],
  expand: readonly string[],
): string {
  const extra = expand.includes("changelog") ? renderChangelog(issue, renderer) : "";
  // Unlike search, these always give the key.
  return renderer.render(issue, fields.length === 0 ? ["key"] : fields, extra);
}

function bulkFetch(request: JiraRequest, jira: SimulatedJira): Answer {
  const { issueIdsOrKeys, fields = ["*navigable"], expand = [], ...rest } = request.body();
  const isOpen = Object.keys(rest).some((key) => !["fieldsByKeys", "properties"].includes(key));
  if (isOpen || !isStrings(issueIdsOrKeys) || !isStrings(fields) || !isStrings(expand)) return invalidPayload();
  if (issueIdsOrKeys.length === 0) return refuse(400, ["The list of issue IDs or keys is empty."]);
  if (issueIdsOrKeys.length > maxBulk) {
    return refuse(400, [`The number of issue IDs or keys must not exceed ${maxBulk}.`]);
  }
  const found = new Map<number, Issue>();
  const errors: { id: string; errorMessage: string }[] = [];
  for (const idOrKey of issueIdsOrKeys) {
    const issue = jira.findVisibleIssue(request, idOrKey);
    if (issue === undefined)
      errors.push({ id: idOrKey, errorMessage: "Issue does not exist or you do not have permission to see it." });
    else found.set(issue.n, issue);
  }
  const issues = [...found.values()].toSorted((left, right) => left.n - right.n);
  const bodies = issues.map((issue) => renderExpanded(request, issue, fields, expand));
  return jsonPage('{"issues":[', bodies, `],"issueErrors":${JSON.stringify(errors)}}`);
}

function toFieldBody(field: (typeof issueFields)[number]): object {
  const customId = field.custom === undefined ? undefined : Number(field.id.replace("customfield_", ""));
  const clauseNames = customId === undefined ? [field.id] : [`cf[${customId}]`, field.name];
  return {
    id: field.id,
    key: field.id,
    name: field.name,
    custom: customId !== undefined,
    orderable: field.isNavigable !== false,
    navigable: field.isNavigable !== false,
    searchable: true,
    clauseNames,
    schema: {
      type: field.type,
      ...(field.items === undefined ? {} : { items: field.items }),
      ...(customId === undefined ? { system: field.id } : { custom: field.custom, customId }),
    },
  };
}
