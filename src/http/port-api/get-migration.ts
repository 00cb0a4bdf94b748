import { createRoute } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { migrationPath, migrationView } from "./migration-schema.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/migrations/{migration}",
  tags: ["Migrations"],
  summary: "Get a migration",
  request: { params: migrationPath },
  responses: { 200: success("The migration", { migration: migrationView }), ...failures(401, 404) },
});

export const getMigration: AddRoute = (app, { catalog }) =>
  app.openapi(route, (c) => {
    const migration = catalog.migrations.get(c.req.valid("param").migration);
    return c.json({ ok: true as const, migration }, 200);
  });
