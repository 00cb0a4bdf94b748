import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { entityView, toEntityViews, toReadOptions } from "./entity-view.ts";
import { blueprintPath, readQuery } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/blueprints/{blueprint}/entities",
  tags: ["Entities"],
  summary: "List all entities of a blueprint",
  description: "In one answer. For many entities use the search, which has pages.",
  request: { params: blueprintPath, query: readQuery },
  responses: { 200: success("All entities", { entities: z.array(entityView).readonly() }), ...failures(401, 404) },
});

export const listEntities: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const found = await catalog.listEntities(c.req.valid("param").blueprint, toReadOptions(query));
    return c.json({ ok: true as const, entities: await toEntityViews(found, query, catalog) }, 200);
  });
