import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath, integrationView, toIntegrationView } from "./integration-schema.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/integration/{integration}",
  tags: ["Integrations"],
  summary: "Get an integration with its mapping",
  description: "`byField=logIngestId` looks for the address of its logs instead of its installationId.",
  request: {
    params: integrationPath,
    query: z.object({ byField: z.enum(["installationId", "logIngestId"]).default("installationId") }),
  },
  responses: { 200: success("The integration", { integration: integrationView }), ...failures(401, 404, 422) },
});

export const getIntegration: AddRoute = (app, { integrations, tokens: { organizationId } }) =>
  app.openapi(route, async (c) => {
    const { integration: name } = c.req.valid("param");
    const isById = c.req.valid("query").byField === "logIngestId";
    const integration = await (isById ? integrations.getById(name) : integrations.get(name));
    const view = toIntegrationView(integration, { organizationId, requestUrl: c.req.url });
    return c.json({ ok: true as const, integration: view }, 200);
  });
