import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintPath } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/blueprints/{blueprint}/entities-count",
  tags: ["Entities"],
  summary: "Count the entities of a blueprint",
  request: { params: blueprintPath },
  responses: { 200: success("How many there are", { count: z.int() }), ...failures(401, 404) },
});

export const countEntities: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const count = await catalog.countEntities(c.req.valid("param").blueprint);
    return c.json({ ok: true as const, count }, 200);
  });
