import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintView } from "./blueprint-schema.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/blueprints",
  tags: ["Blueprints"],
  summary: "List all blueprints",
  responses: { 200: success("All blueprints", { blueprints: z.array(blueprintView).readonly() }), ...failures(401) },
});

export const listBlueprints: AddRoute = (app, { catalog }) =>
  app.openapi(route, (c) => c.json({ ok: true as const, blueprints: catalog.listBlueprints() }, 200));
