import { createRoute, z } from "@hono/zod-openapi";
import type { Rename } from "../../catalog/blueprint-renames.ts";
import { name } from "../../catalog/parse-blueprint.ts";
import { must } from "../../runtime/errors.ts";
import type { AddRoute } from "../services.ts";
import { blueprintView } from "./blueprint-schema.ts";
import { blueprintPath } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";

/** Path segment and body key of each, as Port has them. */
const PARTS = {
  property: { segment: "properties", key: "newPropertyName" },
  mirror: { segment: "mirror", key: "newMirrorName" },
  relation: { segment: "relations", key: "newRelationIdentifier" },
} as const;

export const renameProperty = toRoute("property");
export const renameMirror = toRoute("mirror");
export const renameRelation = toRoute("relation");

function toRoute(kind: Rename["kind"]): AddRoute {
  const { segment, key } = PARTS[kind];
  const route = createRoute({
    method: "patch",
    path: `/v1/blueprints/{blueprint}/${segment}/{${kind}}/rename`,
    tags: ["Blueprints"],
    summary: `Rename a ${kind} of a blueprint`,
    description:
      "What entities hold under the old name they hold under the new one, and mirrors follow. jq programs stay as they are.",
    request: {
      params: blueprintPath.extend({ [kind]: z.string() }),
      body: jsonBody(z.strictObject({ [key]: name })),
    },
    responses: {
      200: success("The blueprint as it is now", { blueprint: blueprintView }),
      ...failures(400, 401, 403, 404, 409, 413, 422),
    },
  });
  return (app, { catalog }) =>
    app.openapi(route, async (c) => {
      // The schemas above ask for all three, two of them under a name that the type cannot tell.
      const { blueprint: of, [kind]: from } = c.req.valid("param") as Record<string, string>;
      const { [key]: to } = c.req.valid("json") as Record<string, string>;
      const rename = { kind, blueprint: must(of, "a path"), from: must(from, "a path"), to: must(to, "a body") };
      const blueprint = await catalog.renamePart(rename, c.get("caller"));
      return c.json({ ok: true as const, blueprint }, 200);
    });
}
