import { createRoute, z } from "@hono/zod-openapi";
import type { SearchScalar } from "../../model/search.ts";
import type { Group } from "../../store/entity-store.ts";
import type { AddRoute } from "../services.ts";
import { entityView, toEntityViews, toReadOptions } from "./entity-view.ts";
import { blueprintPath, flag } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";
import { searchBody, valueCount, valuesCount } from "./search-schema.ts";

const by = { property: z.string().optional(), relation: z.string().optional() };
/** Anything else, such as a property of what a relation leads to, is refused rather than passed over. */
const key = z.strictObject(by);
const MAX_GROUP_KEYS = 2;
const order = z.enum(["asc", "desc"]).default("asc");

const route = createRoute({
  method: "post",
  path: "/v1/blueprints/{blueprint}/entities/top-search",
  tags: ["Search"],
  summary: "Search the entities of a blueprint in an order, or count them, as a whole or by value",
  request: {
    params: blueprintPath,
    query: z.object({ exclude_calculated_properties: flag, attach_title_to_relation: flag }),
    body: jsonBody(
      z.object({
        query: searchBody.default({ combinator: "and", rules: [] }),
        identifiers: z.array(z.string()).optional().openapi({ description: "Only these entities" }),
        include: z.array(z.string()).optional(),
        exclude: z.array(z.string()).optional(),
        limit: z.int().min(1).max(1000).default(200),
        from: z.string().nullish(),
        sort: z
          .array(z.strictObject({ ...by, order }))
          .max(1)
          .optional(),
        countOnly: z.boolean().default(false),
        groupBy: z.union([key, z.array(key).min(1).max(MAX_GROUP_KEYS)]).optional(),
        groupSort: z.object({ by: z.enum(["count", "value"]).default("count"), order }).optional(),
      }),
    ),
  },
  responses: {
    200: success("A page of what matches, or their number, or the number of each value", {
      entities: z.array(entityView).readonly().optional(),
      next: z.string().nullable().optional(),
      count: z.int().optional(),
      groups: z
        .array(z.union([valueCount, valuesCount]))
        .optional()
        .openapi({ description: "With `values` where `groupBy` was a list" }),
    }),
    ...failures(400, 401, 404, 413, 422),
  },
});

export const topSearch: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { blueprint } = c.req.valid("param");
    const { query, identifiers, include, exclude, limit, from, ...rest } = c.req.valid("json");
    const named = identifiers && { property: "$identifier", operator: "in", value: identifiers };
    const all = named === undefined ? query : { combinator: "and", rules: [query, named] };
    if (rest.groupBy !== undefined) {
      const keys = Array.isArray(rest.groupBy) ? rest.groupBy : [rest.groupBy];
      const { by: sortKey = "count", order: way = "desc" } = rest.groupSort ?? {};
      const sign = way === "asc" ? 1 : -1;
      const sorted = (await catalog.countGroups(all, keys, blueprint)).toSorted(
        (a, b) => sign * (sortKey === "count" ? a.count - b.count : compareValues(a, b)),
      );
      const groups = sorted.map(({ values, count }) =>
        Array.isArray(rest.groupBy) ? { values: [...values], count } : { value: values[0] ?? null, count },
      );
      return c.json({ ok: true as const, groups }, 200);
    }
    if (rest.countOnly) {
      return c.json({ ok: true as const, count: await catalog.countMatches(all, blueprint) }, 200);
    }
    const [first] = rest.sort ?? [];
    const sort = first && {
      ...(first.property !== undefined && { property: first.property }),
      ...(first.relation !== undefined && { relation: first.relation }),
      isDescending: first.order === "desc",
    };
    const view = { ...c.req.valid("query"), include, exclude };
    const found = { blueprint, limit, ...toReadOptions(view), ...(from && { from }), ...(sort && { sort }) };
    const page = await catalog.search(all, found);
    const entities = await toEntityViews(page.entities, view, catalog);
    return c.json({ ok: true as const, entities, next: page.next ?? null }, 200);
  });

function compareValues(a: Group, b: Group): number {
  for (const [index, value] of a.values.entries()) {
    const other = b.values[index] ?? null;
    if (value !== other) return compare(value, other);
  }
  return 0;
}

function compare(a: SearchScalar, b: SearchScalar): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "") < String(b ?? "") ? -1 : 1;
}
