import { empty, json, refuse } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import { linkTypes } from "../site/workflow.ts";
import { toLinkTypeBody } from "../wire/workflow-bodies.ts";
import { noIssue } from "./issue-routes.ts";
import { onIssue } from "./issue-write-routes.ts";

const scope = "write:jira-work";

/** Links between issues, links to elsewhere, and the properties that programs keep on an issue. */
export const linkRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/issueLink",
    scope,
    handle: (request, jira) => {
      const { type, inwardIssue, outwardIssue } = request.body();
      const { id, name } = toParts(type);
      const typeIndex = linkTypes.findIndex((one) => (id === undefined ? one.name === name : one.id === id));
      if (typeIndex < 0)
        return refuse(404, [`No issue link type with ${id === undefined ? "name" : "id"} '${name ?? id}' found.`]);
      // The names mislead: "A blocks B" has A as its inward issue.
      const [source, destination] = [inwardIssue, outwardIssue].map((end) => {
        const parts = toParts(end);
        return jira.findVisibleIssue(request, parts.key ?? parts.id ?? "");
      });
      if (source === undefined || destination === undefined) return noIssue();
      const link = jira.site.links.add(typeIndex, source.n, destination.n);
      if (link !== undefined) jira.site.emit({ type: "issuelink_created", actorIndex: request.actorIndex, link });
      return empty(201);
    },
  },
  {
    method: "GET",
    path: "/api/issueLink/{linkId}",
    scope: "read:jira-work",
    handle: (request, { site }) => {
      const link = site.links.find(request.param("linkId"));
      const type = link && linkTypes[link.typeIndex];
      const [source, destination] = [link?.source, link?.destination].map((n) =>
        n === undefined ? undefined : site.issues.find(n),
      );
      if (link === undefined || type === undefined || source === undefined || destination === undefined)
        return noLink(request);
      return json({
        id: link.id,
        self: request.wire.api(`/issueLink/${link.id}`),
        type: toLinkTypeBody(request.wire, type),
        inwardIssue: JSON.parse(Buffer.from(request.renderer.renderReference(source), "latin1").toString("utf8")),
        outwardIssue: JSON.parse(Buffer.from(request.renderer.renderReference(destination), "latin1").toString("utf8")),
      });
    },
  },
  {
    method: "DELETE",
    path: "/api/issueLink/{linkId}",
    scope,
    handle: (request, { site }) => {
      const link = site.links.find(request.param("linkId"));
      if (link === undefined) return noLink(request);
      site.links.remove(link);
      site.emit({ type: "issuelink_deleted", actorIndex: request.actorIndex, link });
      return empty(200);
    },
  },
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/remotelink",
    scope: "read:jira-work",
    handle: onIssue((request, issue, jira) => {
      const globalId = request.query.get("globalId");
      const links = jira.remoteLinksOf(issue.n).filter((link) => globalId === null || link.globalId === globalId);
      return json(links.map((link) => ({ ...link, self: toRemoteSelf(request, link.id) })));
    }),
  },
  {
    method: "POST",
    path: "/api/issue/{issueIdOrKey}/remotelink",
    scope,
    handle: onIssue((request, issue, jira) => {
      const { globalId, object } = request.body();
      const { url, title } = toParts(object);
      if (url === undefined || title === undefined)
        return refuse(400, [], { title: "'title' is required.", url: "'url' is required." });
      const { id, isNew } = jira.putRemoteLink(issue.n, typeof globalId === "string" ? globalId : undefined, {
        url,
        title,
      });
      return json({ id, self: toRemoteSelf(request, id) }, isNew ? 201 : 200);
    }),
  },
  {
    method: "GET",
    path: "/api/issue/{issueIdOrKey}/properties/{propertyKey}",
    scope: "read:jira-work",
    handle: onIssue((request, issue, jira) => {
      const key = request.param("propertyKey");
      const value = jira.propertiesOf(issue.n).get(key);
      return value === undefined ? refuse(404, [`The property ${key} does not exist.`]) : json({ key, value });
    }),
  },
  {
    method: "PUT",
    path: "/api/issue/{issueIdOrKey}/properties/{propertyKey}",
    scope,
    handle: onIssue((request, issue, jira) => {
      const properties = jira.propertiesOf(issue.n);
      const isNew = !properties.has(request.param("propertyKey"));
      properties.set(request.param("propertyKey"), request.json());
      return empty(isNew ? 201 : 200);
    }),
  },
];

function noLink(request: JiraRequest): ReturnType<typeof refuse> {
  return refuse(404, [`No issue link with id '${request.param("linkId")}' exists.`]);
}

function toRemoteSelf(request: JiraRequest, id: number): string {
  return request.wire.api(`/issue/${request.param("issueIdOrKey")}/remotelink/${id}`);
}

/** The texts of an object in the body. */
function toParts(value: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, part]) => typeof part === "string"));
}
