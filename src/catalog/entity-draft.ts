import type { Blueprint } from "../model/blueprint.ts";
import type { EntityInput, RelationValue } from "../model/entity.ts";
import { own, type Json, type JsonObject } from "../model/json.ts";
import type { EntityRow, Relations, WaitingEdge } from "../store/entity-store.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";
import { CatalogError } from "./catalog-error.ts";
import { assertOwnTeam } from "./ownership.ts";

/** What an entity holds, or is to hold. `wanted` are the targets of its relations, whether they exist or not. */
export interface Content {
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  readonly properties: JsonObject;
  readonly wanted: Relations;
}

/** Port's identifier rule (its OpenAPI description). */
const ENTITY_IDENTIFIER = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u;
const MAX_IDENTIFIER_LENGTH = 1000;

/** Throws CatalogError `invalid_request` unless the value can name an entity. */
export function assertIdentifier(value: unknown): string {
  if (typeof value === "string" && value.length <= MAX_IDENTIFIER_LENGTH && ENTITY_IDENTIFIER.test(value)) return value;
  throw new CatalogError(
    "invalid_request",
    `${JSON.stringify(value)} is not an identifier: use 1 to ${MAX_IDENTIFIER_LENGTH} letters, digits and @ _ . + : \\ / = -`,
  );
}

/** The content of a stored entity, in the shape of its blueprint as it is now. */
export function toStoredContent(row: EntityRow, pending: readonly WaitingEdge[], loaded: LoadedBlueprint): Content {
  const { title, icon, team } = row;
  const wanted = Object.fromEntries(
    Object.entries(loaded.blueprint.relations).map(([name, { many }]) => {
      const waiting = pending.filter((edge) => edge.relation === name);
      return [name, withWaiting(own(row.relations, name) ?? (many ? [] : null), waiting)];
    }),
  );
  const known = Object.keys(loaded.blueprint.schema.properties);
  const properties = Object.fromEntries(
    known.flatMap((name): [string, Json][] => {
      const value = own(row.properties, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { title, icon, team, properties, wanted };
}

/** Puts targets that wait back to their places. */
function withWaiting(there: Relations[string], waiting: readonly WaitingEdge[]): Relations[string] {
  const [first] = waiting;
  if (first === undefined || there === undefined) return there ?? null;
  if (there === null || typeof there === "string") return first.target;
  const all = [...there];
  for (const { position, target } of waiting.toSorted((a, b) => a.position - b.position)) {
    all.splice(position, 0, target);
  }
  return all;
}

/**
 * What an input makes of an entity. `kept` is the content that stays where the input says nothing. Throws CatalogError
 * when the input does not fit the blueprint.
 */
export function toContent(
  input: EntityInput,
  identifier: string,
  kept: Content | undefined,
  loaded: LoadedBlueprint,
): Content {
  const properties = toProperties(input.properties ?? {}, kept?.properties, loaded);
  loaded.validator.assertValid(properties);
  const team = input.team === undefined ? (kept?.team ?? []) : toTeam(input.team);
  if (input.team !== undefined) assertOwnTeam(team, loaded.blueprint);
  return {
    title: (input.title === undefined ? kept?.title : toText(input.title, "title")) || identifier,
    icon: input.icon === undefined ? (kept?.icon ?? null) : toText(input.icon, "icon"),
    team,
    properties,
    wanted: toWanted(input.relations ?? {}, kept?.wanted, loaded),
  };
}

/**
 * In the blueprint's order, so that equal values make equal texts. A null is an unset value. What is computed is passed
 * over, since clients send back what they read; what is unknown stays for the validator to refuse.
 */
function toProperties(given: JsonObject, kept: JsonObject | undefined, { blueprint }: LoadedBlueprint): JsonObject {
  const known = blueprint.schema.properties;
  const entries: [string, Json][] = [];
  for (const [name, schema] of Object.entries(known)) {
    const fallback = kept === undefined ? schema["default"] : own(kept, name);
    const value = Object.hasOwn(given, name) ? given[name] : fallback;
    if (value === undefined || value === null) continue;
    if (!isShallow(value)) {
      throw new CatalogError(
        "blueprint_schema_mismatch",
        `"properties/${name}" is nested deeper than ${MAX_DEPTH} levels`,
      );
    }
    entries.push([name, value]);
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, name) && !isComputed(name, blueprint)) entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

export function isComputed(name: string, blueprint: Blueprint): boolean {
  const { calculationProperties, mirrorProperties, aggregationProperties } = blueprint;
  return [calculationProperties, mirrorProperties, aggregationProperties].some((each) => Object.hasOwn(each, name));
}

function toWanted(
  given: Readonly<Record<string, RelationValue>>,
  kept: Relations | undefined,
  { blueprint }: LoadedBlueprint,
): Relations {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(blueprint.relations, name));
  if (unknown !== undefined) {
    throw new CatalogError(
      "not_found",
      `The relation "${unknown}" of blueprint "${blueprint.identifier}" was not found`,
    );
  }
  return Object.fromEntries(
    Object.entries(blueprint.relations).map(([name, relation]) => {
      const value = Object.hasOwn(given, name)
        ? toTargets(name, given[name] ?? null, relation.many)
        : (kept?.[name] ?? (relation.many ? [] : null));
      if (relation.required && value === null) {
        throw new CatalogError(
          "required_relation",
          `The relation "${name}" of blueprint "${blueprint.identifier}" is required`,
        );
      }
      return [name, value];
    }),
  );
}

function toTargets(name: string, value: RelationValue, isMany: boolean): string | readonly string[] | null {
  if (value === null) return isMany ? [] : null;
  if (!Array.isArray(value)) {
    const target = assertIdentifier(value);
    return isMany ? [target] : target;
  }
  if (!isMany) throw new CatalogError("relation_many_violation", `The relation "${name}" takes one entity, not a list`);
  const texts: readonly unknown[] = value;
  return [...new Set(texts.filter((each) => each !== null).map(assertIdentifier))];
}

function toTeam(team: NonNullable<EntityInput["team"]> | null): readonly string[] {
  if (team === null) return [];
  if (typeof team === "string") return [team];
  if (Array.isArray(team) && team.every((name) => typeof name === "string")) return team;
  throw new CatalogError("invalid_request", "The team must be a name or a list of names");
}

/** A mapping makes titles and icons of whatever Jira holds. */
function toText(value: unknown, name: string): string | null {
  if (value === null || typeof value === "string") return value;
  throw new CatalogError("invalid_request", `The ${name} must be a text, not ${JSON.stringify(value)}`);
}

/** SQLite reads no deeper JSON than 1000 levels, and would then fail on every search that meets it. */
const MAX_DEPTH = 100;

function isShallow(value: Json, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth < MAX_DEPTH && Object.values(value).every((child: Json) => isShallow(child, depth + 1));
}
