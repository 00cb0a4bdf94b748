import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintPath, deleteQuery } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";

const MAX_ENTITIES = 100;

const route = createRoute({
  method: "post",
  path: "/v1/blueprints/{blueprint}/bulk/entities/delete",
  tags: ["Entities"],
  summary: `Delete up to ${MAX_ENTITIES} entities`,
  description:
    "All or, when something that stays requires one of them, none. Identifiers that are not there are passed over.",
  request: {
    params: blueprintPath,
    query: deleteQuery,
    body: jsonBody(z.object({ entities: z.array(z.string()).min(1).max(MAX_ENTITIES) })),
  },
  responses: {
    200: success("Those of the blueprint that were deleted", { deletedEntities: z.array(z.string()) }),
    ...failures(400, 401, 403, 404, 413, 422),
  },
});

export const deleteEntities: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { blueprint } = c.req.valid("param");
    catalog.getBlueprint(blueprint);
    const keys = c.req.valid("json").entities.map((identifier) => ({ blueprint, identifier }));
    const options = { deleteDependents: c.req.valid("query").delete_dependents };
    const { deleted } = await catalog.deleteEntities(keys, options, c.get("caller"));
    const deletedEntities = deleted.filter((key) => key.blueprint === blueprint).map((key) => key.identifier);
    return c.json({ ok: true as const, deletedEntities }, 200);
  });
