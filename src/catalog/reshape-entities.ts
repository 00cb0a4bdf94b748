import type { SearchCondition } from "../model/search.ts";
import type { EntityRow, WriteOrigin } from "../store/entity-store.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";
import { writeEntities, type CatalogServices } from "./write-entities.ts";

export const EVERYTHING: SearchCondition = { type: "all", conditions: [] };
const PAGE_SIZE = 500;

/** All entities of a blueprint, page by page, in the order of their identifiers. */
export async function* listRows(
  { id }: LoadedBlueprint,
  { entities }: Pick<CatalogServices, "entities">,
): AsyncGenerator<readonly EntityRow[]> {
  let from: string | undefined;
  do {
    const search = { blueprintId: id, rule: EVERYTHING, limit: PAGE_SIZE };
    const page = await entities.search({ ...search, ...(from !== undefined && { from }) });
    yield page.rows;
    from = page.next;
  } while (from !== undefined);
}

/**
 * Fits the entities of a blueprint to its change: values of properties and relations that are gone are dropped, and what
 * is calculated is calculated anew. Entities that hold what they should are not written. Can be repeated after a crash.
 */
export async function reshapeEntities(
  loaded: LoadedBlueprint,
  origin: WriteOrigin,
  services: CatalogServices,
): Promise<void> {
  const { registry } = services;
  const mode = { existing: "merge", absent: "refuse", missingTarget: "hold", upkeep: "reshape" } as const;
  for await (const rows of listRows(loaded, services)) {
    const blueprint = loaded.blueprint.identifier;
    const inputs = rows.map(({ identifier }) => ({ blueprint, identifier }));
    await writeEntities(inputs, mode, origin, services);
  }
  await registry.settle(loaded);
}
