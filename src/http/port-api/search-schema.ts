import { z } from "@hono/zod-openapi";

/** The catalog parses searches; here the shape is only described. */
export const searchBody = z.looseObject({}).openapi("Search", {
  type: "object",
  required: ["combinator", "rules"],
  properties: {
    combinator: { type: "string", enum: ["and", "or"] },
    rules: {
      type: "array",
      items: { type: "object" },
      description: "Rules `{ property, operator, value }`, or groups of the same shape as this one",
    },
  },
  example: { combinator: "and", rules: [{ property: "status", operator: "=", value: "Done" }] },
});

const scalar = z.union([z.string(), z.number(), z.boolean()]).nullable();

/** A value of a property or relation, and how many entities have it. */
export const valueCount = z.object({ value: scalar, count: z.int() }).openapi("ValueCount");

/** A combination of values, and how many entities have it. */
export const valuesCount = z.object({ values: z.array(scalar), count: z.int() }).openapi("ValuesCount");
