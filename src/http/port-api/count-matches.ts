import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintPath } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";
import { searchBody } from "./search-schema.ts";

const route = createRoute({
  method: "post",
  path: "/v1/blueprints/{blueprint}/entities/search/count",
  tags: ["Search"],
  summary: "Count what a search within a blueprint finds",
  request: { params: blueprintPath, body: jsonBody(z.object({ query: searchBody })) },
  responses: { 200: success("How many match", { count: z.int() }), ...failures(400, 401, 404, 413, 422) },
});

export const countMatches: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const count = await catalog.countMatches(c.req.valid("json").query, c.req.valid("param").blueprint);
    return c.json({ ok: true as const, count }, 200);
  });
