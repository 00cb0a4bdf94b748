import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../model/json.ts";
import type { EntityRef, EntityRow, PlannedRow, Relations, WaitingEdge, WriteOrigin } from "../store/entity-store.ts";
import type { LoadedBlueprint } from "./blueprint-registry.ts";
import type { EntityState } from "./calculate.ts";
import type { Content } from "./entity-draft.ts";
import type { EntityRefSet } from "./entity-ref-set.ts";
import { hasSameTargets, withoutTargets } from "./relations.ts";
import { toPlannedRow } from "./to-planned-row.ts";

/** An entity as it is stored. */
export interface Existing {
  readonly row: EntityRow;
  /** How many targets it waits for. */
  readonly waiting: number;
  readonly content: Content;
}

/** An entity to write, and which inputs it comes from. */
export interface Draft extends EntityRef {
  readonly loaded: LoadedBlueprint;
  readonly existing: Existing | undefined;
  readonly content: Content;
  /** One per wanted target. */
  readonly edges: readonly WaitingEdge[];
  /** Relations that the inputs set: only for these a missing target is the writer's matter. */
  readonly given: ReadonlySet<string>;
  readonly indexes: readonly number[];
}

/** A draft whose relations are sorted into those that can be and those that wait. */
export interface Placed {
  readonly draft: Draft;
  readonly state: EntityState;
  readonly edges: readonly WaitingEdge[];
  readonly pending: readonly WaitingEdge[];
  readonly isSame: boolean;
}

export function place(draft: Draft, there: EntityRefSet, isUpkeep: boolean, origin: WriteOrigin): Placed {
  const { blueprintId, identifier, existing, content } = draft;
  const isThere = (edge: WaitingEdge): boolean => there.has(edge.targetBlueprintId, edge.target);
  const edges = draft.edges.filter(isThere);
  const pending = edges.length === draft.edges.length ? [] : draft.edges.filter((edge) => !isThere(edge));
  const relations = pending.length === 0 ? content.wanted : withoutTargets(content.wanted, pending);
  const author = isUpkeep && existing !== undefined ? existing.row : undefined;
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

/** Whatever the order of their keys is, which not every store keeps. Where it is the same, texts tell sooner. */
export function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || isDeepStrictEqual(a, b);
}

export function toRow({ draft, state, edges, pending }: Placed, computed: JsonObject, isUpkeep: boolean): PlannedRow {
  const { existing } = draft;
  const keepsEdges = existing !== undefined && hasSameTargets(existing.row.relations, state.relations);
  return toPlannedRow(state, computed, {
    expectedVersion: existing?.row.version ?? null,
    isStub: isUpkeep && existing?.row.isStub === true,
    keepsAuthor: isUpkeep,
    edges: keepsEdges ? undefined : edges,
    pending,
  });
}
