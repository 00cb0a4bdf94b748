import { json, jsonBytes, jsonPage, refuse, Refusal } from "../server/answer.ts";
import { invalidPayload, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import { firstIssueId } from "../site/issue.ts";
import { readToken, writeToken } from "./page-token.ts";
import { IssueExpansion } from "../wire/issue-expansion.ts";

/** The query of `search/jql`, from the query string or from the body. */
interface SearchParameters {
  readonly jql: string;
  readonly nextPageToken: string | undefined;
  readonly maxResults: number;
  readonly fields: readonly string[];
  readonly expand: readonly string[];
  readonly reconcileIssues: readonly number[];
}

const maxReconciled = 50;

export const searchRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/search/jql",
    access: "public",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) =>
      search(request, jira, {
        jql: request.query.get("jql") ?? "",
        nextPageToken: request.query.get("nextPageToken") ?? undefined,
        maxResults: request.number("maxResults", 50),
        fields: request.list("fields"),
        expand: request.list("expand"),
        reconcileIssues: request.list("reconcileIssues").map(Number),
      }),
  },
  {
    method: "POST",
    path: "/api/search/jql",
    access: "public",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => search(request, jira, readSearchBody(request.body())),
  },
  {
    method: "POST",
    path: "/api/search/approximate-count",
    access: "public",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const { jql = "", ...rest } = request.body();
      if (typeof jql !== "string" || Object.keys(rest).length > 0) return invalidPayload();
      if (request.isAnonymous) {
        jira.search.checkBounds(jql);
        return json({ count: 0 });
      }
      return json({ count: jira.search.count(jql) });
    },
  },
];

function search(request: JiraRequest, jira: SimulatedJira, parameters: SearchParameters): ReturnType<typeof json> {
  const { jql, maxResults, fields } = parameters;
  if (maxResults < 1 || maxResults > 5000) {
    return refuse(400, ["The max results parameter has to be between 1 and 5,000."]);
  }
  if (parameters.reconcileIssues.length > maxReconciled) {
    return refuse(400, [`The number of issues to reconcile must not exceed ${maxReconciled}.`]);
  }
  if (request.isAnonymous) {
    // Nobody learns which names exist: what nobody may see is not there, and no error either.
    jira.search.checkBounds(jql);
    return jsonBytes('{"issues":[],"isLast":true}');
  }
  const token = readToken(parameters.nextPageToken, jql, jira.site.now());
  const page = jira.search.find({
    jql,
    nowMs: token?.nowMs ?? jira.site.now(),
    after: token?.after,
    limit: Math.min(maxResults, jira.pageLimit(fields, token?.after)),
    reconcile: new Set(parameters.reconcileIssues.map((id) => id - firstIssueId)),
  });
  const { renderer } = request;
  const expansion = new IssueExpansion(renderer, parameters.expand, fields);
  const next =
    page.after === undefined
      ? '"isLast":true'
      : `"nextPageToken":"${writeToken(jql, { nowMs: token?.nowMs ?? jira.site.now(), after: page.after, madeMs: jira.site.now() })}","isLast":false`;
  return jsonPage(
    '{"issues":[',
    page.issues,
    (issue, sink) => renderer.write(issue, { selection: fields, expansion }, sink),
    `]${expansion.legend},${next}}`,
  );
}

type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === "string";
const isStrings: Check = (value) => Array.isArray(value) && value.every(isString);
const isInteger: Check = (value) => Number.isInteger(value);

/** The body is a closed schema: `expand` is one string, while `fields` is a list. */
const bodySchema: Readonly<Record<string, Check>> = {
  jql: isString,
  nextPageToken: isString,
  maxResults: isInteger,
  fields: isStrings,
  expand: isString,
  properties: isStrings,
  fieldsByKeys: (value) => typeof value === "boolean",
  reconcileIssues: (value) => Array.isArray(value) && value.every(isInteger),
};

function readSearchBody(body: Readonly<Record<string, unknown>>): SearchParameters {
  for (const [key, value] of Object.entries(body)) {
    if (!Object.hasOwn(bodySchema, key) || bodySchema[key]?.(value) !== true) throw new Refusal(invalidPayload());
  }
  // Every type was checked above.
  const { jql, nextPageToken, maxResults, fields, expand, reconcileIssues } = body as {
    jql?: string;
    nextPageToken?: string;
    maxResults?: number;
    fields?: string[];
    expand?: string;
    reconcileIssues?: number[];
  };
  return {
    jql: jql ?? "",
    nextPageToken,
    maxResults: maxResults ?? 50,
    fields: fields ?? [],
    expand: (expand ?? "").split(",").filter((name) => name !== ""),
    reconcileIssues: reconcileIssues ?? [],
  };
}
