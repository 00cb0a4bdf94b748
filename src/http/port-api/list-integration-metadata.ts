import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { failures, success } from "./responses.ts";

const metadata = z.object({
  identifier: z.string(),
  installationId: z.string(),
  integrationType: z.string(),
  title: z.string().nullable(),
  updatedAt: z.string(),
});

const route = createRoute({
  method: "get",
  path: "/v1/integration/metadata",
  tags: ["Integrations"],
  summary: "List what everybody may know of the integrations",
  responses: { 200: success("All integrations", { integrations: z.array(metadata) }), ...failures(401) },
});

export const listIntegrationMetadata: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    const all = await integrations.list();
    const shown = all.map(({ installationId, installationAppType, title, updatedAt }) => {
      return { identifier: installationId, installationId, integrationType: installationAppType, title, updatedAt };
    });
    return c.json({ ok: true as const, integrations: shown }, 200);
  });
