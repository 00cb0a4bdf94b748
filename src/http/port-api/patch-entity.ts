import { createRoute } from "@hono/zod-openapi";
import type { WriteOptions } from "../../catalog/catalog.ts";
import type { AddRoute } from "../services.ts";
import { entityChanges } from "./entity-schema.ts";
import { entityView } from "./entity-view.ts";
import { entityPath, writeQuery } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "patch",
  path: "/v1/blueprints/{blueprint}/entities/{identifier}",
  tags: ["Entities"],
  summary: "Change parts of an entity",
  description: "Properties and relations given are changed, a null unsets; all others stay.",
  request: { params: entityPath, query: writeQuery, body: jsonBody(entityChanges) },
  responses: {
    200: success("The entity as it is now", { entity: entityView }),
    ...failures(400, 401, 403, 404, 413, 422),
  },
});

export const patchEntity: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { blueprint: _, ...changes } = c.req.valid("json");
    const options = toUpdateOptions(c.req.valid("query"));
    const entity = await catalog.patchEntity(c.req.valid("param"), changes, options, c.get("caller"));
    return c.json({ ok: true as const, entity }, 200);
  });

export function toUpdateOptions(query: {
  readonly create_missing_related_entities: boolean;
  readonly validation_only: boolean;
}): Omit<WriteOptions, "existing"> {
  return {
    createMissingRelatedEntities: query.create_missing_related_entities,
    validationOnly: query.validation_only,
  };
}
