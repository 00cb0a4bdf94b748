import type { EntityInput, RelationValue, SearchQuery } from "../model/entity.ts";
import { own } from "../model/json.ts";
import type { EntityStore } from "../store/entity-store.ts";
import type { BlueprintRegistry, LoadedBlueprint } from "./blueprint-registry.ts";
import { CatalogError } from "./catalog-error.ts";
import { parseSearch } from "./parse-search.ts";

/** Port's bound on what a search in a relation finds. */
const MAX_TARGETS = 100;
const TEAM_BLUEPRINT = "_team";

interface Services {
  readonly registry: BlueprintRegistry;
  readonly entities: EntityStore;
  readonly nowMs: number;
}

/** Whether anything in the input is given by a search. */
export function hasSearches({ identifier, team, relations }: EntityInput): boolean {
  return isSearch(identifier) || isSearch(team) || Object.values(relations ?? {}).some(isSearch);
}

/**
 * Puts what they find in the place of searches: exactly one entity for an identifier, at most one for a single relation,
 * any number up to 100 for others and for teams. Throws CatalogError when a search finds more, or cannot be read.
 */
export async function resolveSearches(input: EntityInput, services: Services): Promise<EntityInput> {
  const { registry } = services;
  const loaded = registry.get(input.blueprint);
  const relations: Record<string, RelationValue> = {};
  for (const [name, value] of Object.entries(input.relations ?? {})) {
    const relation = own(loaded.blueprint.relations, name);
    // What is unknown is refused later, as it would be without a search.
    const isResolved = isSearch(value) && relation !== undefined;
    relations[name] = isResolved
      ? await findTargets(value, registry.get(relation.target), name, relation.many, services)
      : value;
  }
  const team = isSearch(input.team)
    ? await find(input.team, registry.get(TEAM_BLUEPRINT), "team", services)
    : input.team;
  return {
    ...input,
    identifier: isSearch(input.identifier) ? await findOne(input.identifier, loaded, services) : input.identifier,
    ...(team !== undefined && { team }),
    relations,
  };
}

async function findOne(search: SearchQuery, within: LoadedBlueprint, services: Services): Promise<string> {
  const found = await find(search, within, "identifier", services);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const name = `blueprint "${within.blueprint.identifier}"`;
  if (only === undefined) {
    throw new CatalogError(
      "not_found",
      `An entity of ${name} that the search for the identifier asks for was not found`,
    );
  }
  throw new CatalogError(
    "invalid_request",
    `The search for the identifier must find one entity of ${name}, not ${found.length}`,
  );
}

async function findTargets(
  search: SearchQuery,
  within: LoadedBlueprint,
  name: string,
  isMany: boolean,
  services: Services,
): Promise<RelationValue> {
  const found = await find(search, within, `relations/${name}`, services);
  if (isMany) return found;
  if (found.length > 1) {
    throw new CatalogError(
      "relation_many_violation",
      `The relation "${name}" takes one entity, but its search found ${found.length}`,
    );
  }
  return found[0] ?? null;
}

async function find(
  search: SearchQuery,
  within: LoadedBlueprint,
  place: string,
  { registry, entities, nowMs }: Services,
): Promise<readonly string[]> {
  const rule = parseSearch(search, { registry, blueprint: within, nowMs });
  const { rows, next } = await entities.search({ blueprintId: within.id, rule, limit: MAX_TARGETS });
  if (next === undefined) return rows.map((row) => row.identifier);
  throw new CatalogError("invalid_request", `The search for "${place}" finds more than ${MAX_TARGETS} entities`);
}

function isSearch(value: RelationValue | EntityInput["team"]): value is SearchQuery {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
