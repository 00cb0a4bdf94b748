import type { Blueprint } from "../model/blueprint.ts";
import { own } from "../model/json.ts";
import { CatalogError } from "./catalog-error.ts";

/**
 * Throws CatalogError `invalid_request` when the change would leave entities with values of another kind than the
 * blueprint says. Remove such a property or relation first, then add it anew.
 */
export function assertCompatible(before: Blueprint, after: Blueprint): void {
  for (const [name, { type }] of Object.entries(after.schema.properties)) {
    const was = own(before.schema.properties, name)?.["type"];
    if (was !== undefined && was !== type) refuse("property", name, "type", was, type);
  }
  for (const [name, relation] of Object.entries(after.relations)) {
    const was = own(before.relations, name);
    if (was === undefined) continue;
    if (was.target !== relation.target) refuse("relation", name, "target", was.target, relation.target);
    if (was.many !== relation.many) refuse("relation", name, "many", was.many, relation.many);
  }
}

function refuse(what: string, name: string, key: string, before: unknown, after: unknown): never {
  throw new CatalogError(
    "invalid_request",
    `The ${key} of the ${what} "${name}" cannot change from "${String(before)}" to "${String(after)}": remove the ${what}, then add it anew`,
  );
}

/** Whether entities written before the change may hold something else than after it. */
export function concernsEntities(before: Blueprint, after: Blueprint): boolean {
  const isGone = (old: object, now: object): boolean => Object.keys(old).some((name) => !Object.hasOwn(now, name));
  return (
    isGone(before.schema.properties, after.schema.properties) ||
    isGone(before.relations, after.relations) ||
    JSON.stringify(before.calculationProperties) !== JSON.stringify(after.calculationProperties) ||
    JSON.stringify(before.mirrorProperties) !== JSON.stringify(after.mirrorProperties)
  );
}
