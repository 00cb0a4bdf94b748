import { z } from "@hono/zod-openapi";
import type { Integration, IntegrationChanges } from "../../catalog/integrations.ts";
import { isJsonObject, type JsonObject } from "../../model/json.ts";

export const integrationPath = z.object({
  integration: z.string().openapi({ description: "The installationId, percent-encoded", example: "my-jira" }),
});

export const jsonObject = z.custom<JsonObject>(isJsonObject, "must be an object").openapi({ type: "object" });

export const config = z
  .union([jsonObject, z.string()], "must be an object, or a text of YAML")
  .nullable()
  .openapi({
    type: ["object", "string", "null"],
    description: "The mapping, also as YAML; one of Jira is refused when the sync could not read it",
  });

const changes = {
  title: z.string().nullable().exactOptional(),
  installationAppType: z.string().exactOptional(),
  version: z.string().exactOptional(),
  config: config.exactOptional(),
};

/** Other keys are kept and shown again: integrations use a few flags. */
export const integrationChanges = z.looseObject(changes).openapi("IntegrationChanges");

export const integrationBody = z
  .looseObject({ ...changes, installationId: z.string().min(1).max(100), installationAppType: z.string() })
  .openapi("IntegrationInput");

/** What the server tells and no client can set. */
const SERVER_KEYS: readonly string[] = `_id _orgId identifier integrationType installationType installationId clientId
resyncState resyncRequest statusInfo logAttributes metricAttributes ingestAttributes
createdAt createdBy updatedAt updatedBy`.split(/\s/);

export function toChanges(
  body: z.infer<typeof integrationChanges>,
): IntegrationChanges & { readonly extra: JsonObject } {
  const extra = Object.entries(body).filter(([key]) => !Object.hasOwn(changes, key) && !SERVER_KEYS.includes(key));
  const { title, installationAppType, version, config } = body;
  return {
    ...(title !== undefined && { title }),
    ...(installationAppType !== undefined && { installationAppType }),
    ...(version !== undefined && { version }),
    ...(config !== undefined && { config }),
    extra: Object.fromEntries(extra) as JsonObject, // it came from JSON
  };
}

const TEXT = { type: "string" } as const;

export const integrationView = z.custom<JsonObject>().openapi("Integration", {
  type: "object",
  properties: {
    installationId: TEXT,
    installationAppType: TEXT,
    title: { type: ["string", "null"] },
    version: TEXT,
    config: { type: ["object", "null"] },
    resyncState: { type: ["object", "null"] },
    createdAt: { ...TEXT, format: "date-time" },
    updatedAt: { ...TEXT, format: "date-time" },
  },
});

/** An integration as Port's clients read it; the addresses for logs and metrics lead back to this server. */
export function toIntegrationView(
  integration: Integration,
  context: { readonly organizationId: string; readonly requestUrl: string },
): JsonObject {
  const { extra, resyncRequest: _, config, ...own } = integration;
  const { origin } = new URL(context.requestUrl);
  const ingestUrl = `${origin}/v1/integration/${encodeURIComponent(own.installationId)}/ingest`;
  return {
    changelogDestination: {},
    actionsProcessingEnabled: false,
    incrementalSyncEnabled: false,
    arePortResourcesInitialized: false,
    ...extra,
    ...own,
    config: config ?? {},
    _orgId: context.organizationId,
    identifier: own.installationId,
    integrationType: own.installationAppType,
    installationType: "OnPrem",
    logAttributes: { ingestId: own._id, ingestUrl: `${ingestUrl}/logs` },
    metricAttributes: { ingestUrl },
    ingestAttributes: { ingestUrl },
  };
}
