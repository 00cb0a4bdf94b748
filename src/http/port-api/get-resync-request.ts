import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath } from "./integration-schema.ts";
import { failures, success } from "./responses.ts";

const request = z.object({ id: z.string(), updatedAt: z.string() });

const route = createRoute({
  method: "get",
  path: "/v1/integration/{integration}/resync-request",
  tags: ["Integrations"],
  summary: "See when the last resync was asked for",
  request: { params: integrationPath },
  responses: { 200: success("The newest request", { request }), ...failures(401, 404) },
});

export const getResyncRequest: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    const { resyncRequest } = await integrations.get(c.req.valid("param").integration);
    return c.json({ ok: true as const, request: resyncRequest }, 200);
  });
