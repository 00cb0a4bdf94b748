import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath, jsonObject } from "./integration-schema.ts";
import { toLogRecord } from "./log-record.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/integration/{integration}/ingest/logs",
  tags: ["Integrations"],
  summary: "Keep what an integration logs",
  description: "The newest 10000 records are kept.",
  request: {
    params: integrationPath,
    body: jsonBody(z.looseObject({ logs: z.array(jsonObject).max(1000) })),
  },
  responses: { 200: success("They are kept", {}), ...failures(400, 401, 404, 413, 422) },
});

export const ingestLogs: AddRoute = (app, { integrations, clock }) =>
  app.openapi(route, async (c) => {
    const records = c.req.valid("json").logs.map((sent) => toLogRecord(sent, clock.now()));
    await integrations.addLogs(c.req.valid("param").integration, records);
    return c.json({ ok: true as const }, 200);
  });
