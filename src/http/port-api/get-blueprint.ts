import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintView } from "./blueprint-schema.ts";
import { blueprintPath } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/blueprints/{blueprint}",
  tags: ["Blueprints"],
  summary: "Get a blueprint",
  request: { params: blueprintPath },
  responses: { 200: success("The blueprint", { blueprint: blueprintView }), ...failures(401, 404) },
});

export const getBlueprint: AddRoute = (app, { catalog }) =>
  app.openapi(route, (c) => {
    const { blueprint } = c.req.valid("param");
    return c.json({ ok: true as const, blueprint: catalog.getBlueprint(blueprint) }, 200);
  });
