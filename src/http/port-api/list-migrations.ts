import { createRoute, z } from "@hono/zod-openapi";
import type { AddRoute } from "../services.ts";
import { migrationView } from "./migration-schema.ts";
import { list } from "./parameters.ts";
import { failures, success } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/migrations",
  tags: ["Migrations"],
  summary: "List migrations, the newest first",
  request: { query: z.object({ status: list, actor: list, blueprint: list }) },
  responses: { 200: success("Those that match", { migrations: z.array(migrationView).readonly() }), ...failures(401) },
});

export const listMigrations: AddRoute = (app, { catalog }) =>
  app.openapi(route, (c) => {
    const { status, actor, blueprint } = c.req.valid("query");
    const migrations = catalog.migrations
      .list()
      .filter(
        (each) =>
          status?.includes(each.status) !== false &&
          actor?.includes(each.actor) !== false &&
          blueprint?.includes(each.sourceBlueprint) !== false,
      );
    return c.json({ ok: true as const, migrations }, 200);
  });
