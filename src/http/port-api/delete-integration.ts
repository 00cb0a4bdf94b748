import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath } from "./integration-schema.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "delete",
  path: "/v1/integration/{integration}",
  tags: ["Integrations"],
  summary: "Remove an integration",
  description: "Its entities stay.",
  request: { params: integrationPath },
  responses: { 200: success("It is gone", {}), ...failures(401, 404) },
});

export const deleteIntegration: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    await integrations.remove(c.req.valid("param").integration);
    return c.json({ ok: true as const }, 200);
  });
