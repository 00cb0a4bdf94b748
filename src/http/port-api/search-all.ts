import { createRoute, z } from "@hono/zod-openapi";
import type { Catalog } from "../../catalog/catalog.ts";
import type { ReadOptions } from "../../catalog/read-form.ts";
import type { Entity } from "../../model/entity.ts";
import type { AddRoute } from "../services.ts";
import { entityView, toEntityViews, toReadOptions } from "./entity-view.ts";
import { readQuery } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";
import { searchBody } from "./search-schema.ts";

const PAGE_SIZE = 1000;

const route = createRoute({
  method: "post",
  path: "/v1/entities/search",
  tags: ["Search"],
  summary: "Search the entities of all blueprints",
  description: "Gives all that match in one answer. The search within a blueprint has pages.",
  request: { query: readQuery, body: jsonBody(searchBody) },
  responses: {
    200: success("What matches", {
      matchingBlueprints: z.array(z.string()),
      entities: z.array(entityView).readonly(),
    }),
    ...failures(400, 401, 404, 413, 422),
  },
});

export const searchAll: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const found = await findAll(c.req.valid("json"), toReadOptions(c.req.valid("query")), catalog);
    const matchingBlueprints = [...new Set(found.map((entity) => entity.blueprint))];
    const entities = await toEntityViews(found, c.req.valid("query"), catalog);
    return c.json({ ok: true as const, matchingBlueprints, entities }, 200);
  });

async function findAll(query: unknown, options: ReadOptions, catalog: Catalog): Promise<readonly Entity[]> {
  const found: Entity[] = [];
  let from: string | undefined;
  do {
    const page = await catalog.search(query, { ...options, limit: PAGE_SIZE, ...(from !== undefined && { from }) });
    found.push(...page.entities);
    from = page.next;
  } while (from !== undefined);
  return found;
}
