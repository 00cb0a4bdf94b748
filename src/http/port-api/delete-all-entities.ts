import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { blueprintPath, flag, runId } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "delete",
  path: "/v1/blueprints/{blueprint}/all-entities",
  tags: ["Entities"],
  summary: "Delete all entities of a blueprint",
  description:
    "Answers at once; the migration tells when it is done. `delete_blueprint=true` deletes the blueprint too.",
  request: { params: blueprintPath, query: z.object({ delete_blueprint: flag, run_id: runId }) },
  responses: { 200: success("It has begun", { migrationId: z.string() }), ...failures(401, 403, 404) },
});

export const deleteAllEntities: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { delete_blueprint: deleteBlueprint } = c.req.valid("query");
    const { blueprint } = c.req.valid("param");
    const { id } = await catalog.migrations.deleteEntities(blueprint, { deleteBlueprint }, c.get("caller"));
    return c.json({ ok: true as const, migrationId: id }, 200);
  });
