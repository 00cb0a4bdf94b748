import type { WriteOrigin } from "../store/entity-store.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";
import { listRows } from "./list-rows.ts";
import { RESHAPE, writeEntities, type CatalogServices } from "./write-entities.ts";

/**
 * Fits the entities of a blueprint to its change: values of properties and relations that are gone are dropped, and what
 * is computed is computed anew. Entities that hold what they should are not written. Can be repeated after a crash.
 */
export async function reshapeEntities(
  loaded: LoadedBlueprint,
  origin: WriteOrigin,
  services: CatalogServices,
): Promise<void> {
  const blueprint = loaded.blueprint.identifier;
  for await (const rows of listRows(loaded.id, services)) {
    const inputs = rows.map(({ identifier }) => ({ blueprint, identifier }));
    await writeEntities(inputs, RESHAPE, origin, services);
  }
  if (loaded.hasOldEntities) await services.registry.settle(loaded);
}
