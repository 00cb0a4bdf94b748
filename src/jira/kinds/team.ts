import { isJsonObject, type JsonObject } from "../../model/json.ts";
import type { RawObject } from "../../model/raw-object.ts";
import { must, NotAllowedError, NotFoundError, UpstreamError } from "../../runtime/errors.ts";
import { Gaps } from "../incomplete-read-error.ts";
import type { JiraSession } from "../jira-session.ts";
import type { Kind } from "../kind.ts";
import { mapInOrder } from "../map-in-order.ts";
import { walkCursors } from "../paging/cursor-walk.ts";
import { scanPage, type ScannedElement } from "../scan-elements.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

const TEAMS = "/gateway/api/public/teams/v1/org/{organizationId}/teams";
const ID = "teamId";
const TEAMS_PER_PAGE = 100;
const MEMBERS_PER_PAGE = 50;
const PARALLEL_TEAMS = 8;

export interface TeamSelector {
  readonly includeMembers: boolean;
}

/** Atlassian teams of the organisation, on request with `__members`. They are not part of Jira, but of the site. */
export const teamKind: Kind<TeamSelector> = {
  name: "team",
  changes: { since: "none", events: [] },

  parseSelector(selector) {
    const reader = new SelectorReader("team", selector);
    const includeMembers = reader.boolean("includeMembers", false);
    reader.finish();
    return { includeMembers };
  },

  async *read(session, selector, options) {
    const { client, organizationId } = session;
    if (organizationId === undefined) {
      session.services.logger.warn(
        { kind: "team" },
        "teams are left out: set OCEAN__INTEGRATION__CONFIG__ATLASSIAN_ORGANIZATION_ID to read them",
      );
      return;
    }
    assertReachable(session);
    const gaps = new Gaps("team");
    const read = async (element: ScannedElement, signal: AbortSignal): Promise<RawObject | undefined> => {
      try {
        return await toTeam(session, element, selector, signal);
      } catch (error) {
        // A team that was deleted since it was listed is no gap.
        if (!(error instanceof NotFoundError)) gaps.add(`the members of team ${element.members[ID]}`, error);
        return undefined;
      }
    };
    const readPage = async (cursor: string | undefined) => {
      const request = {
        parameters: { organizationId },
        query: { size: TEAMS_PER_PAGE, cursor },
        idempotent: true,
        signal: options.signal,
      };
      try {
        return await client.request("GET", TEAMS, request, toTeamPage);
      } catch (cause) {
        if (cause instanceof NotFoundError) throw toUnknownOrganization(organizationId, cause);
        throw cause;
      }
    };
    for await (const { elements } of walkCursors(client.baseUrl + TEAMS, readPage)) {
      const teams: RawObject[] = [];
      const limits = { concurrency: PARALLEL_TEAMS, signal: options.signal };
      for await (const team of mapInOrder(elements, limits, read)) if (team) teams.push(team);
      yield toPage(teams, options);
    }
    gaps.throwIfAny();
  },
};

async function toTeam(
  session: JiraSession,
  element: ScannedElement,
  { includeMembers }: TeamSelector,
  signal: AbortSignal,
): Promise<RawObject> {
  if (!includeMembers) return toRawObject(element, { kind: "team", idMember: ID });
  const __members = await listMembers(session, element.members[ID] ?? "", signal);
  return toRawObject(element, { kind: "team", idMember: ID, enrichment: { __members } });
}

async function listMembers(session: JiraSession, teamId: string, signal: AbortSignal): Promise<readonly JsonObject[]> {
  const path = `${TEAMS}/{teamId}/members`;
  const organizationId = must(session.organizationId, "teams are read only where there is an organisation");
  const readPage = async (after: string | undefined) => {
    const answer = await session.client.postJson(path, {
      parameters: { organizationId, teamId },
      body: { first: MEMBERS_PER_PAGE, ...(after !== undefined && { after }) },
      idempotent: true,
      signal,
    });
    if (!isJsonObject(answer) || !Array.isArray(answer["results"])) {
      throw new UpstreamError(`Jira sent no members of team ${teamId}`, { method: "POST", url: path, status: 200 });
    }
    const { results, pageInfo } = answer;
    const hasNext = isJsonObject(pageInfo) && pageInfo["hasNextPage"] === true;
    const end = hasNext ? pageInfo["endCursor"] : undefined;
    return { members: results.filter(isJsonObject), next: typeof end === "string" ? end : undefined };
  };
  const all: JsonObject[] = [];
  for await (const { members } of walkCursors(session.client.baseUrl + path, readPage)) all.push(...members);
  return all;
}

function toTeamPage(bytes: Buffer): { elements: readonly ScannedElement[]; next: string | undefined } {
  const { elements, facts } = scanPage(bytes, ["entities"], [ID]);
  const { cursor } = facts;
  const hasNext = elements.length > 0 && typeof cursor === "string" && cursor !== "";
  return { elements, next: hasNext ? cursor : undefined };
}

/** Atlassian offers teams on the site alone, and to unscoped tokens alone. */
function assertReachable(session: JiraSession): void {
  if (session.selfRewrite === undefined) return;
  throw new NotAllowedError(
    "Teams cannot be read through api.atlassian.com: set OCEAN__INTEGRATION__CONFIG__JIRA_HOST to the site's own address and use an API token without scopes, or remove the kind team from the mapping",
  );
}

function toUnknownOrganization(organizationId: string, cause: NotFoundError): NotFoundError {
  return new NotFoundError(
    `Atlassian knows no organisation "${organizationId}" that the account belongs to: check OCEAN__INTEGRATION__CONFIG__ATLASSIAN_ORGANIZATION_ID`,
    { cause },
  );
}
