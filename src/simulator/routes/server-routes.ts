import { jsonBytes, refuse, type Answer } from "../server/answer.ts";
import { invalidPayload, isStrings, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";

interface OffsetSearch {
  readonly jql: string;
  readonly startAt: number;
  readonly maxResults: number;
  readonly fields: readonly string[];
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
      }),
  },
  {
    method: "POST",
    path: "/api/search",
    only: "server",
    access: "public",
    handle: (request, jira) => {
      const { jql = "", startAt = 0, maxResults = 50, fields = [] } = request.body();
      const isValid = typeof jql === "string" && typeof startAt === "number" && typeof maxResults === "number";
      if (!isValid || !isStrings(fields)) return invalidPayload();
      return search(request, jira, { jql, startAt, maxResults, fields });
    },
  },
];

function search(request: JiraRequest, jira: SimulatedJira, parameters: OffsetSearch): Answer {
  const { jql, startAt, fields } = parameters;
  if (parameters.maxResults < 0) return refuse(400, ["The maxResults parameter must not be negative."]);
  const maxResults = Math.min(maxResultsCap, parameters.maxResults);
  const found = request.isAnonymous ? [] : jira.search.list(jql, "everything");
  const page = found.slice(startAt, startAt + maxResults);
  const chosen = fields.length === 0 ? ["*navigable"] : fields;
  const issues = page.map((issue) => request.renderer.render(issue, chosen)).join(",");
  return jsonBytes(
    `{"expand":"schema,names","startAt":${startAt},"maxResults":${maxResults},"total":${found.length},"issues":[${issues}]}`,
  );
}
