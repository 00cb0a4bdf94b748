import type { Json, JsonObject } from "./json.ts";

/** What names an entity: the pair is unique in a catalog. */
export interface EntityKey {
  readonly blueprint: string;
  readonly identifier: string;
}

/** A search that stands in for an identifier (Port's search identifier and search relation). */
export interface SearchQuery {
  readonly combinator: "and" | "or";
  readonly rules: readonly SearchRule[];
}
export type SearchRule = SearchQuery | { readonly property: string; readonly operator: string; readonly value: Json };

export type RelationValue = string | readonly string[] | SearchQuery | null;

/**
 * An entity as a mapping produces it and as the API accepts it. A key that is absent was not set by the writer;
 * a key that is null was set to nothing (with merge it clears the value).
 */
export interface EntityInput {
  readonly identifier: string | SearchQuery;
  readonly blueprint: string;
  readonly title?: string | null;
  readonly icon?: string | null;
  readonly team?: string | readonly string[] | SearchQuery | null;
  readonly properties?: JsonObject;
  readonly relations?: Readonly<Record<string, RelationValue>>;
}

/** An entity as the catalog shows it (Port's read form). Times are RFC 3339 UTC with milliseconds. */
export interface Entity extends EntityKey {
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  /** Own, calculated and mirrored properties together; every property of the blueprint is present, null when unset. */
  readonly properties: JsonObject;
  readonly relations: Readonly<Record<string, string | readonly string[] | null>>;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** One text for an entity key, for maps and sets. Identifiers hold no NUL. */
export function toEntityKeyText(key: EntityKey): string {
  return `${key.blueprint}\u0000${key.identifier}`;
}
