import type { JqEngine } from "../jq/jq-engine.ts";
import type { EntityInput, EntityKey } from "../model/entity.ts";
import type { JsonObject } from "../model/json.ts";
import { QuaysideError } from "../runtime/errors.ts";
import type {
  EntityPlan,
  EntityRef,
  EntityRow,
  EntityStore,
  PlannedRow,
  Relations,
  WaitingEdge,
  WriteOrigin,
} from "../store/entity-store.ts";
import type { BlueprintRegistry, LoadedBlueprint } from "./blueprint-registry.ts";
import { calculate, type EntityState } from "./calculate.ts";
import { CatalogError } from "./catalog-error.ts";
import { assertIdentifier, toContent, toStoredContent, type Content } from "./entity-draft.ts";
import { EntityRefSet } from "./entity-ref-set.ts";
import { toStub } from "./stub.ts";

export interface WriteMode {
  /** What happens to an entity that exists: refuse, change the keys given, or keep only what is given. */
  readonly existing: "refuse" | "merge" | "override";
  /** What happens to one that does not. */
  readonly absent: "create" | "refuse";
  /** What happens to a relation whose target does not exist: refuse the entity, make a stub, or hold it back. */
  readonly missingTarget: "refuse" | "stub" | "hold";
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

interface Existing {
  readonly row: EntityRow;
  readonly waiting: number;
  readonly content: Content;
}

/** An entity to write, and which inputs it comes from. */
interface Draft extends EntityRef {
  readonly loaded: LoadedBlueprint;
  readonly existing: Existing | undefined;
  readonly content: Content;
  /** One per wanted target. */
  readonly edges: readonly WaitingEdge[];
  /** Relations that the inputs set: only for these a missing target is the writer's matter. */
  readonly given: ReadonlySet<string>;
  readonly indexes: readonly number[];
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
  const drafts = await draftAll(inputs, mode, services, outcomes);
  const there = await findTargets(drafts, services);
  if (mode.missingTarget === "refuse") refuseMissing(drafts, there, registry, outcomes);
  const stubs = mode.missingTarget === "stub" ? planStubs(drafts, there, registry) : [];
  const placed = [...drafts.values()].map((draft) => place(draft, there, mode, origin));
  const changed = placed.filter((entity) => !entity.isSame || mode.upkeep === "reshape");
  const computed = await calculate(
    changed.map((entity) => entity.state),
    services,
  );
  const rows = new Map<Placed, PlannedRow>();
  for (const [index, entity] of changed.entries()) {
    const values = computed[index] ?? {};
    if (entity.isSame && isEqual(entity.draft.existing?.row.computed, values)) continue;
    rows.set(entity, toRow(entity, values, mode));
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

async function draftAll(
  inputs: readonly EntityInput[],
  mode: WriteMode,
  services: PlanServices,
  outcomes: EntityOutcome[],
): Promise<Drafts> {
  const existing = await readExisting(inputs, services);
  const drafts: Drafts = new Map();
  for (const [index, input] of inputs.entries()) {
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
      if (!(error instanceof QuaysideError)) throw error;
      outcomes[index] = { result: "failed", key: toInputKey(input), error };
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
  registry: BlueprintRegistry,
  outcomes: EntityOutcome[],
): void {
  let isSettled = false;
  while (!isSettled) {
    isSettled = true;
    for (const [text, draft] of drafts) {
      const [missing] = listMissing(draft, there);
      if (missing === undefined) continue;
      const error = toMissingTarget(missing, registry);
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

/** The stubs count as there from then on. */
function planStubs(drafts: Drafts, there: EntityRefSet, registry: BlueprintRegistry): PlannedRow[] {
  const stubs: PlannedRow[] = [];
  for (const draft of drafts.values()) {
    for (const { targetBlueprintId, target } of listMissing(draft, there)) {
      if (there.has(targetBlueprintId, target)) continue;
      there.add(targetBlueprintId, target);
      stubs.push(toStub(registry.getById(targetBlueprintId), target, null));
    }
  }
  return stubs;
}

function listMissing(draft: Draft, there: EntityRefSet): WaitingEdge[] {
  return draft.edges.filter(
    (edge) => draft.given.has(edge.relation) && !there.has(edge.targetBlueprintId, edge.target),
  );
}

/** A draft whose relations are sorted into those that can be and those that wait. */
interface Placed {
  readonly draft: Draft;
  readonly state: EntityState;
  readonly edges: readonly WaitingEdge[];
  readonly pending: readonly WaitingEdge[];
  readonly isSame: boolean;
}

function place(draft: Draft, there: EntityRefSet, mode: WriteMode, origin: WriteOrigin): Placed {
  const { blueprintId, identifier, existing, content } = draft;
  const isThere = (edge: WaitingEdge): boolean => there.has(edge.targetBlueprintId, edge.target);
  const edges = draft.edges.filter(isThere);
  const pending = edges.length === draft.edges.length ? [] : draft.edges.filter((edge) => !isThere(edge));
  const relations = pending.length === 0 ? content.wanted : without(content.wanted, pending);
  const author = mode.upkeep !== undefined && existing !== undefined ? existing.row : undefined;
  const { title, icon, team, properties } = content;
  const state = {
    blueprintId,
    identifier,
    title,
    icon,
    team,
    properties,
    relations,
    createdAtMs: existing?.row.createdAtMs ?? origin.atMs,
    createdBy: existing?.row.createdBy ?? origin.actor,
    updatedAtMs: author?.updatedAtMs ?? origin.atMs,
    updatedBy: author?.updatedBy ?? origin.actor,
  };
  const isUnchanged = existing?.waiting === pending.length && isSame(existing, content, relations);
  return { draft, state, edges, pending, isSame: isUnchanged };
}

function without(wanted: Relations, pending: readonly WaitingEdge[]): Relations {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => {
      const missing = new Set(pending.flatMap((edge) => (edge.relation === name ? [edge.target] : [])));
      if (typeof value === "string") return [name, missing.has(value) ? null : value];
      return [name, value === null ? null : value.filter((target) => !missing.has(target))];
    }),
  );
}

/** A stub that is written is no stub any more, whatever it holds; unless it is only put in order. */
function isSame({ row, content: before }: Existing, content: Content, relations: Relations): boolean {
  if (!hasSameTargets(row.relations, relations)) return false;
  if (before === content) return Object.keys(row.properties).length === Object.keys(content.properties).length;
  return (
    !row.isStub &&
    before.title === content.title &&
    before.icon === content.icon &&
    isEqual(before.team, content.team) &&
    isEqual(before.properties, content.properties) &&
    hasSameTargets(before.wanted, content.wanted)
  );
}

/** A relation that is not named has no target. */
function hasSameTargets(a: Relations, b: Relations): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => {
    const targets = toTargetList(b[name]);
    const others = toTargetList(a[name]);
    return targets.length === others.length && targets.every((target, index) => target === others[index]);
  });
}

function toTargetList(value: Relations[string] | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "string" ? [value] : value;
}

/** Both sides have their keys in the blueprint's order. */
function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function toRow({ draft, state, edges, pending }: Placed, computed: JsonObject, mode: WriteMode): PlannedRow {
  const { existing } = draft;
  const keepsEdges = existing !== undefined && hasSameTargets(existing.row.relations, state.relations);
  return {
    blueprintId: state.blueprintId,
    identifier: state.identifier,
    expectedVersion: existing?.row.version ?? null,
    title: state.title,
    icon: state.icon,
    team: JSON.stringify(state.team),
    properties: JSON.stringify(state.properties),
    computed: JSON.stringify(computed),
    relations: JSON.stringify(state.relations),
    isStub: mode.upkeep !== undefined && existing?.row.isStub === true,
    keepsAuthor: mode.upkeep !== undefined,
    edges: keepsEdges ? undefined : edges,
    pending,
  };
}

export function toEdges(
  wanted: Relations,
  { blueprint }: LoadedBlueprint,
  registry: BlueprintRegistry,
): readonly WaitingEdge[] {
  const edges: WaitingEdge[] = [];
  for (const [relation, value] of Object.entries(wanted)) {
    const targets = toTargetList(value);
    if (targets.length === 0) continue;
    const targetBlueprintId = registry.get(blueprint.relations[relation]?.target ?? "").id;
    for (const [position, target] of targets.entries()) edges.push({ relation, targetBlueprintId, target, position });
  }
  return edges;
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

/** Of an input that failed: a search identifier has no text, and Port's clients know it as "unknown". */
function toInputKey({ blueprint, identifier }: EntityInput): EntityKey {
  return { blueprint, identifier: typeof identifier === "string" ? identifier : "unknown" };
}
