import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { entityView, toEntityViews, toReadOptions } from "./entity-view.ts";
import { blueprintPath, flag } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";
import { searchBody } from "./search-schema.ts";

const route = createRoute({
  method: "post",
  path: "/v1/blueprints/{blueprint}/entities/search",
  tags: ["Search"],
  summary: "Search the entities of a blueprint, page by page",
  request: {
    params: blueprintPath,
    query: z.object({ exclude_calculated_properties: flag, attach_title_to_relation: flag }),
    body: jsonBody(
      z.object({
        query: searchBody,
        include: z.array(z.string()).optional(),
        exclude: z.array(z.string()).optional(),
        limit: z.int().min(1).max(1000).default(200),
        from: z.string().nullish().openapi({ description: "The `next` of the page before" }),
      }),
    ),
  },
  responses: {
    200: success("A page of what matches", {
      entities: z.array(entityView).readonly(),
      next: z.string().nullable().openapi({ description: "Null on the last page" }),
    }),
    ...failures(400, 401, 404, 413, 422),
  },
});

export const searchBlueprint: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { blueprint } = c.req.valid("param");
    const { query, include, exclude, limit, from } = c.req.valid("json");
    const view = { ...c.req.valid("query"), include, exclude };
    const page = await catalog.search(query, { blueprint, limit, ...toReadOptions(view), ...(from && { from }) });
    const entities = await toEntityViews(page.entities, view, catalog);
    return c.json({ ok: true as const, entities, next: page.next ?? null }, 200);
  });
