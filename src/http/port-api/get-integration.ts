import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath, integrationView, toIntegrationView } from "./integration-schema.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/integration/{integration}",
  tags: ["Integrations"],
  summary: "Get an integration with its mapping",
  request: { params: integrationPath },
  responses: { 200: success("The integration", { integration: integrationView }), ...failures(401, 404) },
});

export const getIntegration: AddRoute = (app, { integrations, tokens: { organizationId } }) =>
  app.openapi(route, async (c) => {
    const integration = await integrations.get(c.req.valid("param").integration);
    const view = toIntegrationView(integration, { organizationId, requestUrl: c.req.url });
    return c.json({ ok: true as const, integration: view }, 200);
  });
