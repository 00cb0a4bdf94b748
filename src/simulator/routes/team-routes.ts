import { json, problem, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";

const base = "/gateway/api/public/teams/v1/org/{orgId}/teams";

/** The public Teams API, which is not part of Jira: pages by cursor, parameters in the query string. */
export const teamRoutes: readonly Route[] = [
  {
    method: "GET",
    path: base,
    only: "cloud",
    handle: (request, jira) =>
      inOrganization(request, jira, () => {
        const size = Math.min(300, Math.max(1, request.number("size", 50)));
        const start = fromCursor(request.query.get("cursor"));
        const { teams } = jira.site;
        const end = start + size;
        return json({
          entities: teams.slice(start, end).map((team) => ({
            teamId: team.teamId,
            displayName: team.displayName,
            description: team.description,
            organizationId: jira.credentials.organizationId,
            teamType: team.teamType,
            state: "ACTIVE",
            userPermissions: { ADD_MEMBERS: true, DELETE_TEAM: true, REMOVE_MEMBERS: true, UPDATE_TEAM: true },
          })),
          ...(end < teams.length ? { cursor: toCursor(end) } : {}),
        });
      }),
  },
  {
    method: "POST",
    path: `${base}/{teamId}/members`,
    only: "cloud",
    handle: (request, jira) =>
      inOrganization(request, jira, () => {
        const team = jira.site.teams.find(({ teamId }) => teamId === request.param("teamId"));
        if (team === undefined) return problem(404, "Not Found", "No such team", request.path);
        const { first, after } = readPaging(request);
        const start = fromCursor(after);
        const end = start + Math.min(50, Math.max(1, first));
        const members = team.memberIndexes.slice(start, end);
        return json({
          results: members.map((index) => ({ accountId: jira.site.people[index]?.accountId })),
          pageInfo: {
            endCursor: members.length === 0 ? null : toCursor(end),
            hasNextPage: end < team.memberIndexes.length,
          },
        });
      }),
  },
];

function inOrganization(request: JiraRequest, { credentials }: SimulatedJira, handle: () => Answer): Answer {
  const isOurs = request.param("orgId") === credentials.organizationId;
  return isOurs ? handle() : problem(404, "Not Found", "No such organization", request.path);
}

/** Clients give the paging of members in the query string or in the body. */
function readPaging(request: JiraRequest): { readonly first: number; readonly after: string | null } {
  const body = request.hasBody ? request.body() : {};
  return {
    first: typeof body.first === "number" ? body.first : request.number("first", 50),
    after: typeof body.after === "string" ? body.after : request.query.get("after"),
  };
}

function toCursor(start: number): string {
  return Buffer.from(`at:${start}`).toString("base64url");
}

function fromCursor(cursor: string | null): number {
  const [, start = "0"] = /^at:(\d+)$/.exec(Buffer.from(cursor ?? "", "base64url").toString("utf8")) ?? [];
  return Number(start);
}
