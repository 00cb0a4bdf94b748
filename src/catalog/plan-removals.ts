import type { EntityKey } from "../model/entity.ts";
import type { EntityRow, EntityStore, PlannedRemoval, PlannedRow, Relations } from "../store/entity-store.ts";
import type { BlueprintRegistry } from "./blueprint-registry.ts";
import { CatalogError } from "./catalog-error.ts";
import { toStub } from "./plan-entities.ts";

export interface RemovalMode {
  /** Entities that require a removed one: removed too, or a reason to refuse. */
  readonly dependents: "remove" | "refuse";
  /** Entities that only point at a removed one: they let go of it, or it stays as a stub. */
  readonly referenced: "detach" | "stub";
}

export interface RemovalPlan {
  readonly rows: readonly PlannedRow[];
  readonly removals: readonly PlannedRemoval[];
  readonly deleted: readonly EntityKey[];
  readonly kept: readonly EntityKey[];
}

/** Plans the removal of entities so that no relation dangles afterwards. Keys that do not exist are passed over. */
export async function planRemovals(
  keys: readonly EntityKey[],
  mode: RemovalMode,
  services: { readonly registry: BlueprintRegistry; readonly entities: EntityStore },
): Promise<RemovalPlan> {
  const { registry, entities } = services;
  const going = await readRows(keys, services);
  const referrers = new Map<string, Referrer>();
  let fresh = [...going.values()];
  while (fresh.length > 0) {
    const found = await listReferrers(fresh, entities);
    const dependents = new Map<string, EntityKey>();
    for (const referrer of found) {
      const { blueprint } = registry.getById(referrer.blueprintId);
      const key = { blueprint: blueprint.identifier, identifier: referrer.identifier };
      const text = toText(referrer.blueprintId, referrer.identifier);
      referrers.set(`${text} ${referrer.relation} ${referrer.targetBlueprintId} ${referrer.target}`, referrer);
      if (!going.has(text) && blueprint.relations[referrer.relation]?.required === true) dependents.set(text, key);
    }
    const [first] = dependents.values();
    if (first !== undefined && mode.dependents === "refuse") {
      throw new CatalogError(
        "has_dependents",
        `The entity "${first.identifier}" of blueprint "${first.blueprint}" requires an entity to be deleted (has_dependents): delete it too with delete_dependents=true`,
      );
    }
    const added = await readRows([...dependents.values()], services);
    for (const [text, row] of added) going.set(text, row);
    fresh = [...added.values()];
  }
  const outside = [...referrers.values()].filter(
    (referrer) => !going.has(toText(referrer.blueprintId, referrer.identifier)),
  );
  return mode.referenced === "stub" ? keepAsStubs(going, outside, registry) : detach(going, outside, services);
}

interface Referrer {
  readonly blueprintId: number;
  readonly identifier: string;
  readonly relation: string;
  readonly target: string;
  readonly targetBlueprintId: number;
}

function keepAsStubs(
  going: ReadonlyMap<string, EntityRow>,
  outside: readonly Referrer[],
  registry: BlueprintRegistry,
): RemovalPlan {
  const wanted = new Set(outside.map((referrer) => toText(referrer.targetBlueprintId, referrer.target)));
  const rows = [...going].filter(([text]) => wanted.has(text)).map(([, row]) => row);
  const removed = [...going].filter(([text]) => !wanted.has(text)).map(([, row]) => row);
  return {
    rows: rows
      .filter((row) => !row.isStub)
      .map((row) => toStub(row.blueprintId, row.identifier, row.version, registry)),
    removals: removed.map(toRemoval),
    deleted: removed.map((row) => toKey(row, registry)),
    kept: rows.map((row) => toKey(row, registry)),
  };
}

async function detach(
  going: ReadonlyMap<string, EntityRow>,
  outside: readonly Referrer[],
  services: { readonly registry: BlueprintRegistry; readonly entities: EntityStore },
): Promise<RemovalPlan> {
  const { registry } = services;
  const keys = outside.map(({ blueprintId, identifier }) => ({
    blueprint: registry.getById(blueprintId).blueprint.identifier,
    identifier,
  }));
  const changed = await readRows(keys, services);
  const lost = Map.groupBy(outside, (referrer) => toText(referrer.blueprintId, referrer.identifier));
  return {
    rows: [...changed].map(([text, row]) => letGo(row, lost.get(text) ?? [], registry)),
    removals: [...going.values()].map(toRemoval),
    deleted: [...going.values()].map((row) => toKey(row, registry)),
    kept: [],
  };
}

function letGo(row: EntityRow, lost: readonly Referrer[], registry: BlueprintRegistry): PlannedRow {
  const { blueprint } = registry.getById(row.blueprintId);
  const gone = new Set(lost.map(({ relation, target }) => `${relation}\u0000${target}`));
  const isGone = (relation: string, target: string): boolean => gone.has(`${relation}\u0000${target}`);
  const relations: Relations = Object.fromEntries(
    Object.entries(row.relations).map(([name, value]): [string, string | readonly string[] | null] => {
      if (value === null) return [name, null];
      if (typeof value === "string") return [name, isGone(name, value) ? null : value];
      return [name, value.filter((target) => !isGone(name, target))];
    }),
  );
  const edges = Object.entries(relations).flatMap(([relation, value]) => {
    const targetBlueprintId = registry.get(blueprint.relations[relation]?.target ?? "").id;
    const targets = value === null ? [] : typeof value === "string" ? [value] : value;
    return targets.map((target) => ({ relation, targetBlueprintId, target }));
  });
  const { blueprintId, identifier, title, icon, team, properties, computed, isStub } = row;
  return {
    ...{ blueprintId, identifier, title, icon, team, properties, computed, isStub, relations, edges },
    expectedVersion: row.version,
    setRelations: [],
    pending: [],
  };
}

async function listReferrers(rows: readonly EntityRow[], entities: EntityStore): Promise<readonly Referrer[]> {
  const found: Referrer[] = [];
  for (const [targetBlueprintId, group] of Map.groupBy(rows, (row) => row.blueprintId)) {
    const referrers = await entities.listReferrers(
      targetBlueprintId,
      group.map((row) => row.identifier),
    );
    found.push(...referrers.map((referrer) => ({ ...referrer, targetBlueprintId })));
  }
  return found;
}

async function readRows(
  keys: readonly EntityKey[],
  { registry, entities }: { readonly registry: BlueprintRegistry; readonly entities: EntityStore },
): Promise<Map<string, EntityRow>> {
  const rows: EntityRow[] = [];
  for (const [blueprint, group] of Map.groupBy(keys, (key) => key.blueprint)) {
    const id = registry.find(blueprint)?.id;
    const identifiers = group.map((key) => key.identifier);
    if (id !== undefined) rows.push(...(await entities.findRows(id, identifiers)));
  }
  return new Map(rows.map((row) => [toText(row.blueprintId, row.identifier), row]));
}

function toRemoval({ blueprintId, identifier, version }: EntityRow): PlannedRemoval {
  return { blueprintId, identifier, expectedVersion: version };
}

function toKey(row: EntityRow, registry: BlueprintRegistry): EntityKey {
  return { blueprint: registry.getById(row.blueprintId).blueprint.identifier, identifier: row.identifier };
}

function toText(blueprintId: number, identifier: string): string {
  return `${blueprintId} ${identifier}`;
}
