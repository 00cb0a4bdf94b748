import type { Blueprint } from "../model/blueprint.ts";
import { own } from "../model/json.ts";
import type { EntityStore } from "../store/entity-store.ts";
import { CatalogError } from "./catalog-error.ts";
import { PropertyValidator } from "./property-validator.ts";
import { listRows } from "./list-rows.ts";

/** Keywords that say how a value shows, not what it may be. */
const PRESENTATION = new Set([
  "title",
  "description",
  "icon",
  "default",
  "enumColors",
  "spec",
  "specAuthentication",
  "dateFormat",
]);
const MAX_NAMED = 5;

/**
 * Throws CatalogError `blueprint_schema_mismatch`, naming the entities, when values that exist do not fit a property
 * whose definition changes. What is newly required may be missing: entities get it with their next write.
 */
export async function assertEntitiesFit(
  id: number,
  before: Blueprint,
  after: Blueprint,
  services: { readonly entities: EntityStore },
): Promise<void> {
  const changed = Object.entries(after.schema.properties).filter(([name, definition]) => {
    const old = own(before.schema.properties, name);
    return old !== undefined && toRules(old) !== toRules(definition);
  });
  if (changed.length === 0) return;
  const names = new Set(changed.map(([name]) => name));
  const validator = new PropertyValidator({
    ...after,
    schema: { properties: Object.fromEntries(changed), required: [] },
  });
  const misfits: string[] = [];
  let more = 0;
  for await (const rows of listRows(id, services)) {
    for (const { identifier, properties } of rows) {
      const concerned = Object.fromEntries(Object.entries(properties).filter(([name]) => names.has(name)));
      const [problem] = validator.listMisfits(concerned);
      if (problem === undefined) continue;
      if (misfits.length < MAX_NAMED) misfits.push(`"${identifier}": ${problem}`);
      else more++;
    }
  }
  if (misfits.length === 0) return;
  throw new CatalogError(
    "blueprint_schema_mismatch",
    `Entities of the blueprint "${after.identifier}" would not fit any more: ${misfits.join("; ")}${more > 0 ? ` (and ${more} more)` : ""}`,
    { entities: misfits },
  );
}

function toRules(definition: object): string {
  return JSON.stringify(
    Object.entries(definition)
      .filter(([key]) => !PRESENTATION.has(key))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
