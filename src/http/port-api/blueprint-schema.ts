import { z } from "@hono/zod-openapi";
import type { BlueprintView } from "../../catalog/catalog.ts";
import type { Blueprint } from "../../model/blueprint.ts";
import { blueprintSchema } from "../../catalog/parse-blueprint.ts";

type Metadata = NonNullable<Parameters<z.ZodType["openapi"]>[1]>;

/** For the documentation only: the catalog parses blueprints. The cast holds: OpenAPI 3.1 takes any JSON schema. */
function describe(io: "input" | "output"): Metadata {
  const { $schema: _, ...schema } = z.toJSONSchema(blueprintSchema, { io, unrepresentable: "any" });
  return schema as Metadata;
}

export const blueprintBody = z.looseObject({}).openapi("BlueprintInput", describe("input"));

export const blueprintChanges = z
  .looseObject({})
  .openapi({ description: "Any of the keys of a blueprint; each replaces the one it had as a whole" });

const time = { type: "string", format: "date-time" } as const;
const output = describe("output");

export const blueprintView = z.custom<BlueprintView>().openapi("Blueprint", {
  ...output,
  properties: {
    ...output.properties,
    createdAt: time,
    createdBy: { type: "string" },
    updatedAt: time,
    updatedBy: { type: "string" },
  },
});

export const systemStructure = z.custom<Blueprint>().openapi("BlueprintStructure", output);
