import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { config, integrationPath, integrationView, toIntegrationView } from "./integration-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

const SKIP_RESYNC = "x-skip-resync";

const route = createRoute({
  method: "patch",
  path: "/v1/integration/{integration}/config",
  tags: ["Integrations"],
  summary: "Replace the mapping of an integration",
  description: `Asks it to resync, unless the header ${SKIP_RESYNC} is "true".`,
  request: { params: integrationPath, body: jsonBody(z.object({ config })) },
  responses: {
    200: success("The integration", { integration: integrationView }),
    ...failures(400, 401, 404, 413, 422),
  },
});

export const patchIntegrationConfig: AddRoute = (app, { integrations, tokens: { organizationId } }) =>
  app.openapi(route, async (c) => {
    const { integration: id } = c.req.valid("param");
    const changes = { config: c.req.valid("json").config };
    const asksResync = c.req.header(SKIP_RESYNC)?.toLowerCase() !== "true";
    const integration = await integrations.change(id, changes, c.get("caller"), { asksResync });
    const view = toIntegrationView(integration, { organizationId, requestUrl: c.req.url });
    return c.json({ ok: true as const, integration: view }, 200);
  });
