import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { entityView } from "./entity-view.ts";
import { failures, jsonBody, success } from "./responses.ts";

const PAGE_SIZE = 1000;

const route = createRoute({
  method: "post",
  path: "/v1/blueprints/entities/datasource-entities",
  tags: ["Search"],
  summary: "List what a data source has written, page by page",
  request: {
    body: jsonBody(
      z.object({
        datasource_prefix: z.string(),
        datasource_suffix: z.string(),
        limit: z
          .int()
          .min(1)
          .openapi({ description: `Pages hold ${PAGE_SIZE} at most` })
          .default(PAGE_SIZE),
        before: z.iso
          .datetime({ offset: true })
          .nullish()
          .openapi({ description: "Only what was last written before this time" }),
        from: z.string().nullish().openapi({ description: "The `next` of the page before" }),
      }),
    ),
  },
  responses: {
    200: success("A page of entities", { entities: z.array(entityView).readonly(), next: z.string().nullable() }),
    ...failures(400, 401, 413, 422),
  },
});

export const searchDataSource: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { datasource_prefix, datasource_suffix, limit, before, from } = c.req.valid("json");
    const rules = [
      { property: "$datasource", operator: "beginsWith", value: datasource_prefix },
      { property: "$datasource", operator: "endsWith", value: datasource_suffix },
      ...(before ? [{ property: "$updatedAt", operator: "<", value: new Date(before).toISOString() }] : []),
    ];
    const page = await catalog.search(
      { combinator: "and", rules },
      { limit: Math.min(limit, PAGE_SIZE), ...(from && { from }) },
    );
    return c.json({ ok: true as const, entities: page.entities, next: page.next ?? null }, 200);
  });
