import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { overTime, timeInterval, timeRange } from "./over-time-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";
import { searchBody } from "./search-schema.ts";

const common = {
  blueprint: z.string(),
  query: searchBody,
  measureTimeBy: z.string().openapi({ example: "$createdAt", description: "A time, which says where an entity falls" }),
  timeRange,
  timeInterval,
};

const counted = z.strictObject({
  ...common,
  aggregationType: z.literal("countEntities"),
  func: z.enum(["count", "average"]).openapi({ description: "average: per day of the interval" }),
  breakdownProperty: z.string().optional(),
});
const valued = z.strictObject({
  ...common,
  aggregationType: z.literal("aggregatePropertiesValues"),
  func: z.enum(["average", "sum", "min", "max", "median", "last"]),
  properties: z.array(z.string()).min(1).max(100).openapi({ description: "Numbers" }),
});

const route = createRoute({
  method: "post",
  path: "/v1/entities/aggregate-over-time",
  tags: ["Search"],
  summary: "Count what a search finds by interval of time, or make a number of its properties in each",
  request: { body: jsonBody(z.discriminatedUnion("aggregationType", [counted, valued])) },
  responses: { 200: success("By interval", { result: overTime }), ...failures(400, 401, 404, 413, 422) },
});

export const aggregateOverTime: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const result = await catalog.aggregateOverTime(c.req.valid("json"));
    return c.json({ ok: true as const, result }, 200);
  });
