import { parseJql } from "../../jql/parse-jql.ts";
import { toFieldName } from "../../jql/jql-fields.ts";
import type { JqlClause } from "../../jql/jql-query.ts";
import { JqlSyntaxError } from "../../jql/jql-syntax-error.ts";
import { empty, json, refuse, Refusal, type Answer } from "../server/answer.ts";
import { invalidPayload, isStrings, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import { maxDynamic, type AdminWebhook, type DynamicWebhook } from "../webhooks/webhook-registry.ts";
import { toUserKey } from "../site/people.ts";
import { takeSlice, toPageBean } from "./paging.ts";

const adminPath = "/rest/webhooks/1.0/webhook";
const filterKey = "issue-related-events-section";

/** Of administrators, by the old API that Data Center has too, and of apps. */
export const webhookRoutes: readonly Route[] = [
  {
    method: "GET",
    path: adminPath,
    handle: onAdmin((request, { webhooks }) =>
      json(webhooks.registry.listAdmin().map((one) => toAdminBody(request, one))),
    ),
  },
  {
    method: "POST",
    path: adminPath,
    handle: onAdmin((request, { webhooks }) => {
      const draft = readAdmin(request.body());
      return draft === undefined
        ? invalidPayload()
        : json(toAdminBody(request, webhooks.registry.addAdmin(draft)), 201);
    }),
  },
  {
    method: "GET",
    path: `${adminPath}/{id}`,
    handle: onAdmin((request, jira) => json(toAdminBody(request, findAdmin(request, jira)))),
  },
  {
    method: "PUT",
    path: `${adminPath}/{id}`,
    handle: onAdmin((request, jira) => {
      const webhook = findAdmin(request, jira);
      const changes = readAdmin({ ...toDraftBody(webhook), ...request.body() });
      if (changes === undefined) return invalidPayload();
      return json(toAdminBody(request, jira.webhooks.registry.replaceAdmin({ ...webhook, ...changes })));
    }),
  },
  {
    method: "DELETE",
    path: `${adminPath}/{id}`,
    handle: onAdmin((request, jira) => {
      jira.webhooks.registry.remove(findAdmin(request, jira).id);
      return empty(204);
    }),
  },
  {
    method: "GET",
    path: "/api/webhook",
    only: "cloud",
    scope: "manage:jira-webhook",
    handle: onApp((request, { webhooks }) =>
      json(toPageBean(request, takeSlice(request, webhooks.registry.listDynamic(), 100, 100), toDynamicBody)),
    ),
  },
  { method: "POST", path: "/api/webhook", only: "cloud", scope: "manage:jira-webhook", handle: onApp(registerDynamic) },
  {
    method: "DELETE",
    path: "/api/webhook",
    only: "cloud",
    scope: "manage:jira-webhook",
    handle: onApp((request, { webhooks }) => {
      for (const id of readIds(request)) webhooks.registry.remove(id);
      return empty(202);
    }),
  },
  {
    method: "PUT",
    path: "/api/webhook/refresh",
    only: "cloud",
    scope: "manage:jira-webhook",
    handle: onApp((request, { webhooks }) => json({ expirationDate: webhooks.registry.refresh(readIds(request)) })),
  },
  {
    method: "GET",
    path: "/api/webhook/failed",
    only: "cloud",
    handle: () => refuse(403, ["The caller isn't a Connect app."]),
  },
];

type Handle = (request: JiraRequest, jira: SimulatedJira) => Answer;

/** For administrators alone; a scoped token does not reach this API either. */
function onAdmin(handle: Handle): Handle {
  return (request, jira) => {
    const isAdmin = !jira.site.deniedPermissions.has("ADMINISTER");
    return isAdmin ? handle(request, jira) : refuse(403, ["You do not have permission to access webhooks."]);
  };
}

function onApp(handle: Handle): Handle {
  return (request, jira) =>
    request.caller.kind === "oauth"
      ? handle(request, jira)
      : refuse(403, ["Only Connect and OAuth 2.0 apps can use this operation."]);
}

function findAdmin(request: JiraRequest, { webhooks }: SimulatedJira): AdminWebhook {
  const webhook = webhooks.registry.listAdmin().find(({ id }) => String(id) === request.param("id"));
  if (webhook === undefined) throw new Refusal(refuse(404, [`No webhook with id ${request.param("id")} exists.`]));
  return webhook;
}

type Body = Readonly<Record<string, unknown>>;

function readAdmin(body: Body): Omit<AdminWebhook, "kind" | "id" | "updatedMs"> | undefined {
  const { name, url, events, filters, excludeBody = false, secret, enabled = true } = body;
  if (typeof name !== "string" || typeof url !== "string" || !isStrings(events) || !URL.canParse(url)) return undefined;
  const isObject = typeof filters === "object" && filters !== null;
  const jql = isObject && filterKey in filters ? filters[filterKey] : "";
  return {
    name,
    url,
    events,
    jql: typeof jql === "string" ? jql : "",
    excludeBody: excludeBody === true,
    secret: typeof secret === "string" && secret !== "" ? secret : undefined,
    isEnabled: enabled === true,
  };
}

function toDraftBody(webhook: AdminWebhook): Body {
  const { name, url, events, jql, excludeBody, secret, isEnabled } = webhook;
  return { name, url, events, filters: { [filterKey]: jql }, excludeBody, secret, enabled: isEnabled };
}

/** The secret never comes back; only whether there is one. */
function toAdminBody(request: JiraRequest, webhook: AdminWebhook): object {
  const { secret, ...rest } = toDraftBody(webhook);
  const { callerUser } = request.wire.site;
  return {
    ...rest,
    self: `${request.wire.baseUrl}${adminPath}/${webhook.id}`,
    lastUpdated: webhook.updatedMs,
    lastUpdatedUser: request.wire.isServer ? toUserKey(callerUser) : callerUser.accountId,
    lastUpdatedDisplayName: callerUser.displayName,
    isSigned: secret !== undefined,
  };
}

function toDynamicBody({ id, url, events, jql, fieldIds, expiresMs }: DynamicWebhook): object {
  return {
    id,
    url,
    jqlFilter: jql,
    ...(fieldIds.length === 0 ? {} : { fieldIdsFilter: fieldIds }),
    events,
    expirationDate: expiresMs,
  };
}

/** Each of the list stands for itself: the answer is 200 even if some, or all, were refused. */
function registerDynamic(request: JiraRequest, { webhooks: { registry } }: SimulatedJira): Answer {
  const { url, webhooks } = request.body();
  if (typeof url !== "string" || !URL.canParse(url) || !Array.isArray(webhooks)) return invalidPayload();
  const results = webhooks.map((draft: unknown) => {
    const {
      events,
      jqlFilter,
      fieldIdsFilter = [],
    } = typeof draft === "object" && draft !== null ? (draft as Body) : {};
    if (!isStrings(events) || !isStrings(fieldIdsFilter) || typeof jqlFilter !== "string") {
      return { errors: ["The webhook lacks its events or its jqlFilter."] };
    }
    const error = findFilterError(jqlFilter);
    if (error !== undefined) return { errors: [error] };
    const known = registry.listDynamic();
    if (known.some((one) => one.url !== url))
      return { errors: ["Only a single URL per app is allowed to be registered via REST API."] };
    if (known.length >= maxDynamic) return { errors: ["Maximum number of webhooks exceeded."] };
    return { createdWebhookId: registry.addDynamic({ url, events, jql: jqlFilter, fieldIds: fieldIdsFilter }).id };
  });
  return json({ webhookRegistrationResult: results });
}

const filterFields = new Set(["issuekey", "project", "issuetype", "status", "assignee", "reporter", "issue.property"]);
const filterOperators = new Set(["=", "!=", "in", "not in"]);

/** Filters of apps know few fields and operators. */
function findFilterError(jql: string): string | undefined {
  try {
    const { where } = parseJql(jql);
    return where === undefined ? "The jqlFilter is empty." : findClauseError(where);
  } catch (error) {
    if (error instanceof JqlSyntaxError) return error.message;
    throw error;
  }
}

function findClauseError(clause: JqlClause): string | undefined {
  switch (clause.type) {
    case "and":
    case "or":
      return clause.clauses.map(findClauseError).find((error) => error !== undefined);
    case "not":
      return findClauseError(clause.clause);
    case "was":
    case "changed":
      return `Clause ${clause.field.name} ${clause.type} is unsupported`;
    case "comparison": {
      const isField = filterFields.has(toFieldName(clause.field)) || clause.field.customFieldId !== undefined;
      if (!isField) return `Clause ${clause.field.name} is unsupported`;
      return filterOperators.has(clause.operator) ? undefined : `Operator '${clause.operator}' is unsupported`;
    }
  }
}

function readIds(request: JiraRequest): number[] {
  const { webhookIds } = request.body();
  if (!Array.isArray(webhookIds) || !webhookIds.every((id) => Number.isInteger(id)))
    throw new Refusal(invalidPayload());
  return webhookIds;
}
