import { z } from "zod";
import type { Blueprint } from "../model/blueprint.ts";
import { aggregation } from "./aggregation-schema.ts";
import { CatalogError } from "./catalog-error.ts";
import { calculation, property } from "./property-schema.ts";

const BLUEPRINT_IDENTIFIER = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/-]+$/u;
const PROPERTY_IDENTIFIER = /^[A-Za-z0-9@_=-]+$/;
const MIRROR_PATH = /^([A-Za-z0-9@_=-]+\.)+\$?[A-Za-z0-9@_=-]+$/;

/** Of each sort of part: programs and schemas are compiled while others wait. */
const MAX_PARTS = 500;

/** Of a property, a relation, and the like. */
export const name = z
  .string()
  .max(100)
  .regex(PROPERTY_IDENTIFIER, "may hold letters, digits, @ _ = and -, and has at most 100 characters");

/** Parts by name. */
function parts<Part extends z.ZodType>(part: Part) {
  return z
    .record(name, part)
    .refine((all) => Object.keys(all).length <= MAX_PARTS, `must have at most ${MAX_PARTS}`)
    .default({});
}

const relation = z.looseObject({
  target: z.string(),
  required: z.boolean().default(false),
  many: z.boolean().default(false),
  title: z.string().max(100).optional(),
  description: z.string().optional(),
});

const mirror = z.strictObject({
  path: z.string().regex(MIRROR_PATH, "must be relations and a property, joined by dots"),
  title: z.string().max(100).optional(),
});

const title = z.string().max(100).optional();
const ownership = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("Direct"), title }),
  z.strictObject({ type: z.literal("Inherited"), path: z.string().min(1), title }),
]);

/** Port's blueprint (https://docs.port.io); keys this file does not name are kept. */
export const blueprintSchema = z.looseObject({
  identifier: z.string().min(1).max(100).regex(BLUEPRINT_IDENTIFIER, "may hold letters, digits and @ _ . + : \\ / -"),
  title: z.string().min(1).max(100),
  icon: z.string().nullish(),
  description: z.string().max(200).nullish(),
  schema: z.looseObject({
    properties: parts(property),
    required: z.array(z.string()).default([]),
  }),
  relations: parts(relation),
  calculationProperties: parts(calculation),
  mirrorProperties: parts(mirror),
  aggregationProperties: parts(aggregation),
  ownership: ownership.nullish(),
  teamInheritance: z.looseObject({ path: z.string().min(1) }).nullish(),
});

/** Keys the server adds when it shows a blueprint; clients send them back with their changes. */
const SERVER_KEYS = ["createdAt", "createdBy", "updatedAt", "updatedBy"];

/** Throws CatalogError `invalid_request` with every problem, each with its path. */
export function parseBlueprint(document: unknown): Blueprint {
  const result = blueprintSchema.safeParse(document);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `"${issue.path.join("/")}" ${issue.message}`);
    throw new CatalogError("invalid_request", `The blueprint is not valid: ${problems.join("; ")}`, { problems });
  }
  const blueprint = Object.fromEntries(Object.entries(result.data).filter(([key]) => !SERVER_KEYS.includes(key)));
  assertRequired(result.data.schema);
  assertRelations(result.data.relations);
  assertOneMeaning(result.data);
  return blueprint as unknown as Blueprint; // the schema above is that type, with loose extra keys
}

function assertRequired({ properties, required }: { properties: Record<string, unknown>; required: string[] }): void {
  const unknown = required.filter((key) => !Object.hasOwn(properties, key));
  if (unknown.length > 0) {
    throw new CatalogError(
      "invalid_request",
      `"schema/required" names ${unknown.map((key) => `"${key}"`).join(", ")}, but there is no such property`,
    );
  }
}

function assertRelations(relations: Readonly<Record<string, { required: boolean; many: boolean }>>): void {
  for (const [name, { required, many }] of Object.entries(relations)) {
    if (!required || !many) continue;
    throw new CatalogError("invalid_request", `"relations/${name}" cannot be both required and many`);
  }
}

/** They stand side by side when an entity is read. */
function assertOneMeaning(blueprint: z.infer<typeof blueprintSchema>): void {
  const { schema, mirrorProperties, calculationProperties, aggregationProperties } = blueprint;
  const taken = new Set(Object.keys(schema.properties));
  for (const [key, names] of Object.entries({ mirrorProperties, calculationProperties, aggregationProperties })) {
    for (const each of Object.keys(names)) {
      if (taken.has(each)) throw new CatalogError("invalid_request", `"${key}/${each}" has the name of a property`);
      taken.add(each);
    }
  }
}
