import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationBody, integrationView, toChanges, toIntegrationView } from "./integration-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/integration",
  tags: ["Integrations"],
  summary: "Register an integration",
  description: "It is asked to resync at once: see its resync request.",
  request: { body: jsonBody(integrationBody) },
  responses: {
    201: success("The integration", { integration: integrationView }),
    ...failures(400, 401, 409, 413, 422),
  },
});

export const createIntegration: AddRoute = (app, { integrations, tokens: { organizationId } }) =>
  app.openapi(route, async (c) => {
    const { installationId, installationAppType } = c.req.valid("json");
    const input = { ...toChanges(c.req.valid("json")), installationId, installationAppType };
    const integration = await integrations.create(input, c.get("caller"));
    const view = toIntegrationView(integration, { organizationId, requestUrl: c.req.url });
    return c.json({ ok: true as const, integration: view }, 201);
  });
