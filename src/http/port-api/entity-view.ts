import { z } from "@hono/zod-openapi";
import type { Catalog } from "../../catalog/catalog.ts";
import type { ReadOptions } from "../../catalog/read-form.ts";
import type { Entity } from "../../model/entity.ts";
import { own, type Json } from "../../model/json.ts";

/** An entity as asked for: some of its keys, perhaps with titles beside the identifiers of its relations. */
export type EntityView = Partial<Omit<Entity, "relations">> & { readonly relations?: Readonly<Record<string, Json>> };

export interface ViewOptions {
  /** Keys of the entity, properties, or relations; `properties.x` and `relations.x` are understood too. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** To be honoured where the entities are read: see `toReadOptions`. */
  readonly exclude_calculated_properties?: boolean;
  readonly attach_title_to_relation?: boolean;
  /** A mirror of a title becomes `{ identifier, title }`. */
  readonly attach_identifier_to_title_mirror_properties?: boolean;
}

/** How to read entities that are to be shown so: what is not shown is not computed. */
export function toReadOptions({ exclude_calculated_properties: isExcluded }: ViewOptions): ReadOptions {
  return { excludesComputed: isExcluded === true };
}

const text = { type: "string" } as const;
const time = { type: "string", format: "date-time" } as const;

export const entityView = z.custom<EntityView>().openapi("Entity", {
  type: "object",
  properties: {
    identifier: text,
    title: text,
    icon: { type: ["string", "null"] },
    blueprint: text,
    team: { type: "array", items: text },
    properties: { type: "object", description: "Every property of the blueprint, null when unset" },
    relations: { type: "object", description: "Every relation of the blueprint: an identifier, null, or a list" },
    createdAt: time,
    createdBy: text,
    updatedAt: time,
    updatedBy: text,
  },
});

/** Applies what the query asks for. Reads the titles of related entities only when they are wanted. */
export async function toEntityViews(
  entities: readonly Entity[],
  options: ViewOptions,
  catalog: Catalog,
): Promise<readonly EntityView[]> {
  const isWanted = createFilter(options);
  const attachesSources =
    options.attach_identifier_to_title_mirror_properties === true && options.exclude_calculated_properties !== true;
  const shown = attachesSources ? await attachSources(entities, catalog) : entities;
  const picked = shown.map((entity) => pick(entity, isWanted, options));
  return options.attach_title_to_relation === true ? attachTitles(picked, entities, catalog) : picked;
}

async function attachSources(entities: readonly Entity[], catalog: Catalog): Promise<readonly Entity[]> {
  const sources = await catalog.listTitleSources(entities);
  return entities.map((entity, index) => {
    const attached = Object.entries(sources[index] ?? {}).map(([name, identifier]): [string, Json] => [
      name,
      toTitledSource(identifier, own(entity.properties, name) ?? null),
    ]);
    return { ...entity, properties: { ...entity.properties, ...Object.fromEntries(attached) } };
  });
}

/** Lists are of equal length: every entity has a title. */
function toTitledSource(identifier: Json, title: Json): Json {
  if (Array.isArray(identifier)) {
    return identifier.map((each: Json, index) =>
      toTitledSource(each, Array.isArray(title) ? (title[index] ?? null) : null),
    );
  }
  return identifier === null ? null : { identifier, title };
}

/** Tells whether a key is asked for; `group` is `properties` or `relations` for what is inside of them. */
type Filter = (name: string, group?: string) => boolean;

function createFilter({ include, exclude }: ViewOptions): Filter {
  const included = include && new Set(include.map(withoutDollar));
  const excluded = new Set(exclude?.map(withoutDollar));
  return (name, group) => {
    const isIn = (names: ReadonlySet<string>): boolean =>
      names.has(name) || (group !== undefined && (names.has(group) || names.has(`${group}.${name}`)));
    return (included === undefined || isIn(included)) && !isIn(excluded);
  };
}

/** Meta-properties are known both as `$title` and as `title`. */
function withoutDollar(name: string): string {
  return name.startsWith("$") ? name.slice(1) : name;
}

function pick(entity: Entity, isWanted: Filter, options: ViewOptions): EntityView {
  const { properties, relations, ...others } = entity;
  const kept = Object.entries(properties).filter(([name]) => isWanted(name, "properties"));
  const related = Object.entries(relations).filter(([name]) => isWanted(name, "relations"));
  const isNarrowed = options.include !== undefined;
  return {
    ...Object.fromEntries(Object.entries(others).filter(([name]) => isWanted(name))),
    ...((!isNarrowed || kept.length > 0) && { properties: Object.fromEntries(kept) }),
    ...((!isNarrowed || related.length > 0) && { relations: Object.fromEntries(related) }),
  };
}

async function attachTitles(
  views: readonly EntityView[],
  entities: readonly Entity[],
  catalog: Catalog,
): Promise<readonly EntityView[]> {
  const titles = await readTitles(entities, catalog);
  return views.map((view, position) => {
    const targets = titles.get(entities[position]?.blueprint ?? "");
    const attach = (relation: string, value: Json): Json =>
      typeof value === "string"
        ? { identifier: value, title: targets?.get(relation)?.get(value) ?? value }
        : Array.isArray(value)
          ? value.map((each) => attach(relation, each))
          : value;
    if (view.relations === undefined) return view;
    const relations = Object.entries(view.relations).map(([name, value]) => [name, attach(name, value)]);
    return { ...view, relations: Object.fromEntries(relations) };
  });
}

/** Titles by blueprint of the referring entity, relation, and identifier. */
type Titles = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>;

async function readTitles(entities: readonly Entity[], catalog: Catalog): Promise<Titles> {
  const titles = new Map<string, Map<string, Map<string, string>>>();
  for (const [blueprint, group] of Map.groupBy(entities, (entity) => entity.blueprint)) {
    const byRelation = new Map<string, Map<string, string>>();
    for (const [relation, { target }] of Object.entries(catalog.getBlueprint(blueprint).relations)) {
      const identifiers = new Set(group.flatMap((entity) => own(entity.relations, relation) ?? []));
      byRelation.set(relation, await readTitlesOf(target, [...identifiers], catalog));
    }
    titles.set(blueprint, byRelation);
  }
  return titles;
}

const CHUNK = 1000;

async function readTitlesOf(
  blueprint: string,
  identifiers: readonly string[],
  catalog: Catalog,
): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  for (let start = 0; start < identifiers.length; start += CHUNK) {
    const value = identifiers.slice(start, start + CHUNK);
    const query = { combinator: "and", rules: [{ property: "$identifier", operator: "in", value }] };
    const { entities } = await catalog.search(query, { blueprint, limit: CHUNK, excludesComputed: true });
    for (const entity of entities) titles.set(entity.identifier, entity.title);
  }
  return titles;
}
