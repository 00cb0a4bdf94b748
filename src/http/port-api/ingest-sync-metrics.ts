import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath, jsonObject } from "./integration-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";
import { syncMetric, toSyncMetric } from "./sync-metric.ts";

const several = createRoute({
  method: "post",
  path: "/v1/integration/{integration}/ingest/syncMetrics",
  tags: ["Integrations"],
  summary: "Keep what an integration measures of the kinds of a sync",
  description: "The newest 50 syncs are kept.",
  request: {
    params: integrationPath,
    body: jsonBody(z.looseObject({ syncKindsMetrics: z.array(syncMetric).max(1000) })),
  },
  responses: { 200: success("They are kept", {}), ...failures(400, 401, 404, 413, 422) },
});

const one = createRoute({
  method: "put",
  path: "/v1/integration/{integration}/ingest/syncMetrics/resync/{resync}/kind/{kind}",
  tags: ["Integrations"],
  summary: "Keep what an integration measures of one kind of a sync",
  request: {
    params: integrationPath.extend({ resync: z.string(), kind: z.string() }),
    body: jsonBody(z.looseObject({ syncKindMetrics: jsonObject })),
  },
  responses: { 200: success("They are kept", {}), ...failures(400, 401, 404, 413, 422) },
});

export const ingestSyncMetrics: AddRoute = (app, { integrations }) => {
  app.openapi(several, async (c) => {
    const metrics = c.req.valid("json").syncKindsMetrics.map(toSyncMetric);
    await integrations.putMetrics(c.req.valid("param").integration, metrics);
    return c.json({ ok: true as const }, 200);
  });
  app.openapi(one, async (c) => {
    const { integration, resync: eventId, kind: kindIdentifier } = c.req.valid("param");
    const metric = toSyncMetric({ ...c.req.valid("json").syncKindMetrics, eventId, kindIdentifier });
    await integrations.putMetrics(integration, [metric]);
    return c.json({ ok: true as const }, 200);
  });
};
