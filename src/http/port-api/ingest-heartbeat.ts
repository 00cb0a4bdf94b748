import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath, jsonObject } from "./integration-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/integration/{integration}/ingest/heartbeat",
  tags: ["Integrations"],
  summary: "Hear that an integration is alive",
  description: "Nothing is kept of it: the metrics of a sync tell when they last changed.",
  request: { params: integrationPath, body: jsonBody(jsonObject) },
  responses: { 200: success("Heard", {}), ...failures(400, 401, 404, 413, 422) },
});

export const ingestHeartbeat: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    await integrations.get(c.req.valid("param").integration);
    return c.json({ ok: true as const }, 200);
  });
