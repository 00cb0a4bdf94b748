import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { overTime, timeInterval, timeRange } from "./over-time-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/entities/properties-history",
  tags: ["Search"],
  summary: "See what properties of an entity were at the end of each interval of time",
  request: {
    body: jsonBody(
      z.strictObject({
        blueprintIdentifier: z.string(),
        entityIdentifier: z.string(),
        propertyNames: z.array(z.string()).max(100),
        timeRange: timeRange.default({ preset: "lastMonth" }),
        timeInterval: timeInterval.default("day"),
      }),
    ),
  },
  responses: { 200: success("By interval", { result: overTime }), ...failures(400, 401, 404, 413, 422) },
});

export const listPropertyHistory: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { blueprintIdentifier: blueprint, entityIdentifier: entity, propertyNames, ...rest } = c.req.valid("json");
    const result = await catalog.listPropertyHistory({ blueprint, entity, properties: propertyNames, ...rest });
    return c.json({ ok: true as const, result }, 200);
  });
