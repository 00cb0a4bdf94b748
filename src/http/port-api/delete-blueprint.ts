import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintPath } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "delete",
  path: "/v1/blueprints/{blueprint}",
  tags: ["Blueprints"],
  summary: "Delete a blueprint that has no entities",
  request: { params: blueprintPath },
  responses: { 200: success("It is gone", {}), ...failures(401, 403, 404) },
});

export const deleteBlueprint: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    await catalog.deleteBlueprint(c.req.valid("param").blueprint, c.get("caller"));
    return c.json({ ok: true as const }, 200);
  });
