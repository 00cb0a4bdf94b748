import { createRoute } from "@hono/zod-openapi";
import { CatalogError } from "../../catalog/catalog-error.ts";
import type { AddRoute } from "../services.ts";
import { deleteQuery, entityPath } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "delete",
  path: "/v1/blueprints/{blueprint}/entities/{identifier}",
  tags: ["Entities"],
  summary: "Delete an entity",
  description:
    "Others that point at it let go. One that requires it stands in the way, unless `delete_dependents=true` takes it along.",
  request: { params: entityPath, query: deleteQuery },
  responses: { 200: success("It is gone", {}), ...failures(401, 403, 404) },
});

export const deleteEntity: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { blueprint, identifier } = c.req.valid("param");
    const options = { deleteDependents: c.req.valid("query").delete_dependents };
    const { deleted } = await catalog.deleteEntities([{ blueprint, identifier }], options, c.get("caller"));
    if (deleted.length === 0) {
      throw new CatalogError("not_found", `The entity "${identifier}" of blueprint "${blueprint}" was not found`);
    }
    return c.json({ ok: true as const }, 200);
  });
