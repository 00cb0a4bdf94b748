import type { Blueprint } from "../model/blueprint.ts";
import { own, type JsonObject } from "../model/json.ts";
import { CatalogError } from "./catalog-error.ts";

const text = (title: string, rest: JsonObject = {}): JsonObject => ({ type: "string", title, ...rest });

/**
 * Blueprints that every catalog has: the people and teams of Port's API. They can be extended, but neither deleted nor
 * rid of what is written here.
 */
const BASES: readonly Blueprint[] = [
  toBase("_user", "User", "User", {
    status: text("Status", {
      enum: ["Staged", "Invited", "Active", "Disabled"],
      enumColors: { Staged: "lightGray", Invited: "yellow", Active: "green", Disabled: "darkGray" },
    }),
    port_role: text("Role"),
    moderated_blueprints: { type: "array", title: "Moderated blueprints", items: { type: "string" } },
    port_type: text("Type", { enum: ["Standard", "Service Account"] }),
  }),
  toBase("_team", "Team", "Team", {
    description: text("Description"),
    size: { type: "number", title: "Size" },
  }),
];

function toBase(identifier: string, title: string, icon: string, properties: Record<string, JsonObject>): Blueprint {
  return {
    identifier,
    title,
    icon,
    schema: { properties, required: [] },
    relations: {},
    mirrorProperties: {},
    calculationProperties: {},
    aggregationProperties: {},
  };
}

export function listBases(): readonly Blueprint[] {
  return BASES;
}

export function findBase(identifier: string): Blueprint | undefined {
  return BASES.find((base) => base.identifier === identifier);
}

/** Throws CatalogError `protected_resource` for the names that Port keeps to itself. */
export function assertOrdinary(identifier: string): void {
  if (!identifier.startsWith("_")) return;
  throw new CatalogError(
    "protected_resource",
    `"${identifier}" is a name of the system: blueprints that begin with _ are neither made nor deleted`,
  );
}

/**
 * The blueprint with what its base has, whatever was said of it. Throws CatalogError `protected_resource` when that would
 * get another type, or the blueprint another name.
 */
export function withBase(before: Blueprint, after: Blueprint): Blueprint {
  const base = findBase(before.identifier);
  if (base === undefined) return after;
  if (after.identifier !== base.identifier) refuse(base, "cannot get another identifier");
  for (const [name, { type }] of Object.entries(base.schema.properties)) {
    const given = own(after.schema.properties, name);
    if (given !== undefined && given["type"] !== type) refuse(base, `keeps the type of its property "${name}"`);
  }
  const properties = { ...base.schema.properties, ...after.schema.properties, ...base.schema.properties };
  return { ...after, schema: { ...after.schema, properties } };
}

function refuse({ identifier }: Blueprint, what: string): never {
  throw new CatalogError("protected_resource", `The system blueprint "${identifier}" ${what}`);
}
