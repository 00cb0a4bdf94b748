import type { EntityInput, EntityKey } from "../model/entity.ts";
import type { JsonObject } from "../model/json.ts";
import type { EntityMapping, JqSource, MappedSearch, MappingResource } from "../model/mapping.ts";
import type { BucketFields } from "../store/ledger-store.ts";

/** What the entities of a resource have from it, by blueprint; undefined if the blueprint is computed. */
export function toBucketFields({ mappings }: Pick<MappingResource, "mappings">): BucketFields | undefined {
  const fields: Record<string, readonly string[]> = {};
  for (const mapping of mappings) {
    const blueprint = toLiteral(mapping.blueprint);
    if (blueprint === undefined) return undefined;
    fields[blueprint] = [...(fields[blueprint] ?? []), ...listFields(mapping)];
  }
  return fields;
}

/** The entity with nothing in it but these fields, all of them empty: written over the entity, it clears them. */
export function toClearing(key: EntityKey, fields: readonly string[]): EntityInput {
  const of = (group: string): JsonObject =>
    Object.fromEntries(
      fields.flatMap((field) => (field.startsWith(`${group}.`) ? [[field.slice(group.length + 1), null]] : [])),
    );
  const own = Object.fromEntries(
    ["title", "icon", "team"].flatMap((name) => (fields.includes(name) ? [[name, null]] : [])),
  );
  const relations = of("relations") as Readonly<Record<string, null>>; // as made above
  return { ...key, ...own, properties: of("properties"), relations };
}

function listFields({ title, icon, team, properties, relations }: EntityMapping): readonly string[] {
  const own: Readonly<Record<string, JqSource | MappedSearch | undefined>> = { title, icon, team };
  return [
    ...Object.keys(own).filter((name) => own[name] !== undefined),
    ...Object.keys(properties).map((name) => `properties.${name}`),
    ...Object.keys(relations).map((name) => `relations.${name}`),
  ];
}

/** The text that a program like `"jiraIssue"` always gives. */
function toLiteral({ source }: JqSource): string | undefined {
  return /^\s*"([^"\\]*)"\s*$/.exec(source)?.[1];
}
