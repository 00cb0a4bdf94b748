import type { Caller, Catalog } from "../catalog/catalog.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import type { JsonObject } from "../model/json.ts";
import type { SettingsStore } from "../store/settings-store.ts";

const SETTING = "default-blueprints-created";

/**
 * Creates the default blueprints that are absent, once in the life of a catalog: what people change or delete afterwards
 * stays theirs.
 */
export async function initializeCatalog(
  catalog: Catalog,
  blueprints: readonly JsonObject[],
  settings: SettingsStore,
  caller: Caller,
): Promise<void> {
  if ((await settings.find(SETTING)) === true) return;
  await catalog.refresh();
  const existing = new Set(catalog.listBlueprints().map(({ identifier }) => identifier));
  for (const blueprint of blueprints) {
    const { identifier } = blueprint;
    const isThere = typeof identifier === "string" && existing.has(identifier);
    if (!isThere) await createOnce(catalog, blueprint, caller);
  }
  await settings.save(SETTING, true);
}

/** Another process that starts at the same time may come first. */
async function createOnce(catalog: Catalog, blueprint: JsonObject, caller: Caller): Promise<void> {
  try {
    await catalog.createBlueprint(blueprint, caller);
  } catch (error) {
    if (!(error instanceof CatalogError) || error.portCode !== "identifier_taken") throw error;
  }
}
