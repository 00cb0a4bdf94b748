import { jsonBytes, jsonPage, json, refuse, type Answer } from "../server/answer.ts";
import { invalidPayload, isStrings, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { Issue } from "../site/issue.ts";
import { toFieldBody } from "../wire/field-bodies.ts";
import { IssueExpansion } from "../wire/issue-expansion.ts";

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
    handle: ({ wire }) => json(wire.fields.map(toFieldBody)),
  },
];

export function noIssue(): Answer {
  return refuse(404, ["Issue does not exist or you do not have permission to see it."]);
}

/** Read singly and in bulk, an issue is as it is now; only search lags. Unlike search, these always give the key. */
export function renderExpanded(
  { renderer }: JiraRequest,
  issue: Issue,
  fields: readonly string[],
  expand: readonly string[],
): string {
  const expansion = new IssueExpansion(renderer, expand, fields);
  return renderer.render(issue, fields.length === 0 ? ["key"] : fields, expansion, expansion.legend);
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
  const tail = `],"issueErrors":${JSON.stringify(errors)}}`;
  const expansion = new IssueExpansion(request.renderer, expand, fields);
  const choice = { selection: fields.length === 0 ? ["key"] : fields, expansion, extra: expansion.legend };
  return jsonPage('{"issues":[', issues, (issue, sink) => request.renderer.write(issue, choice, sink), tail);
}
