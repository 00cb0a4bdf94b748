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

/** A value of a property or relation, and how many entities have it. */
export const valueCount = z
  .object({ value: z.union([z.string(), z.number(), z.boolean()]).nullable(), count: z.int() })
  .openapi("ValueCount");
