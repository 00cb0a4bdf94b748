import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintBody, blueprintView } from "./blueprint-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/blueprints",
  tags: ["Blueprints"],
  summary: "Create a blueprint",
  request: { body: jsonBody(blueprintBody) },
  responses: {
    201: success("The blueprint as created", { blueprint: blueprintView }),
    ...failures(400, 401, 403, 404, 409, 413, 422),
  },
});

export const createBlueprint: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const blueprint = await catalog.createBlueprint(c.req.valid("json"), c.get("caller"));
    return c.json({ ok: true as const, blueprint }, 201);
  });
