import { createRoute, z } from "@hono/zod-openapi";
import type { EntityDocument } from "../../catalog/catalog.ts";
import { isJsonObject } from "../../model/json.ts";
import { must } from "../../runtime/errors.ts";
import { toErrorResponse } from "../error-response.ts";
import { toInvalidRequest } from "../invalid-request.ts";
import type { AddRoute } from "../services.ts";
import { toWriteOptions } from "./create-entity.ts";
import { entityBody, toDocument } from "./entity-schema.ts";
import { blueprintPath, upsertQuery } from "./parameters.ts";
import { failures, jsonBody, success } from "./responses.ts";

const MAX_ENTITIES = 20;

const written = z.object({ index: z.int(), identifier: z.string(), created: z.boolean() });
const refused = z.object({
  index: z.int(),
  identifier: z.string().openapi({ description: '"unknown" if the item has none' }),
  statusCode: z.int(),
  error: z.string(),
  message: z.string(),
});
const answer = { entities: z.array(written), errors: z.array(refused) };

const route = createRoute({
  method: "post",
  path: "/v1/blueprints/{blueprint}/entities/bulk",
  tags: ["Entities"],
  summary: `Create or change up to ${MAX_ENTITIES} entities`,
  description:
    "Each item succeeds or fails alone, and is in one of the two lists. Items may point at each other. The flags are those of the route for one entity.",
  request: {
    params: blueprintPath,
    query: upsertQuery,
    // Items are checked one by one, so that a malformed one does not take the others with it.
    body: jsonBody(
      z.object({
        entities: z
          .array(z.unknown())
          .min(1)
          .max(MAX_ENTITIES)
          .openapi({ type: "array", items: { $ref: "#/components/schemas/EntityInput" } }),
      }),
    ),
  },
  responses: {
    200: success("All were written", answer),
    207: success("Some were refused", answer),
    ...failures(400, 401, 404, 413, 422),
  },
});

export const createEntities: AddRoute = (app, { catalog }) =>
  app.openapi(route, async (c) => {
    const { blueprint } = c.req.valid("param");
    catalog.getBlueprint(blueprint);
    const documents: { readonly index: number; readonly document: EntityDocument }[] = [];
    const entities: z.infer<typeof written>[] = [];
    const errors: z.infer<typeof refused>[] = [];
    const refuse = (index: number, identifier: string, error: unknown): void => {
      const { status, body } = toErrorResponse(error);
      errors.push({ index, identifier, statusCode: status, error: body.error, message: body.message });
    };
    for (const [index, item] of c.req.valid("json").entities.entries()) {
      const parsed = entityBody.safeParse(item);
      if (parsed.success) documents.push({ index, document: toDocument(parsed.data, blueprint) });
      else refuse(index, toIdentifier(item), toInvalidRequest(parsed.error, "item"));
    }
    const writes = await catalog.writeEntities(
      documents.map(({ document }) => document),
      toWriteOptions(c.req.valid("query")),
      c.get("caller"),
    );
    for (const [position, { index }] of documents.entries()) {
      const write = must(writes[position], "one document gives one result");
      if (write.result === "failed") refuse(index, write.key.identifier, write.error);
      else entities.push({ index, identifier: write.entity.identifier, created: write.result === "created" });
    }
    errors.sort((a, b) => a.index - b.index);
    return c.json({ ok: true as const, entities, errors }, errors.length > 0 ? 207 : 200);
  });

function toIdentifier(item: unknown): string {
  const identifier = isJsonObject(item) ? item["identifier"] : undefined;
  return typeof identifier === "string" ? identifier : "unknown";
}
