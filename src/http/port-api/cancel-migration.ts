import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { migrationPath, migrationView } from "./migration-schema.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/migrations/{migration}/cancel",
  tags: ["Migrations"],
  summary: "Cancel a migration",
  description: "It ends after the entities in its hands; what it has done stays.",
  request: { params: migrationPath },
  responses: { 200: success("The migration", { migration: migrationView }), ...failures(401, 404, 422) },
});

export const cancelMigration: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const migration = await catalog.migrations.cancel(c.req.valid("param").migration, c.get("caller"));
    return c.json({ ok: true as const, migration }, 200);
  });
