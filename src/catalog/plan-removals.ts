import type { EntityKey } from "../model/entity.ts";
import { own } from "../model/json.ts";
import type { EntityPlan, EntityRef, EntityRow, PlannedRow, Referrer } from "../store/entity-store.ts";
import type { BlueprintRegistry } from "./blueprint-registry.ts";
import { CatalogError } from "./catalog-error.ts";
import { computeValues } from "./compute-values.ts";
import { EntityRefSet } from "./entity-ref-set.ts";
import { toBlueprintVersions, type PlanServices } from "./plan-entities.ts";
import { toEdges, withoutTargets } from "./relations.ts";
import { toStub } from "./stub.ts";
import { toPlannedRow } from "./to-planned-row.ts";

export interface RemovalMode {
  /** Entities that require a removed one: removed too, a reason to refuse, or like any other that points at it. */
  readonly dependents: "remove" | "refuse" | "ignore";
  /** Entities that stay and point at a removed one: they let go of it, or it stays as a stub. */
  readonly referenced: "detach" | "stub";
  /** Pass over what is not a stub (any more). */
  readonly onlyStubs?: boolean;
}

export interface RemovalPlan extends EntityPlan {
  readonly deleted: readonly EntityKey[];
  readonly kept: readonly EntityKey[];
}

/** A relation from an entity that stays to one that goes. */
interface Loss extends Referrer {
  readonly targetBlueprintId: number;
}

/** Plans the removal of entities so that no relation dangles afterwards. Keys that do not exist are passed over. */
export async function planRemovals(
  keys: readonly EntityKey[],
  mode: RemovalMode,
  services: PlanServices,
): Promise<RemovalPlan> {
  const versions = services.registry.versions();
  const { going, losses } = await findGoing(keys, mode, services);
  const plan =
    mode.referenced === "stub" ? keepAsStubs(going, losses, services.registry) : await detach(going, losses, services);
  return { ...plan, blueprints: toBlueprintVersions([...plan.rows, ...plan.removals], versions) };
}

async function findGoing(
  keys: readonly EntityKey[],
  mode: RemovalMode,
  services: PlanServices,
): Promise<{ readonly going: readonly EntityRow[]; readonly losses: readonly Loss[] }> {
  const { registry } = services;
  const found = await readRows(toRefs(keys, registry), services);
  let fresh = mode.onlyStubs === true ? found.filter((row) => row.isStub) : found;
  const going: EntityRow[] = [];
  const isGoing = new EntityRefSet();
  const referrers: Loss[] = [];
  while (fresh.length > 0) {
    going.push(...fresh);
    for (const row of fresh) isGoing.add(row.blueprintId, row.identifier);
    const pointing = await listReferrers(fresh, services);
    referrers.push(...pointing);
    const dependents = pointing.filter(
      ({ blueprintId, identifier, relation }) =>
        !isGoing.has(blueprintId, identifier) &&
        own(registry.getById(blueprintId).blueprint.relations, relation)?.required === true,
    );
    if (mode.dependents === "refuse") refuse(dependents, registry);
    fresh = mode.dependents === "remove" ? await readRows(dependents, services) : [];
  }
  return { going, losses: referrers.filter((each) => !isGoing.has(each.blueprintId, each.identifier)) };
}

function refuse([first]: readonly Loss[], registry: BlueprintRegistry): void {
  if (first === undefined) return;
  const { blueprint } = registry.getById(first.blueprintId);
  throw new CatalogError(
    "has_dependents",
    `The entity "${first.identifier}" of blueprint "${blueprint.identifier}" requires "${first.target}": delete both, with delete_dependents=true`,
  );
}

function keepAsStubs(
  going: readonly EntityRow[],
  losses: readonly Loss[],
  registry: BlueprintRegistry,
): Omit<RemovalPlan, "blueprints"> {
  const wanted = new EntityRefSet();
  for (const { targetBlueprintId, target } of losses) wanted.add(targetBlueprintId, target);
  const [kept, removed] = partition(going, (row) => wanted.has(row.blueprintId, row.identifier));
  const rows = kept
    .filter((row) => !row.isStub)
    .map((row) => toStub(registry.getById(row.blueprintId), row.identifier, row.version));
  return toPlan(rows, removed, kept, registry);
}

async function detach(
  going: readonly EntityRow[],
  losses: readonly Loss[],
  services: PlanServices,
): Promise<Omit<RemovalPlan, "blueprints">> {
  const byReferrer = Map.groupBy(losses, toText);
  const detached = (await readRows(losses, services)).map((row) => ({
    ...row,
    relations: withoutTargets(row.relations, byReferrer.get(toText(row)) ?? []),
  }));
  const computed = await computeValues(detached, services);
  const rows = detached.map((row, index) =>
    toPlannedRow(row, computed[index], {
      expectedVersion: row.version,
      isStub: row.isStub,
      keepsAuthor: true,
      edges: toEdges(row.relations, services.registry.getById(row.blueprintId), services.registry),
      pending: undefined,
    }),
  );
  return toPlan(rows, going, [], services.registry);
}

function toPlan(
  rows: readonly PlannedRow[],
  removed: readonly EntityRow[],
  kept: readonly EntityRow[],
  registry: BlueprintRegistry,
): Omit<RemovalPlan, "blueprints"> {
  const toKey = ({ blueprintId, identifier }: EntityRef): EntityKey => ({
    blueprint: registry.getById(blueprintId).blueprint.identifier,
    identifier,
  });
  return {
    rows,
    removals: removed.map(({ blueprintId, identifier, version }) => ({
      blueprintId,
      identifier,
      expectedVersion: version,
    })),
    deleted: removed.map(toKey),
    kept: kept.map(toKey),
  };
}

async function listReferrers(rows: readonly EntityRow[], { entities }: PlanServices): Promise<readonly Loss[]> {
  const found: Loss[] = [];
  for (const [targetBlueprintId, group] of Map.groupBy(rows, (row) => row.blueprintId)) {
    const identifiers = group.map((row) => row.identifier);
    const referrers = await entities.listReferrers(targetBlueprintId, identifiers);
    found.push(...referrers.map((referrer) => ({ ...referrer, targetBlueprintId })));
  }
  return found;
}

async function readRows(refs: readonly EntityRef[], { entities }: PlanServices): Promise<EntityRow[]> {
  const rows: EntityRow[] = [];
  for (const [blueprintId, group] of Map.groupBy(refs, (ref) => ref.blueprintId)) {
    rows.push(...(await entities.findRows(blueprintId, [...new Set(group.map((ref) => ref.identifier))])));
  }
  return rows;
}

function toRefs(keys: readonly EntityKey[], registry: BlueprintRegistry): EntityRef[] {
  return keys.flatMap(({ blueprint, identifier }) => {
    const loaded = registry.find(blueprint);
    return loaded === undefined ? [] : [{ blueprintId: loaded.id, identifier }];
  });
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function toText({ blueprintId, identifier }: EntityRef): string {
  return `${blueprintId} ${identifier}`;
}
