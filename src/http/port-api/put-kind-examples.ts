import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath, jsonObject } from "./integration-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/integration/{integration}/kinds/{kind}/examples",
  tags: ["Integrations"],
  summary: "Keep raw objects of a kind as examples",
  request: {
    params: integrationPath.extend({ kind: z.string().openapi({ example: "issue" }) }),
    body: jsonBody(z.object({ examples: z.array(jsonObject).max(100) })),
  },
  responses: { 200: success("They are kept", {}), ...failures(400, 401, 404, 413, 422) },
});

export const putKindExamples: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    const { integration: id, kind } = c.req.valid("param");
    await integrations.putExamples(id, kind, c.req.valid("json").examples);
    return c.json({ ok: true as const }, 200);
  });
