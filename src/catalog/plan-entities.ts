import type { JqEngine } from "../jq/jq-engine.ts";
import type { EntityInput, EntityKey, RelationValue } from "../model/entity.ts";
import type { JsonObject } from "../model/json.ts";
import { assert, QuaysideError } from "../runtime/errors.ts";
import type { Edge, EntityRow, EntityStore, PlannedRow, Relations } from "../store/entity-store.ts";
import type { BlueprintRegistry, LoadedBlueprint } from "./blueprint-registry.ts";
import { CatalogError } from "./catalog-error.ts";
import { calculate } from "./calculate.ts";

export interface WriteMode {
  /** What happens to an entity that exists: refuse, change the keys given, or keep only what is given. */
  readonly existing: "refuse" | "merge" | "override";
  /** What happens to a relation whose target does not exist: refuse the entity, make a stub, or hold it back. */
  readonly missingTarget: "refuse" | "stub" | "hold";
  /** Write even what would not change: it settles relations that were held back. */
  readonly isForced?: boolean;
}

/** An entity whose own values are settled; its relations are not yet checked against what exists. */
interface Draft {
  readonly loaded: LoadedBlueprint;
  readonly identifier: string;
  readonly existing: EntityRow | undefined;
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  readonly properties: JsonObject;
  readonly relations: Relations;
  readonly setRelations: readonly string[];
}

export type EntityOutcome =
  | { readonly result: "created" | "updated" | "unchanged"; readonly key: EntityKey }
  | { readonly result: "failed"; readonly key: EntityKey; readonly error: QuaysideError };

export interface EntityPlan {
  readonly rows: readonly PlannedRow[];
  /** One per input, in order; true once the rows are applied. */
  readonly outcomes: readonly EntityOutcome[];
  readonly stubs: number;
}

interface PlanServices {
  readonly registry: BlueprintRegistry;
  readonly entities: EntityStore;
  readonly jq: JqEngine;
}

/** Port's identifier rule (its OpenAPI description). */
const ENTITY_IDENTIFIER = /^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$/u;
const MAX_IDENTIFIER_LENGTH = 1000;

/**
 * Turns inputs into rows to write, against the state as it is now. An input that cannot be written fails alone. Inputs
 * may point at each other, in any order; of two inputs for one entity the later builds on the earlier.
 */
export async function planEntities(
  inputs: readonly EntityInput[],
  mode: WriteMode,
  services: PlanServices,
): Promise<EntityPlan> {
  const outcomes: EntityOutcome[] = [];
  const drafts = await draftAll(inputs, mode, services, outcomes);
  const targets = await findTargets(drafts, services);
  refuseMissing(drafts, mode, targets, services.registry, outcomes);
  const accepted = [...drafts.values()];
  const computed = await calculate(accepted, services.jq);
  const stubs = mode.missingTarget === "stub" ? planStubs(accepted, targets, services.registry) : [];
  const stubKeys = new Set(stubs.map((stub) => toKeyText(stub.blueprintId, stub.identifier)));
  const rows = accepted.flatMap((draft, position) => {
    const row = toRow(
      draft,
      computed[position] ?? {},
      (edge) => targets.exists(edge) || stubKeys.has(toEdgeText(edge)),
      services.registry,
    );
    const isSame = !mode.isForced && draft.existing !== undefined && isUnchanged(draft.existing, row);
    const result = isSame ? "unchanged" : draft.existing === undefined ? "created" : "updated";
    for (const index of draft.indexes) outcomes[index] = { result, key: toKey(draft) };
    return isSame ? [] : [row];
  });
  return { rows: [...stubs, ...rows], outcomes, stubs: stubs.length };
}

type Drafts = Map<string, Draft & { readonly indexes: readonly number[] }>;

async function draftAll(
  inputs: readonly EntityInput[],
  mode: WriteMode,
  { registry, entities }: PlanServices,
  outcomes: EntityOutcome[],
): Promise<Drafts> {
  const existing = await readExisting(inputs, registry, entities);
  const drafts: Drafts = new Map();
  for (const [index, input] of inputs.entries()) {
    try {
      const loaded = registry.get(input.blueprint);
      const identifier = assertIdentifier(input.identifier);
      const text = toKeyText(loaded.id, identifier);
      const earlier = drafts.get(text);
      const before = earlier ?? existing.get(text);
      if (before !== undefined && mode.existing === "refuse") {
        throw new CatalogError(
          "identifier_taken",
          `An entity "${identifier}" of blueprint "${input.blueprint}" exists already`,
        );
      }
      const draft = toDraft(input, { loaded, identifier, before, existing: existing.get(text), mode });
      drafts.set(text, { ...draft, indexes: [...(earlier?.indexes ?? []), index] });
    } catch (error) {
      outcomes[index] = { result: "failed", key: toInputKey(input), error: toCatalogError(error) };
    }
  }
  return drafts;
}

async function readExisting(
  inputs: readonly EntityInput[],
  registry: BlueprintRegistry,
  entities: EntityStore,
): Promise<ReadonlyMap<string, EntityRow>> {
  const rows: EntityRow[] = [];
  for (const [blueprint, group] of Map.groupBy(inputs, (input) => input.blueprint)) {
    const id = registry.find(blueprint)?.id;
    const identifiers = group.flatMap(({ identifier }) => (typeof identifier === "string" ? [identifier] : []));
    if (id !== undefined) rows.push(...(await entities.findRows(id, identifiers)));
  }
  return new Map(rows.map((row) => [toKeyText(row.blueprintId, row.identifier), row]));
}

function toDraft(
  input: EntityInput,
  context: {
    readonly loaded: LoadedBlueprint;
    readonly identifier: string;
    readonly before: Pick<Draft, "title" | "icon" | "team" | "properties" | "relations"> | undefined;
    readonly existing: EntityRow | undefined;
    readonly mode: WriteMode;
  },
): Draft {
  const { loaded, identifier, existing, mode } = context;
  const kept = mode.existing === "merge" ? context.before : undefined;
  const properties = toProperties({ ...kept?.properties, ...input.properties }, loaded);
  loaded.validator.assertValid(properties);
  const setRelations = Object.keys(input.relations ?? {});
  const relations = toRelations({ ...kept?.relations, ...input.relations }, loaded);
  return {
    loaded,
    identifier,
    existing,
    title: (input.title === undefined ? kept?.title : input.title) || identifier,
    icon: input.icon === undefined ? (kept?.icon ?? null) : input.icon,
    team: input.team === undefined ? (kept?.team ?? []) : toTeam(input.team),
    properties,
    relations,
    setRelations,
  };
}

/** In the blueprint's order, so that equal values make equal texts. A null is an unset value. */
function toProperties(given: JsonObject, { blueprint }: LoadedBlueprint): JsonObject {
  const known = Object.keys(blueprint.schema.properties);
  const defaults = Object.fromEntries(
    Object.entries(blueprint.schema.properties).flatMap(([name, schema]) =>
      schema["default"] === undefined || Object.hasOwn(given, name) ? [] : [[name, schema["default"]]],
    ),
  );
  const all: JsonObject = { ...defaults, ...given };
  const calculated = Object.keys(blueprint.calculationProperties);
  const unknown = Object.keys(given).filter((name) => !known.includes(name) && !calculated.includes(name));
  return Object.fromEntries(
    [...known, ...unknown].flatMap((name) =>
      all[name] === undefined || all[name] === null ? [] : [[name, all[name]]],
    ),
  );
}

function toRelations(given: Readonly<Record<string, RelationValue>>, { blueprint }: LoadedBlueprint): Relations {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(blueprint.relations, name));
  if (unknown !== undefined) {
    throw new CatalogError(
      "not_found",
      `The relation "${unknown}" of blueprint "${blueprint.identifier}" was not found`,
    );
  }
  return Object.fromEntries(
    Object.entries(blueprint.relations).map(([name, relation]) => {
      const value = toRelationValue(name, given[name] ?? null, relation.many);
      const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
      if (relation.required && isEmpty) {
        throw new CatalogError(
          "required_relation",
          `The relation "${name}" of blueprint "${blueprint.identifier}" is required`,
        );
      }
      return [name, value];
    }),
  );
}

function toRelationValue(name: string, value: RelationValue, isMany: boolean): string | readonly string[] | null {
  if (typeof value === "string") return isMany ? [assertIdentifier(value)] : assertIdentifier(value);
  if (value === null) return isMany ? [] : null;
  if (!Array.isArray(value)) {
    throw new CatalogError(
      "invalid_request",
      `The relation "${name}" is a search, which is not supported yet: give identifiers`,
    );
  }
  if (!isMany) throw new CatalogError("relation_many_violation", `The relation "${name}" takes one entity, not a list`);
  const texts: readonly unknown[] = value;
  return [...new Set(texts.filter((each) => each !== null).map(assertIdentifier))];
}

function assertIdentifier(value: unknown): string {
  if (typeof value === "string" && value.length <= MAX_IDENTIFIER_LENGTH && ENTITY_IDENTIFIER.test(value)) return value;
  if (typeof value === "object" && value !== null) {
    throw new CatalogError(
      "invalid_request",
      "A search as identifier is not supported yet: give the identifier itself",
    );
  }
  throw new CatalogError(
    "invalid_request",
    `${JSON.stringify(value)} is not an identifier: use 1 to ${MAX_IDENTIFIER_LENGTH} letters, digits and @ _ . + : \\ / = -`,
  );
}

function toTeam(team: NonNullable<EntityInput["team"]> | null): readonly string[] {
  if (team === null) return [];
  if (typeof team === "string") return [team];
  if (Array.isArray(team)) return team as readonly string[]; // a list of names by its type; searches are objects
  throw new CatalogError("invalid_request", "A search as team is not supported yet: give the teams' names");
}

interface Targets {
  exists(edge: Edge): boolean;
}

async function findTargets(drafts: Drafts, { registry, entities }: PlanServices): Promise<Targets> {
  const edges = [...drafts.values()].flatMap((draft) => toEdges(draft, registry));
  const found = new Set<string>();
  for (const [blueprintId, group] of Map.groupBy(edges, (edge) => edge.targetBlueprintId)) {
    const identifiers = [...new Set(group.map((edge) => edge.target))];
    for (const identifier of await entities.findExisting(blueprintId, identifiers))
      found.add(toKeyText(blueprintId, identifier));
  }
  return { exists: (edge) => found.has(toEdgeText(edge)) || drafts.has(toEdgeText(edge)) };
}

/** Refusing one entity can leave another without its target, so this goes on until nothing changes. */
function refuseMissing(
  drafts: Drafts,
  mode: WriteMode,
  targets: Targets,
  registry: BlueprintRegistry,
  outcomes: EntityOutcome[],
): void {
  if (mode.missingTarget !== "refuse") return;
  let isSettled = false;
  while (!isSettled) {
    isSettled = true;
    for (const [text, draft] of drafts) {
      const missing = toEdges(draft, registry).find((edge) => !targets.exists(edge));
      if (missing === undefined) continue;
      const { blueprint } = registry.getById(missing.targetBlueprintId);
      const message = `The entity "${missing.target}" of blueprint "${blueprint.identifier}", target of the relation "${missing.relation}", was not found`;
      for (const index of draft.indexes) {
        outcomes[index] = { result: "failed", key: toKey(draft), error: new CatalogError("not_found", message) };
      }
      drafts.delete(text);
      isSettled = false;
    }
  }
}

function planStubs(drafts: readonly Draft[], targets: Targets, registry: BlueprintRegistry): PlannedRow[] {
  const missing = drafts.flatMap((draft) => toEdges(draft, registry)).filter((edge) => !targets.exists(edge));
  const unique = new Map(missing.map((edge) => [toEdgeText(edge), edge]));
  return [...unique.values()].map((edge) => toStub(edge.targetBlueprintId, edge.target, null, registry));
}

/** An entity that is there only because something points at it. */
export function toStub(
  blueprintId: number,
  identifier: string,
  expectedVersion: number | null,
  registry: BlueprintRegistry,
): PlannedRow {
  const { blueprint } = registry.getById(blueprintId);
  const relations = Object.fromEntries(
    Object.entries(blueprint.relations).map(([name, { many }]) => [name, many ? [] : null]),
  );
  return {
    blueprintId,
    identifier,
    expectedVersion,
    title: identifier,
    icon: null,
    team: [],
    properties: {},
    computed: {},
    relations,
    isStub: true,
    edges: [],
    setRelations: Object.keys(blueprint.relations),
    pending: [],
  };
}

function toRow(
  draft: Draft,
  computed: JsonObject,
  exists: (edge: Edge) => boolean,
  registry: BlueprintRegistry,
): PlannedRow {
  const all = toEdges(draft, registry);
  const edges = all.filter(exists);
  const isThere = new Set(edges.map((edge) => `${edge.relation}\u0000${edge.target}`));
  const relations = Object.fromEntries(
    Object.entries(draft.relations).map(([name, value]) => {
      const there = toList(value).filter((target) => isThere.has(`${name}\u0000${target}`));
      return [name, Array.isArray(value) ? there : (there[0] ?? null)];
    }),
  );
  return {
    blueprintId: draft.loaded.id,
    identifier: draft.identifier,
    expectedVersion: draft.existing?.version ?? null,
    title: draft.title,
    icon: draft.icon,
    team: draft.team,
    properties: draft.properties,
    computed,
    relations,
    isStub: false,
    edges: draft.existing !== undefined && isEqual(draft.existing.relations, relations) ? undefined : edges,
    setRelations: draft.setRelations,
    pending: all.filter((edge) => !exists(edge)),
  };
}

function isUnchanged(existing: EntityRow, row: PlannedRow): boolean {
  return (
    !existing.isStub &&
    row.edges === undefined &&
    existing.title === row.title &&
    existing.icon === row.icon &&
    isEqual(existing.team, row.team) &&
    isEqual(existing.properties, row.properties) &&
    isEqual(existing.computed, row.computed)
  );
}

/** Both sides have their keys in the blueprint's order. */
function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function toEdges(draft: Draft, registry: BlueprintRegistry): Edge[] {
  return Object.entries(draft.relations).flatMap(([relation, value]) => {
    const targetBlueprintId = registry.get(draft.loaded.blueprint.relations[relation]?.target ?? "").id;
    return toList(value).map((target) => ({ relation, targetBlueprintId, target }));
  });
}

function toList(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === null || value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function toKeyText(blueprintId: number, identifier: string): string {
  return `${blueprintId} ${identifier}`;
}

function toEdgeText(edge: Edge): string {
  return toKeyText(edge.targetBlueprintId, edge.target);
}

function toKey(draft: Draft): EntityKey {
  return { blueprint: draft.loaded.blueprint.identifier, identifier: draft.identifier };
}

/** Of an input that failed: a search identifier has no text, and Port's clients know it as "unknown". */
function toInputKey({ blueprint, identifier }: EntityInput): EntityKey {
  return { blueprint, identifier: typeof identifier === "string" ? identifier : "unknown" };
}

function toCatalogError(error: unknown): QuaysideError {
  assert(error instanceof QuaysideError, `only refusals are expected while planning, not ${String(error)}`);
  return error;
}
