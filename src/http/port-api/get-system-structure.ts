import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { systemStructure } from "./blueprint-schema.ts";
import { blueprintPath } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/blueprints/system/{blueprint}/structure",
  tags: ["Blueprints"],
  summary: "Get what a system blueprint always has",
  request: { params: blueprintPath },
  responses: {
    200: success("The blueprint without what was added to it", { blueprint: systemStructure }),
    ...failures(401, 404),
  },
});

export const getSystemStructure: AddRoute = (app, { catalog }) =>
  app.openapi(route, (c) => {
    const blueprint = catalog.getSystemStructure(c.req.valid("param").blueprint);
    return c.json({ ok: true as const, blueprint }, 200);
  });
