/** What becomes of an operation of Port's OpenAPI document here. */
export interface Standing {
  readonly standing: "planned" | "absent";
  readonly reason: string;
  /** `METHOD path`, as the document has them. */
  readonly operations: readonly string[];
}

const ACTIONS = "/v1/actions/{action_identifier}";
const RUNS = "/v1/actions/runs";
const OLD_ACTIONS = "/v1/blueprints/{blueprint_identifier}/actions";
const SCORECARDS = "/v1/blueprints/{blueprint_identifier}/scorecards";
const DISCOVERY = "/v1/ai/entities-auto-discovery";

/** Every operation that the server does not have. All others it has: see docs/api.md. */
export const NOT_SUPPORTED: readonly Standing[] = [
  {
    standing: "planned",
    reason: "self-service actions and their runs",
    operations: [
      ...["GET", "POST"].map((method) => `${method} /v1/actions`),
      ...["GET", "PUT", "DELETE"].map((method) => `${method} ${ACTIONS}`),
      `POST ${ACTIONS}/runs`,
      `GET ${RUNS}`,
      ...["GET", "PATCH"].map((method) => `${method} ${RUNS}/{run_id}`),
      `PATCH ${RUNS}/{run_id}/approval`,
      `GET ${RUNS}/{run_id}/approvers`,
      ...["GET", "POST"].map((method) => `${method} ${RUNS}/{run_id}/logs`),
      ...["GET", "PATCH"].map((method) => `${method} ${ACTIONS}/permissions`),
    ],
  },
  {
    standing: "planned",
    reason: "scorecards",
    operations: [
      ...["GET", "POST", "PUT"].map((method) => `${method} ${SCORECARDS}`),
      ...["GET", "PUT", "DELETE"].map((method) => `${method} ${SCORECARDS}/{scorecard_identifier}`),
      "GET /v1/scorecards",
    ],
  },
  {
    standing: "planned",
    reason: "people, teams and permissions; until then they are entities of _user and _team",
    operations: [
      ...["GET", "PATCH"].map((method) => `${method} /v1/blueprints/{blueprint_identifier}/permissions`),
      ...["GET", "POST"].map((method) => `${method} /v1/teams`),
      ...["GET", "PATCH", "PUT", "DELETE"].map((method) => `${method} /v1/teams/{name}`),
      "GET /v1/users",
      "POST /v1/users/invite",
      ...["GET", "PATCH", "DELETE"].map((method) => `${method} /v1/users/{user_email}`),
      "GET /v1/apps",
      ...["PUT", "DELETE"].map((method) => `${method} /v1/apps/{id}`),
      "POST /v1/apps/{id}/rotate-secret",
      "POST /v1/rotate-credentials/{user_email}",
    ],
  },
  {
    standing: "planned",
    reason: "webhooks as data sources",
    operations: [
      ...["GET", "POST"].map((method) => `${method} /v1/webhooks`),
      ...["GET", "PATCH", "PUT", "DELETE"].map((method) => `${method} /v1/webhooks/{identifier}`),
      "GET /v1/webhooks/metadata",
    ],
  },
  {
    standing: "planned",
    reason: "documents of pages, kept for clients",
    operations: [
      "GET /v1/pages",
      ...["GET", "DELETE"].map((method) => `${method} /v1/pages/{identifier}`),
      ...["PATCH", "DELETE"].map((method) => `${method} /v1/pages/{page_identifier}/widgets/{widget_id}`),
      ...["GET", "PATCH"].map((method) => `${method} /v1/pages/{page_identifier}/permissions`),
    ],
  },
  {
    standing: "absent",
    reason: "the older form of actions, which no client uses",
    operations: [
      ...["GET", "POST", "PUT"].map((method) => `${method} ${OLD_ACTIONS}`),
      ...["GET", "PUT", "DELETE"].map((method) => `${method} ${OLD_ACTIONS}/{action_identifier}`),
    ],
  },
  {
    standing: "absent",
    reason: "there is one organization, which has its settings in its configuration",
    operations: [
      ...["PATCH", "PUT"].map((method) => `${method} /v1/organization`),
      ...["GET", "POST"].map((method) => `${method} /v1/organization/secrets`),
      ...["GET", "PATCH", "DELETE"].map((method) => `${method} /v1/organization/secrets/{secret_name}`),
    ],
  },
  {
    standing: "absent",
    reason: "no language models",
    operations: [
      ...["GET", "DELETE"].map((method) => `${method} /v1/memory`),
      "DELETE /v1/memory/users",
      ...["GET", "PUT"].map((method) => `${method} /v1/memory/settings`),
      "GET /v1/quota/ai-invocations",
      ...["GET", "POST"].map((method) => `${method} /v1/llm-providers`),
      ...["GET", "PUT"].map((method) => `${method} /v1/llm-providers/defaults`),
      ...["GET", "PUT", "DELETE"].map((method) => `${method} /v1/llm-providers/{provider}`),
      "POST /v1/ai/invoke",
      "GET /v1/ai/invoke/{invocation_identifier}",
      "POST /v1/agent/{agentIdentifier}/invoke",
      `POST ${DISCOVERY}`,
      `POST ${DISCOVERY}/{invocation_id}/review`,
      `GET ${DISCOVERY}/{invocation_id}/suggestions`,
      `PATCH ${DISCOVERY}/{invocation_id}/suggestions/{entity_identifier}`,
      `GET ${DISCOVERY}/blueprint/{blueprint_identifier}/latest`,
    ],
  },
];

/** A path whatever its parameters are called. */
export function toShape(operation: string): string {
  return operation.replaceAll(/\{[^}]*\}/g, "{}");
}
