import { createRoute } from "@hono/zod-openapi";
import { must } from "../../runtime/errors.ts";
import type { AddRoute } from "../services.ts";
import { entityView, toEntityViews, toReadOptions } from "./entity-view.ts";
import { entityPath, readQuery } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/blueprints/{blueprint}/entities/{identifier}",
  tags: ["Entities"],
  summary: "Get an entity",
  request: { params: entityPath, query: readQuery },
  responses: { 200: success("The entity", { entity: entityView }), ...failures(401, 404) },
});

export const getEntity: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const found = await catalog.getEntity(c.req.valid("param"), toReadOptions(query));
    const [view] = await toEntityViews([found], query, catalog);
    return c.json({ ok: true as const, entity: must(view, "one entity gives one view") }, 200);
  });
