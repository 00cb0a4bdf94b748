import { JqlSyntaxError } from "../../jql/jql-syntax-error.ts";
import { parseJql } from "../../jql/parse-jql.ts";
import { JqlRefusal, toSyntaxMessage } from "../search/jql-refusal.ts";
import { json, refuse } from "../server/answer.ts";
import { invalidPayload, isStrings } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import { labels } from "../site/vocabulary.ts";
import { toUserBody } from "../wire/people-bodies.ts";
import { toFieldSchema } from "../wire/field-bodies.ts";
import { takeSlice, toPageBean } from "./paging.ts";

const groups = [
  { groupId: "276f955c-63d7-42c8-9520-92d01dca0625", name: "jira-administrators" },
  { groupId: "6e87dc72-4f1f-421f-9382-2fee8b652487", name: "jira-software-users" },
] as const;

/** What somebody who sets Jira up reads: fields, groups, filters, labels, settings, and the check of a query. */
export const administrationRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/configuration",
    scope: "read:jira-user",
    handle: () =>
      json({
        votingEnabled: true,
        watchingEnabled: true,
        unassignedIssuesAllowed: true,
        subTasksEnabled: true,
        issueLinkingEnabled: true,
        timeTrackingEnabled: true,
        attachmentsEnabled: true,
        timeTrackingConfiguration: {
          workingHoursPerDay: 8,
          workingDaysPerWeek: 5,
          timeFormat: "pretty",
          defaultUnit: "minute",
        },
      }),
  },
  {
    method: "GET",
    path: "/api/field/search",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request) => {
      const query = request.query.get("query")?.toLowerCase() ?? "";
      const types = request.list("type");
      const ids = request.list("id");
      const found = request.wire.fields.filter(
        (field) =>
          field.name.toLowerCase().includes(query) &&
          (types.length === 0 || types.includes(field.custom === undefined ? "system" : "custom")) &&
          (ids.length === 0 || ids.includes(field.id)),
      );
      const bean = toPageBean(request, takeSlice(request, found), (field) => ({
        id: field.id,
        name: field.name,
        schema: toFieldSchema(field),
        key: field.id,
      }));
      return json(bean);
    },
  },
  {
    method: "GET",
    path: "/api/group/bulk",
    only: "cloud",
    scope: "read:jira-user",
    handle: (request) => {
      const names = request.query.getAll("groupName");
      const found = groups.filter(({ name }) => names.length === 0 || names.includes(name));
      return json(toPageBean(request, takeSlice(request, found), ({ groupId, name }) => ({ name, groupId })));
    },
  },
  {
    method: "GET",
    path: "/api/group/member",
    scope: "manage:jira-configuration",
    handle: (request, { site }) => {
      const [id, groupName] = [request.query.get("groupId"), request.query.get("groupname")];
      const group = groups.find(({ groupId, name }) => groupId === id || name === groupName);
      if (group === undefined) return refuse(404, [`The group named '${groupName ?? id}' does not exist.`]);
      const members = site
        .membersOf(group.name)
        .filter((user) => user.isActive || request.flag("includeInactiveUsers"));
      return json(toPageBean(request, takeSlice(request, members), (user) => toUserBody(request.wire, user)));
    },
  },
  {
    method: "GET",
    path: "/api/filter/search",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, { site }) => {
      const boards = [...site.boards.boards.values()].filter((board) =>
        site.isVisible(site.projects[board.projectIndex]),
      );
      return json(
        toPageBean(request, takeSlice(request, boards), (board) => ({
          expand:
            "description,owner,jql,viewUrl,searchUrl,favourite,favouritedCount,sharePermissions,editPermissions,isWritable,subscriptions",
          self: request.wire.api(`/filter/${10000 + board.id}`),
          id: String(10000 + board.id),
          name: `Filter for ${board.name}`,
        })),
      );
    },
  },
  {
    method: "GET",
    path: "/api/auditing/record",
    scope: "manage:jira-configuration",
    handle: (request) =>
      json({ offset: request.number("offset", 0), limit: request.number("limit", 1000), total: 0, records: [] }),
  },
  {
    method: "GET",
    path: "/api/label",
    scope: "read:jira-work",
    handle: (request) => json(toPageBean(request, takeSlice(request, labels.toSorted(), 1000, 1000), (label) => label)),
  },
  {
    method: "POST",
    path: "/api/jql/parse",
    only: "cloud",
    scope: "read:jira-work",
    handle: (request, jira) => {
      const { queries, ...rest } = request.body();
      if (!isStrings(queries) || Object.keys(rest).length > 0) return invalidPayload();
      const validation = request.query.get("validation") ?? "strict";
      return json({ queries: queries.map((query) => toParsedQuery(query, validation, jira)) });
    },
  },
  {
    method: "POST",
    path: "/api/permissions/check",
    only: "cloud",
    handle: (request) => {
      const { projectPermissions = [], globalPermissions = [] } = request.body();
      if (!isStrings(globalPermissions) || !Array.isArray(projectPermissions)) return invalidPayload();
      return json({
        projectPermissions: projectPermissions.flatMap((grant) => toGrants(grant)),
        globalPermissions,
      });
    },
  },
];

/** Without the structure of the query: nobody here reads it. */
function toParsedQuery(query: string, validation: string, jira: SimulatedJira): object {
  try {
    parseJql(query);
    if (validation !== "none") jira.search.check(query);
    return { query, errors: [], warnings: [] };
  } catch (error) {
    if (error instanceof JqlSyntaxError) return { query, errors: [toSyntaxMessage(error)] };
    if (!(error instanceof JqlRefusal)) throw error;
    // A query of everything parses; only search refuses it.
    const messages = error.messages.filter((message) => !message.startsWith("Unbounded"));
    return validation === "warn" ? { query, warnings: messages } : { query, errors: messages };
  }
}

function toGrants(grant: unknown): object[] {
  if (typeof grant !== "object" || grant === null || !("permissions" in grant) || !isStrings(grant.permissions))
    return [];
  const toIds = (name: "projects" | "issues"): number[] => {
    const ids = name in grant ? (grant as Record<string, unknown>)[name] : [];
    return Array.isArray(ids) ? ids.map(Number) : [];
  };
  return grant.permissions.map((permission) => ({ permission, issues: toIds("issues"), projects: toIds("projects") }));
}
