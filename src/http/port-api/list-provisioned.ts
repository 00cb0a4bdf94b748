import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/integration/provision-enabled",
  tags: ["Integrations"],
  summary: "List the types that the server makes blueprints for",
  responses: {
    200: success("None: integrations bring their own", { integrations: z.array(z.string()) }),
    ...failures(401),
  },
});

export const listProvisioned: AddRoute = (app) =>
  app.openapi(route, (c) => c.json({ ok: true as const, integrations: [] }, 200));
