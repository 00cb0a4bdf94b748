import type { Json, JsonObject } from "../model/json.ts";
import type { EntitySearch, SearchField, SearchScalar } from "../model/search.ts";
import type { Measure, MeasureSpec, RelatedMeasure, RelatedSearch } from "./entity-measure.ts";

export type Relations = Readonly<Record<string, string | readonly string[] | null>>;

/** Who writes, when, and in which run. */
export interface WriteOrigin {
  readonly actor: string;
  readonly dataSource: string;
  readonly runId: string | null;
  readonly atMs: number;
}

/** What names an entity inside the store. */
export interface EntityRef {
  readonly blueprintId: number;
  readonly identifier: string;
}

export interface EntityRow extends EntityRef {
  readonly id: number;
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  /** What was written; without calculated values. */
  readonly properties: JsonObject;
  /** Calculated at the time of the write. For searches; a read calculates anew. */
  readonly computed: JsonObject;
  /** Only targets that exist; what waits for its target is among the pending edges. */
  readonly relations: Relations;
  readonly isStub: boolean;
  readonly version: number;
  readonly dataSource: string;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

export interface Edge {
  readonly relation: string;
  readonly targetBlueprintId: number;
  readonly target: string;
}

/** A relation to an entity that does not exist yet. */
export interface WaitingEdge extends Edge {
  /** Its place among the targets of the relation, so that the order does not depend on who came first. */
  readonly position: number;
}

export interface PendingEdge extends WaitingEdge {
  readonly sourceId: number;
}

/**
 * A row to write, planned against the state that was read: `expectedVersion` null means that it must not exist.
 * Documents travel as JSON text, which is what the store keeps and what a thread hands to another at the least cost.
 */
export interface PlannedRow extends EntityRef {
  /** The entity had this identifier and gets a new one. The plan also has the rows of all that point at it. */
  readonly previousIdentifier?: string;
  readonly expectedVersion: number | null;
  readonly title: string;
  readonly icon: string | null;
  readonly team: string;
  readonly properties: string;
  readonly computed: string;
  readonly relations: string;
  readonly isStub: boolean;
  /** The entity is only put in order: data source, `updatedAt` and `updatedBy` stay as they are. */
  readonly keepsAuthor: boolean;
  /** All edges of the entity, or undefined when they stay as they are. */
  readonly edges: readonly Edge[] | undefined;
  /** All edges that wait, or undefined when they stay as they are. */
  readonly pending: readonly WaitingEdge[] | undefined;
}

export interface PlannedRemoval extends EntityRef {
  readonly expectedVersion: number;
}

export interface EntityPlan {
  /** The blueprints that the rows were made to fit. */
  readonly blueprints: readonly { readonly id: number; readonly version: number }[];
  readonly rows: readonly PlannedRow[];
  readonly removals: readonly PlannedRemoval[];
}

export interface Referrer extends EntityRef {
  readonly relation: string;
  readonly target: string;
}

/** Entities with the same values. */
export interface Group {
  /** One for each field. A list counts as one value; true and false may come as 1 and 0. */
  readonly values: readonly SearchScalar[];
  readonly count: number;
}

export interface EntityPage {
  readonly rows: readonly EntityRow[];
  /** Cursor of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/**
 * Entities and their relations. Writes are planned outside, against rows that were read, and applied under optimistic
 * concurrency: `apply` writes all of it or nothing.
 */
export interface EntityStore {
  findRows(blueprintId: number, identifiers: readonly string[]): Promise<readonly EntityRow[]>;
  /** Which of the identifiers exist. */
  findExisting(blueprintId: number, identifiers: readonly string[]): Promise<ReadonlySet<string>>;
  /** Who wrote those of the identifiers that exist. */
  findDataSources(blueprintId: number, identifiers: readonly string[]): Promise<ReadonlyMap<string, string>>;
  search(search: EntitySearch): Promise<EntityPage>;
  count(search: Pick<EntitySearch, "blueprintId" | "rule">): Promise<number>;
  /** How many of the entities that a search finds have each combination of values, the most frequent first. */
  countGroups(
    search: Pick<EntitySearch, "blueprintId" | "rule">,
    fields: readonly SearchField[],
    limit: number,
  ): Promise<readonly Group[]>;
  /** The values of some fields of each entity that a search finds, in no order, and no more entities than the limit. */
  listValues(
    search: Pick<EntitySearch, "blueprintId" | "rule">,
    fields: readonly SearchField[],
    limit: number,
  ): Promise<readonly (readonly Json[])[]>;
  measure(search: Pick<EntitySearch, "blueprintId" | "rule">, spec: MeasureSpec): Promise<Measure>;
  /** Entities to which nothing is related are left out. */
  measureRelated(search: RelatedSearch): Promise<readonly RelatedMeasure[]>;
  /** Entities that point at one of the given ones, with the relation they do it by. */
  listReferrers(blueprintId: number, identifiers: readonly string[]): Promise<readonly Referrer[]>;
  /** Relations of these entities (by row id) that wait for their targets. */
  findPending(sourceIds: readonly number[]): Promise<readonly PendingEdge[]>;
  /** Entities with a relation that waits for one of the given ones. */
  listWaitingFor(blueprintId: number, identifiers: readonly string[]): Promise<readonly EntityRef[]>;
  /** Entities of a data source with a relation that waits for anything, by growing id. */
  listWaiting(
    dataSource: string,
    after: number,
    limit: number,
  ): Promise<readonly (EntityRef & { readonly id: number })[]>;
  /** Stubs that nothing points at any more. */
  listIdleStubs(): Promise<readonly EntityRef[]>;
  /**
   * Returns false, with nothing written, when the plan no longer fits: a version moved on, a target of an edge is gone,
   * or something points at an entity to be removed. Then read and plan again.
   */
  apply(plan: EntityPlan, origin: WriteOrigin): Promise<boolean>;
}
