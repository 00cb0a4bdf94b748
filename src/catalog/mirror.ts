import { own, type Json, type JsonObject } from "../model/json.ts";
import type { MetaProperty } from "../model/search.ts";
import { toTimestamp } from "../runtime/clock.ts";
import type { EntityRow, EntityStore, Relations } from "../store/entity-store.ts";
import type { BlueprintRegistry } from "./blueprint-registry.ts";
import type { Mirror } from "./mirror-index.ts";
import { toTargetList } from "./relations.ts";

interface Services {
  readonly registry: BlueprintRegistry;
  readonly entities: Pick<EntityStore, "findRows">;
}

interface Source {
  readonly blueprintId: number;
  readonly relations: Relations;
}

/** Mirrored properties of each entity, as the entities they come from are now. */
export async function mirror(sources: readonly Source[], services: Services): Promise<readonly JsonObject[]> {
  const { mirrors } = services.registry;
  if (mirrors.isEmpty) return sources.map(() => ({}));
  return mirrorAs(sources, (blueprintId) => mirrors.mirrorsOf(blueprintId), services);
}

/** As `mirror`, of mirrors that the blueprint need not have. */
export async function mirrorAs(
  sources: readonly Source[],
  toMirrors: (blueprintId: number) => readonly Mirror[],
  services: Services,
): Promise<readonly JsonObject[]> {
  const results: Record<string, Json>[] = sources.map(() => ({}));
  const rows = new RowCache(services);
  for (const [blueprintId, members] of Map.groupBy(sources.entries(), ([, source]) => source.blueprintId)) {
    for (const each of toMirrors(blueprintId)) {
      const values = await follow(
        members.map(([, source]) => source),
        each,
        rows,
      );
      for (const [position, [index]] of members.entries()) {
        const result = results[index];
        if (result !== undefined) result[each.name] = values[position] ?? null;
      }
    }
  }
  return results;
}

/** Along relations that take one entity the value itself, else the list of the values that there are. */
async function follow(members: readonly Source[], { steps, property }: Mirror, rows: RowCache): Promise<Json[]> {
  let ends: readonly (readonly Pick<Source, "relations">[])[] = members.map((member) => [member]);
  for (const { relation, blueprintId } of steps) {
    const targets = ends.map((here) => here.flatMap(({ relations }) => toTargetList(own(relations, relation))));
    await rows.read(blueprintId, targets.flat());
    ends = targets.map((identifiers) => rows.listRead(blueprintId, identifiers));
  }
  const isMany = steps.some((step) => step.isMany);
  return ends.map((reached) => {
    // The last step made them rows.
    const values = (reached as readonly EntityRow[])
      .map((row) => toValue(row, property))
      .filter((each) => each !== null);
    return isMany ? values : (values[0] ?? null);
  });
}

function toValue(row: EntityRow, property: string): Json {
  if (Object.hasOwn(META_VALUES, property)) return META_VALUES[property as keyof typeof META_VALUES](row); // just asked
  return own(row.properties, property) ?? own(row.computed, property) ?? null;
}

const META_VALUES = {
  $identifier: (row) => row.identifier,
  $title: (row) => row.title,
  $icon: (row) => row.icon,
  $team: (row) => row.team,
  $createdAt: (row) => toTimestamp(row.createdAtMs),
  $createdBy: (row) => row.createdBy,
  $updatedAt: (row) => toTimestamp(row.updatedAtMs),
  $updatedBy: (row) => row.updatedBy,
  $datasource: (row) => row.dataSource,
} satisfies Readonly<Record<Exclude<MetaProperty, "$blueprint">, (row: EntityRow) => Json>>;

export const MIRRORED_META: readonly string[] = Object.keys(META_VALUES);

/** Rows that were read for one answer: many entities share their projects and people. */
class RowCache {
  readonly #entities: Services["entities"];
  readonly #rows = new Map<number, Map<string, EntityRow | undefined>>();

  constructor({ entities }: Services) {
    this.#entities = entities;
  }

  async read(blueprintId: number, identifiers: readonly string[]): Promise<void> {
    const known = this.#of(blueprintId);
    const unknown = [...new Set(identifiers)].filter((identifier) => !known.has(identifier));
    if (unknown.length === 0) return;
    for (const identifier of unknown) known.set(identifier, undefined);
    for (const row of await this.#entities.findRows(blueprintId, unknown)) known.set(row.identifier, row);
  }

  listRead(blueprintId: number, identifiers: readonly string[]): readonly EntityRow[] {
    const known = this.#of(blueprintId);
    return identifiers.flatMap((identifier) => known.get(identifier) ?? []);
  }

  #of(blueprintId: number): Map<string, EntityRow | undefined> {
    let known = this.#rows.get(blueprintId);
    if (known === undefined) this.#rows.set(blueprintId, (known = new Map()));
    return known;
  }
}
