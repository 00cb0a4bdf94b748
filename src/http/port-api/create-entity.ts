import { createRoute } from "@hono/zod-openapi";
import type { WriteOptions } from "../../catalog/catalog.ts";
import { must } from "../../runtime/errors.ts";
import type { AddRoute } from "../services.ts";
import { entityBody, toDocument } from "./entity-schema.ts";
import { entityView } from "./entity-view.ts";
import { blueprintPath, upsertQuery } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/blueprints/{blueprint}/entities",
  tags: ["Entities"],
  summary: "Create an entity, or change the one that exists",
  description:
    "`upsert=true` accepts an identifier that exists: with `merge=true` the keys given are changed, without it only what is given is kept. `validation_only=true` checks and changes nothing.",
  request: { params: blueprintPath, query: upsertQuery, body: jsonBody(entityBody) },
  responses: {
    200: success("The entity that existed, as it is now", { entity: entityView }),
    201: success("The entity as created", { entity: entityView }),
    ...failures(400, 401, 403, 404, 409, 413, 422),
  },
});

export const createEntity: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { blueprint } = c.req.valid("param");
    const query = c.req.valid("query");
    const document = toDocument(c.req.valid("json"), blueprint);
    const [first] = await catalog.writeEntities([document], toWriteOptions(query), c.get("caller"));
    const write = must(first, "one document gives one result");
    if (write.result === "failed") throw write.error;
    const isNew = write.result === "created" && !query.validation_only;
    return c.json({ ok: true as const, entity: write.entity }, isNew ? 201 : 200);
  });

export function toWriteOptions(query: {
  readonly upsert: boolean;
  readonly merge: boolean;
  readonly create_missing_related_entities: boolean;
  readonly validation_only: boolean;
}): WriteOptions {
  return {
    existing: !query.upsert ? "refuse" : query.merge ? "merge" : "override",
    createMissingRelatedEntities: query.create_missing_related_entities,
    validationOnly: query.validation_only,
  };
}
