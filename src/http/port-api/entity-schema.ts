import { z } from "@hono/zod-openapi";
import type { EntityDocument } from "../../catalog/catalog.ts";
import type { SearchQuery, SearchRule } from "../../model/entity.ts";
import { isJsonObject, type JsonObject } from "../../model/json.ts";

export const searchQuery = z
  .custom<SearchQuery>(isSearchQuery, "must be a search: { combinator: and | or, rules: [...] }")
  .openapi("SearchQuery", {
    type: "object",
    required: ["combinator", "rules"],
    properties: {
      combinator: { type: "string", enum: ["and", "or"] },
      rules: { type: "array", items: { type: "object" } },
    },
    example: { combinator: "and", rules: [{ property: "$title", operator: "contains", value: "login" }] },
  });

function isSearchQuery(value: unknown): value is SearchQuery {
  if (!isJsonObject(value)) return false;
  const { combinator, rules } = value;
  return (combinator === "and" || combinator === "or") && Array.isArray(rules) && rules.every(isSearchRule);
}

function isSearchRule(value: unknown): value is SearchRule {
  if (isSearchQuery(value)) return true;
  return isJsonObject(value) && typeof value["property"] === "string" && typeof value["operator"] === "string";
}

const names = z.array(z.string().nullable()).transform((texts) => texts.filter((text) => text !== null));

const references = z
  .union([z.string(), names, searchQuery], "must be an identifier, a list of identifiers, or a search")
  .nullable();

const properties = z
  .custom<JsonObject>(isJsonObject, "must be an object")
  .openapi({ type: "object", description: "Values by property of the blueprint; null unsets" });

const relations = z
  .record(z.string(), references)
  .openapi({ description: "Identifiers by relation of the blueprint; null unsets" });

const fields = {
  title: z.string().nullable().exactOptional(),
  icon: z.string().nullable().exactOptional(),
  team: references.exactOptional(),
  properties: properties.exactOptional(),
  relations: relations.exactOptional(),
};

/** Other keys are passed over: clients of Port send the blueprint along, which the path has already named. */
export const entityBody = z
  .object({
    identifier: z.union([z.string(), searchQuery], "must be a string, or a search").exactOptional(),
    ...fields,
  })
  .openapi("EntityInput");

export const entityChanges = z
  .strictObject({ identifier: z.string().exactOptional(), blueprint: z.string().exactOptional(), ...fields })
  .openapi("EntityChanges");

/** The body as the catalog takes it: the blueprint is the one of the path. */
export function toDocument(body: z.infer<typeof entityBody>, blueprint: string): EntityDocument {
  return { ...body, blueprint };
}
