import { createRoute, z } from "@hono/zod-openapi";
import { migrationMapping } from "../../catalog/migration-mapping.ts";
import type { AddRoute } from "../services.ts";
import { migrationView } from "./migration-schema.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/migrations",
  tags: ["Migrations"],
  summary: "Write an entity for each of a blueprint",
  description:
    "The mapping has jq programs over the entity as it reads back, with `.item` for each of `itemsToParse`. Existing entities are merged. Answers at once; the migration tells when it is done.",
  request: { body: jsonBody(z.strictObject({ sourceBlueprint: z.string(), mapping: migrationMapping })) },
  responses: { 200: success("It has begun", { migration: migrationView }), ...failures(400, 401, 404, 413, 422) },
});

export const createMigration: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { sourceBlueprint, mapping } = c.req.valid("json");
    const migration = await catalog.migrations.create(sourceBlueprint, mapping, c.get("caller"));
    return c.json({ ok: true as const, migration }, 200);
  });
