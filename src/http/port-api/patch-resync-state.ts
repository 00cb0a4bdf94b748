import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath, integrationView, jsonObject, toIntegrationView } from "./integration-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "patch",
  path: "/v1/integration/{integration}/resync-state",
  tags: ["Integrations"],
  summary: "Report the state of a resync",
  request: { params: integrationPath, body: jsonBody(jsonObject) },
  responses: {
    200: success("The integration", { integration: integrationView }),
    ...failures(400, 401, 404, 413, 422),
  },
});

export const patchResyncState: AddRoute = (app, { integrations, tokens: { organizationId } }) =>
  app.openapi(route, async (c) => {
    const { integration: id } = c.req.valid("param");
    const integration = await integrations.reportState(id, c.req.valid("json"), c.get("caller"));
    const view = toIntegrationView(integration, { organizationId, requestUrl: c.req.url });
    return c.json({ ok: true as const, integration: view }, 200);
  });
