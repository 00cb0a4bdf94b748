import type { EntityPlan, EntityRef } from "../store/entity-store.ts";
import { EntityRefSet } from "./entity-ref-set.ts";
import type { MirrorChain } from "./mirror-index.ts";
import type { PlanServices } from "./plan-entities.ts";

/**
 * The entities whose mirrored values may not be right after a commit: those that were written, since what they mirror may
 * have changed between their plan and their commit, and those that mirror them.
 */
export async function listDependents(plan: EntityPlan, services: PlanServices): Promise<readonly EntityRef[]> {
  const { mirrors } = services.registry;
  if (mirrors.isEmpty) return [];
  const found = new EntityRefSet();
  for (const [blueprintId, rows] of Map.groupBy(plan.rows, (row) => row.blueprintId)) {
    if (mirrors.mirrorsOf(blueprintId).length > 0) {
      for (const { identifier } of rows) found.add(blueprintId, identifier);
    }
    // Nobody points at a new entity but those that are written with it.
    const changed = rows.filter((row) => row.expectedVersion !== null).map((row) => row.identifier);
    if (changed.length === 0) continue;
    for (const chain of mirrors.chainsFrom(blueprintId)) {
      await follow(chain, blueprintId, changed, found, services);
    }
  }
  return [...found.groups()].flatMap(([blueprintId, identifiers]) =>
    [...identifiers].map((identifier) => ({ blueprintId, identifier })),
  );
}

async function follow(
  chain: MirrorChain,
  blueprintId: number,
  identifiers: readonly string[],
  found: EntityRefSet,
  { entities }: PlanServices,
): Promise<void> {
  let here = { blueprintId, identifiers };
  for (const { relation, fromBlueprintId } of chain) {
    if (here.identifiers.length === 0) return;
    const referrers = await entities.listReferrers(here.blueprintId, here.identifiers);
    const next = referrers.filter((each) => each.relation === relation && each.blueprintId === fromBlueprintId);
    here = { blueprintId: fromBlueprintId, identifiers: [...new Set(next.map((each) => each.identifier))] };
  }
  for (const identifier of here.identifiers) found.add(here.blueprintId, identifier);
}
