import { jsonPage, refuse, type Answer } from "../server/answer.ts";
import { invalidPayload, isStrings, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import { IssueExpansion } from "../wire/issue-expansion.ts";

interface OffsetSearch {
  readonly jql: string;
  readonly startAt: number;
  readonly maxResults: number;
  readonly fields: readonly string[];
  readonly expand: readonly string[];
}

/** What an administrator lets one page hold. */
const maxResultsCap = 1000;

/** The search of Data Center, with an offset and a total, which Jira Cloud has no more. */
export const serverRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/search",
    only: "server",
    access: "public",
    handle: (request, jira) =>
      search(request, jira, {
        jql: request.query.get("jql") ?? "",
        startAt: request.number("startAt", 0),
        maxResults: request.number("maxResults", 50),
        fields: request.list("fields"),
        expand: request.list("expand"),
      }),
  },
  {
    method: "POST",
    path: "/api/search",
    only: "server",
    access: "public",
    handle: (request, jira) => {
      const { jql = "", startAt = 0, maxResults = 50, fields = [], expand = [] } = request.body();
      const isValid = typeof jql === "string" && typeof startAt === "number" && typeof maxResults === "number";
      if (!isValid || !isStrings(fields) || !isStrings(expand)) return invalidPayload();
      return search(request, jira, { jql, startAt, maxResults, fields, expand });
    },
  },
];

function search(request: JiraRequest, jira: SimulatedJira, parameters: OffsetSearch): Answer {
  const { jql, startAt, fields } = parameters;
  if (parameters.maxResults < 0) return refuse(400, ["The maxResults parameter must not be negative."]);
  const maxResults = Math.min(maxResultsCap, parameters.maxResults);
  const found = request.isAnonymous ? [] : jira.search.list(jql, "everything");
  const items = found.slice(startAt, startAt + maxResults);
  const selection = fields.length === 0 ? ["*navigable"] : fields;
  const { renderer } = request;
  const expansion = new IssueExpansion(renderer, parameters.expand, selection);
  const head = `{"expand":"schema,names","startAt":${startAt},"maxResults":${maxResults},"total":${found.length},"issues":[`;
  return jsonPage(
    head,
    items,
    (issue, sink) => renderer.write(issue, { selection, expansion }, sink),
    `]${expansion.legend}}`,
  );
}
