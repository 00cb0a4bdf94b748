import { createRoute, z } from "@hono/zod-openapi";
import { averageOf } from "../../catalog/aggregation-schema.ts";
import { InputError } from "../../runtime/errors.ts";
import type { AddRoute } from "../services.ts";
import { failures, jsonBody, success } from "./responses.ts";
import { searchBody, valueCount } from "./search-schema.ts";

const route = createRoute({
  method: "post",
  path: "/v1/entities/aggregate",
  tags: ["Search"],
  summary: "Make a number of the entities that a search finds",
  description:
    "`result` is a number, or for `countValues` the number of each value of a property or relation, the most frequent first. Null for what has no values.",
  request: {
    body: jsonBody(
      z.strictObject({
        func: z.enum(["count", "average", "sum", "min", "max", "median", "countValues"]),
        query: searchBody,
        property: z.string().optional(),
        relation: z.string().optional(),
        averageOf: averageOf.optional(),
        measureTimeBy: z.string().optional(),
        calculationBy: z.string().optional(),
        scorecard: z.string().optional(),
        rule: z.string().optional(),
      }),
    ),
  },
  responses: {
    200: success("The number or numbers", { result: z.union([z.number(), z.array(valueCount)]).nullable() }),
    ...failures(400, 401, 404, 413, 422),
  },
});

export const aggregateEntities: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { func, query, scorecard, ...rest } = c.req.valid("json");
    if (scorecard !== undefined) throw new InputError('"scorecard" is not supported: there are no scorecards');
    const result =
      func === "countValues"
        ? (await catalog.countGroups(query, [rest])).map(({ values: [value = null], count }) => ({ value, count }))
        : await catalog.aggregate(query, { func, ...rest });
    return c.json({ ok: true as const, result }, 200);
  });
