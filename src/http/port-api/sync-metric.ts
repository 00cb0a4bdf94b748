import { z } from "@hono/zod-openapi";
import type { Integration } from "../../catalog/integrations.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { toTimestamp } from "../../runtime/clock.ts";
import type { StoredMetric, SyncMetric } from "../../store/telemetry-store.ts";

/** What an integration measured of one kind of a sync, as it sends it. */
export const syncMetric = z
  .looseObject({ eventId: z.string().max(100), kindIdentifier: z.string().max(200) })
  .openapi("SyncMetricInput");

type SentMetric = JsonObject & z.infer<typeof syncMetric>;

export function toSyncMetric(sent: z.infer<typeof syncMetric>): SyncMetric {
  const document = sent as SentMetric; // it came from JSON
  const { eventId, kindIdentifier } = document;
  return { eventId, kindIdentifier, state: toText(document["syncState"]), document };
}

const text = z.string();

export const syncMetricView = z
  .object({
    integrationType: text,
    integrationIdentifier: text,
    integrationVersion: text,
    oceanVersion: text,
    kindIdentifier: text,
    kind: text,
    kindIndex: z.number().optional(),
    eventId: text,
    syncState: text,
    blueprint: text.optional(),
    metrics: z.custom<JsonObject>().openapi({ type: "object" }),
    createdAt: text,
    updatedAt: text,
  })
  .openapi("SyncMetric");

/** With every key that Port's clients read; what the integration did not say is made up for. */
export function toSyncMetricView(stored: StoredMetric, integration: Integration): z.infer<typeof syncMetricView> {
  const { document, eventId, kindIdentifier, state } = stored;
  const { kindIndex, blueprint, metrics } = document;
  return {
    integrationType: toText(document["integrationType"] ?? integration.installationAppType),
    integrationIdentifier: toText(document["integrationIdentifier"] ?? integration.installationId),
    integrationVersion: toText(document["integrationVersion"] ?? integration.version),
    oceanVersion: toText(document["oceanVersion"]),
    kindIdentifier,
    kind: toText(document["kind"] ?? kindIdentifier.replace(/-\d+$/, "")),
    ...(typeof kindIndex === "number" && { kindIndex }),
    eventId,
    syncState: state,
    ...(typeof blueprint === "string" && { blueprint }),
    metrics: isJsonObject(metrics) && isJsonObject(metrics["phase"]) ? metrics : { phase: {} },
    createdAt: toTimestamp(stored.createdAtMs),
    updatedAt: toTimestamp(stored.updatedAtMs),
  };
}

function toText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
