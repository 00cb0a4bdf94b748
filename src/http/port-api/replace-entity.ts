import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { entityBody } from "./entity-schema.ts";
import { entityView } from "./entity-view.ts";
import { entityPath, writeQuery } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";
import { toUpdateOptions } from "./patch-entity.ts";

const route = createRoute({
  method: "put",
  path: "/v1/blueprints/{blueprint}/entities/{identifier}",
  tags: ["Entities"],
  summary: "Replace an entity",
  description: "What the body leaves out is unset.",
  request: { params: entityPath, query: writeQuery, body: jsonBody(entityBody) },
  responses: {
    200: success("The entity as it is now", { entity: entityView }),
    ...failures(400, 401, 403, 404, 413, 422),
  },
});

export const replaceEntity: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const options = toUpdateOptions(c.req.valid("query"));
    const entity = await catalog.replaceEntity(c.req.valid("param"), c.req.valid("json"), options, c.get("caller"));
    return c.json({ ok: true as const, entity }, 200);
  });
