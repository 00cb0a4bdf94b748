import type { JqEngine } from "../jq/jq-engine.ts";
import type { EntityInput, EntityKey } from "../model/entity.ts";
import { QuaysideError } from "../runtime/errors.ts";
import type {
  EntityPlan,
  EntityRef,
  EntityRow,
  EntityStore,
  PlannedRow,
  WaitingEdge,
  WriteOrigin,
} from "../store/entity-store.ts";
import type { BlueprintRegistry, LoadedBlueprint } from "./blueprint-registry.ts";
import type { EntityState } from "./calculate.ts";
import { CatalogError } from "./catalog-error.ts";
import { computeValues } from "./compute-values.ts";
import { assertIdentifier, toContent, toStoredContent } from "./entity-draft.ts";
import { EntityRefSet } from "./entity-ref-set.ts";
import { isEqual, place, toRow, type Draft, type Existing, type Placed } from "./place-draft.ts";
import { toEdges } from "./relations.ts";
import { hasSearches, resolveSearches } from "./resolve-searches.ts";
import { toStub } from "./stub.ts";
import { findBase } from "./system-blueprints.ts";

export interface WriteMode {
  /** What happens to an entity that exists: refuse, change the keys given, or keep only what is given. */
  readonly existing: "refuse" | "merge" | "override";
  /** What happens to one that does not. */
  readonly absent: "create" | "refuse";
  /** What happens to a relation whose target does not exist: refuse the entity, make a stub, or hold it back. */
  readonly missingTarget: "refuse" | "stub" | "hold";
  /** With stubs: those that may not be made, of people and teams, refuse the entity; else their relations are held back. */
  readonly refusesProtected?: boolean;
  /**
   * The entities are not written by their author but put in order: they keep it, and what they hold is not checked.
   * `settle` completes relations that were held back; `reshape` fits entities to their changed blueprint.
   */
  readonly upkeep?: "settle" | "reshape";
}

export type EntityOutcome =
  | {
      readonly result: "created" | "updated" | "unchanged";
      readonly key: EntityKey;
      readonly row: EntityState;
      /** Relations held back: their targets do not exist. */
      readonly waiting: readonly WaitingEdge[];
    }
  | { readonly result: "failed"; readonly key: EntityKey; readonly error: QuaysideError };

export interface PlanServices {
  readonly registry: BlueprintRegistry;
  readonly entities: EntityStore;
  readonly jq: JqEngine;
}

export interface EntityWritePlan extends EntityPlan {
  /** One per input, in order; true once the plan is applied. */
  readonly outcomes: readonly EntityOutcome[];
  readonly stubs: number;
}

type Drafts = Map<string, Draft>;

/**
 * Turns inputs into rows to write, against the state as it is now. An input that cannot be written fails alone. Inputs
 * may point at each other, in any order; of two inputs for one entity the later builds on the earlier.
 */
export async function planEntities(
  inputs: readonly EntityInput[],
  mode: WriteMode,
  origin: WriteOrigin,
  services: PlanServices,
): Promise<EntityWritePlan> {
  const { registry } = services;
  const versions = registry.versions();
  const outcomes: EntityOutcome[] = [];
  const known = await resolveAll(inputs, origin.atMs, services, outcomes);
  const drafts = await draftAll(known, mode, services, outcomes);
  const there = await findTargets(drafts, services);
  if (mode.missingTarget === "refuse")
    refuseMissing(drafts, there, (edge) => toMissingTarget(edge, registry), outcomes);
  if (mode.refusesProtected === true) refuseMissing(drafts, there, (edge) => toProtected(edge, registry), outcomes);
  const stubs = mode.missingTarget === "stub" ? planStubs(drafts, there, registry) : [];
  const placed = [...drafts.values()].map((draft) => place(draft, there, mode.upkeep !== undefined, origin));
  const changed = placed.filter((entity) => !entity.isSame || mode.upkeep === "reshape");
  const computed = await computeValues(
    changed.map((entity) => entity.state),
    services,
  );
  const rows = new Map<Placed, PlannedRow>();
  for (const [index, entity] of changed.entries()) {
    const values = computed[index] ?? {};
    if (entity.isSame && isEqual(entity.draft.existing?.row.computed, values)) continue;
    rows.set(entity, toRow(entity, values, mode.upkeep !== undefined));
  }
  for (const entity of placed) {
    const { draft, state, pending } = entity;
    const result = !rows.has(entity) ? "unchanged" : draft.existing === undefined ? "created" : "updated";
    const row = result === "unchanged" && draft.existing !== undefined ? draft.existing.row : state;
    const outcome = { result, key: toKey(draft), row, waiting: pending } as const;
    for (const index of draft.indexes) outcomes[index] = outcome;
  }
  const all = [...stubs, ...rows.values()];
  return { blueprints: toBlueprintVersions(all, versions), rows: all, removals: [], outcomes, stubs: stubs.length };
}

/** Inputs without searches; undefined where a search did not find what it must. */
async function resolveAll(
  inputs: readonly EntityInput[],
  nowMs: number,
  services: PlanServices,
  outcomes: EntityOutcome[],
): Promise<readonly (EntityInput | undefined)[]> {
  const resolved: (EntityInput | undefined)[] = [...inputs];
  for (const [index, input] of inputs.entries()) {
    if (!hasSearches(input)) continue;
    try {
      resolved[index] = await resolveSearches(input, { ...services, nowMs });
    } catch (error) {
      outcomes[index] = toFailed(input, error);
      resolved[index] = undefined;
    }
  }
  return resolved;
}

async function draftAll(
  inputs: readonly (EntityInput | undefined)[],
  mode: WriteMode,
  services: PlanServices,
  outcomes: EntityOutcome[],
): Promise<Drafts> {
  const existing = await readExisting(
    inputs.filter((input) => input !== undefined),
    services,
  );
  const drafts: Drafts = new Map();
  for (const [index, input] of inputs.entries()) {
    if (input === undefined) continue;
    try {
      const loaded = services.registry.get(input.blueprint);
      const identifier = assertIdentifier(input.identifier);
      const text = toText({ blueprintId: loaded.id, identifier });
      const draft = toDraft(input, identifier, loaded, mode, {
        earlier: drafts.get(text),
        existing: existing.get(text),
      });
      drafts.set(text, {
        ...draft,
        edges: toEdges(draft.content.wanted, loaded, services.registry),
        indexes: [...(drafts.get(text)?.indexes ?? []), index],
      });
    } catch (error) {
      outcomes[index] = toFailed(input, error);
    }
  }
  return drafts;
}

function toDraft(
  input: EntityInput,
  identifier: string,
  loaded: LoadedBlueprint,
  mode: WriteMode,
  { earlier, existing }: { readonly earlier: Draft | undefined; readonly existing: Existing | undefined },
): Omit<Draft, "indexes" | "edges"> {
  const before = earlier?.content ?? existing?.content;
  const name = `"${identifier}" of blueprint "${input.blueprint}"`;
  if (before !== undefined && mode.existing === "refuse") {
    throw new CatalogError("identifier_taken", `An entity ${name} exists already`);
  }
  if (before === undefined && mode.absent === "refuse") {
    throw new CatalogError("not_found", `The entity ${name} was not found`);
  }
  const draft = { blueprintId: loaded.id, identifier, loaded, existing };
  if (mode.upkeep !== undefined && before !== undefined) {
    const given = new Set(mode.upkeep === "settle" ? Object.keys(loaded.blueprint.relations) : []);
    return { ...draft, content: before, given };
  }
  // A stub holds nothing of its own that could be kept.
  const isNew = earlier === undefined && existing?.row.isStub !== false;
  const content = toContent(input, identifier, mode.existing === "merge" && !isNew ? before : undefined, loaded);
  return { ...draft, content, given: new Set([...(earlier?.given ?? []), ...Object.keys(input.relations ?? {})]) };
}

/** Rows first, then what they wait for: if somebody writes in between, the plan is stale, never wrong. */
async function readExisting(
  inputs: readonly EntityInput[],
  { registry, entities }: PlanServices,
): Promise<ReadonlyMap<string, Existing>> {
  const rows: EntityRow[] = [];
  for (const [blueprint, group] of Map.groupBy(inputs, (input) => input.blueprint)) {
    const id = registry.find(blueprint)?.id;
    const identifiers = group.flatMap(({ identifier }) => (typeof identifier === "string" ? [identifier] : []));
    if (id !== undefined) rows.push(...(await entities.findRows(id, identifiers)));
  }
  const pending = rows.length > 0 ? await entities.findPending(rows.map((row) => row.id)) : [];
  const waiting = Map.groupBy(pending, (edge) => edge.sourceId);
  return new Map(
    rows.map((row) => {
      const edges = waiting.get(row.id) ?? [];
      const content = toStoredContent(row, edges, registry.getById(row.blueprintId));
      return [toText(row), { row, waiting: edges.length, content }];
    }),
  );
}

/** The targets that are there, or will be once the drafts are written. */
async function findTargets(drafts: Drafts, { entities }: PlanServices): Promise<EntityRefSet> {
  const there = new EntityRefSet();
  const wanted = new EntityRefSet();
  for (const draft of drafts.values()) {
    there.add(draft.blueprintId, draft.identifier);
    for (const edge of draft.edges) wanted.add(edge.targetBlueprintId, edge.target);
  }
  for (const [blueprintId, identifiers] of wanted.groups()) {
    const unknown = [...identifiers].filter((identifier) => !there.has(blueprintId, identifier));
    for (const identifier of await entities.findExisting(blueprintId, unknown)) there.add(blueprintId, identifier);
  }
  return there;
}

/** Refusing one entity can leave another without its target, so this goes on until nothing changes. */
function refuseMissing(
  drafts: Drafts,
  there: EntityRefSet,
  toRefusal: (missing: WaitingEdge) => CatalogError | undefined,
  outcomes: EntityOutcome[],
): void {
  let isSettled = false;
  while (!isSettled) {
    isSettled = true;
    for (const [text, draft] of drafts) {
      const [error] = listMissing(draft, there).flatMap((edge) => toRefusal(edge) ?? []);
      if (error === undefined) continue;
      for (const index of draft.indexes) outcomes[index] = { result: "failed", key: toKey(draft), error };
      drafts.delete(text);
      if (draft.existing === undefined) there.remove(draft.blueprintId, draft.identifier);
      isSettled = false;
    }
  }
}

export function toMissingTarget(edge: WaitingEdge, registry: BlueprintRegistry): CatalogError {
  const { blueprint } = registry.getById(edge.targetBlueprintId);
  return new CatalogError(
    "not_found",
    `The entity "${edge.target}" of blueprint "${blueprint.identifier}", target of the relation "${edge.relation}", was not found`,
  );
}

function toProtected(edge: WaitingEdge, registry: BlueprintRegistry): CatalogError | undefined {
  const { identifier } = registry.getById(edge.targetBlueprintId).blueprint;
  if (findBase(identifier) === undefined) return undefined;
  return new CatalogError(
    "protected_entity",
    `The entity "${edge.target}" of blueprint "${identifier}" was not found, and is not made on the way: create it first`,
  );
}

/** The stubs count as there from then on. */
function planStubs(drafts: Drafts, there: EntityRefSet, registry: BlueprintRegistry): PlannedRow[] {
  const stubs: PlannedRow[] = [];
  for (const draft of drafts.values()) {
    for (const { targetBlueprintId, target } of listMissing(draft, there)) {
      const loaded = registry.getById(targetBlueprintId);
      if (there.has(targetBlueprintId, target) || findBase(loaded.blueprint.identifier) !== undefined) continue;
      there.add(targetBlueprintId, target);
      stubs.push(toStub(loaded, target, null));
    }
  }
  return stubs;
}

function listMissing(draft: Draft, there: EntityRefSet): WaitingEdge[] {
  return draft.edges.filter(
    (edge) => draft.given.has(edge.relation) && !there.has(edge.targetBlueprintId, edge.target),
  );
}

/** `versions` as they were before the plan was begun, so that a change meanwhile makes it stale. */
export function toBlueprintVersions(
  rows: readonly EntityRef[],
  versions: ReadonlyMap<number, number>,
): EntityPlan["blueprints"] {
  return [...new Set(rows.map((row) => row.blueprintId))].map((id) => ({ id, version: versions.get(id) ?? 0 }));
}

function toText({ blueprintId, identifier }: EntityRef): string {
  return `${blueprintId} ${identifier}`;
}

function toKey({ loaded, identifier }: Draft): EntityKey {
  return { blueprint: loaded.blueprint.identifier, identifier };
}

/** A search identifier has no text, and Port's clients know it as "unknown". Only refusals concern one input alone. */
function toFailed({ blueprint, identifier }: EntityInput, error: unknown): EntityOutcome {
  if (!(error instanceof QuaysideError)) throw error;
  const key = { blueprint, identifier: typeof identifier === "string" ? identifier : "unknown" };
  return { result: "failed", key, error };
}
