import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { failures, success } from "./responses.ts";

const organization = z.object({
  id: z.string(),
  name: z.string(),
  featureFlags: z.array(z.string()).openapi({ description: "None: every optional protocol of the clients is off" }),
  settings: z.object({ hiddenBlueprints: z.array(z.string()) }),
});

const route = createRoute({
  method: "get",
  path: "/v1/organization",
  tags: ["Organization"],
  summary: "Get the organization",
  responses: { 200: success("The only one there is", { organization }), ...failures(401) },
});

export const getOrganization: AddRoute = (app, { tokens }) =>
  app.openapi(route, (c) =>
    c.json(
      {
        ok: true as const,
        organization: {
          id: tokens.organizationId,
          name: "Quayside",
          featureFlags: [],
          settings: { hiddenBlueprints: [] },
        },
      },
      200,
    ),
  );
