import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationView, toIntegrationView } from "./integration-schema.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/integration",
  tags: ["Integrations"],
  summary: "List all integrations",
  responses: { 200: success("All integrations", { integrations: z.array(integrationView) }), ...failures(401) },
});

export const listIntegrations: AddRoute = (app, { integrations, tokens: { organizationId } }) =>
  app.openapi(route, async (c) => {
    const all = await integrations.list();
    const views = all.map((each) => toIntegrationView(each, { organizationId, requestUrl: c.req.url }));
    return c.json({ ok: true as const, integrations: views }, 200);
  });
