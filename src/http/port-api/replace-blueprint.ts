import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintBody, blueprintView } from "./blueprint-schema.ts";
import { blueprintPath } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "put",
  path: "/v1/blueprints/{blueprint}",
  tags: ["Blueprints"],
  summary: "Replace a blueprint",
  description:
    "What the body leaves out is removed from the blueprint. Another identifier renames it: entities, relations and mirrors follow.",
  request: { params: blueprintPath, body: jsonBody(blueprintBody) },
  responses: {
    200: success("The blueprint as it is now", { blueprint: blueprintView }),
    ...failures(400, 401, 403, 404, 409, 413, 422),
  },
});

export const replaceBlueprint: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const identifier = c.req.valid("param").blueprint;
    const blueprint = await catalog.replaceBlueprint(
      identifier,
      { identifier, ...c.req.valid("json") },
      c.get("caller"),
    );
    return c.json({ ok: true as const, blueprint }, 200);
  });
