import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { integrationPath, jsonObject } from "./integration-schema.ts";
import { failures, success } from "./responses.ts";

const example = z.object({ _id: z.string(), data: jsonObject });

const route = createRoute({
  method: "get",
  path: "/v1/integration/{integration}/kinds",
  tags: ["Integrations"],
  summary: "List the kinds of an integration with their examples",
  request: { params: integrationPath },
  responses: {
    200: success("By kind", { data: z.record(z.string(), z.object({ examples: z.array(example) })) }),
    ...failures(401, 404),
  },
});

export const listKindExamples: AddRoute = (app, { integrations }) =>
  app.openapi(route, async (c) => {
    const kinds = Object.entries(await integrations.listExamples(c.req.valid("param").integration));
    const data = kinds.map(([kind, examples]) => [
      kind,
      { examples: examples.map((each, index) => ({ _id: `${kind}-${index}`, data: each })) },
    ]);
    return c.json({ ok: true as const, data: Object.fromEntries(data) }, 200);
  });
