import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { failures, success } from "./responses.ts";
import { syncMetricView, toSyncMetricView } from "./sync-metric.ts";

const route = createRoute({
  method: "get",
  path: "/v1/integration/{internal}/syncMetrics",
  tags: ["Integrations"],
  summary: "List what an integration has measured of a sync, kind by kind",
  request: {
    params: z.object({ internal: z.string().openapi({ description: "The `_id` of the integration" }) }),
    query: z.object({ resyncId: z.string().optional().openapi({ description: "The last sync unless said" }) }),
  },
  responses: {
    200: success("By kind", { count: z.int(), data: z.array(syncMetricView) }),
    ...failures(401, 404),
  },
});

export const listSyncMetrics: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    const integration = await integrations.getById(c.req.valid("param").internal);
    const stored = await integrations.listMetrics(integration.installationId, c.req.valid("query").resyncId);
    const data = stored.map((each) => toSyncMetricView(each, integration));
    return c.json({ ok: true as const, count: data.length, data }, 200);
  });
