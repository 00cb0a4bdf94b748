import type { EntityKey } from "../model/entity.ts";
import type { JsonObject } from "../model/json.ts";
import type { EntitySearch } from "../model/search.ts";

export type Relations = Readonly<Record<string, string | readonly string[] | null>>;

/** Who writes, when, and in which run. */
export interface WriteOrigin {
  readonly actor: string;
  readonly dataSource: string;
  readonly runId: string | null;
  readonly atMs: number;
}

export interface EntityRow {
  readonly id: number;
  readonly blueprintId: number;
  readonly identifier: string;
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  /** What was written; without calculated values. */
  readonly properties: JsonObject;
  /** Calculated from the own properties at the time of the write. */
  readonly computed: JsonObject;
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

/** A row to write, planned against the state that was read: `expectedVersion` null means that it must not exist. */
export interface PlannedRow {
  readonly blueprintId: number;
  readonly identifier: string;
  readonly expectedVersion: number | null;
  readonly title: string;
  readonly icon: string | null;
  readonly team: readonly string[];
  readonly properties: JsonObject;
  readonly computed: JsonObject;
  readonly relations: Relations;
  readonly isStub: boolean;
  /** All edges of the entity, or undefined when they stay as they are. */
  readonly edges: readonly Edge[] | undefined;
  /** Relations this write sets: what waited for them is replaced by `pending`. */
  readonly setRelations: readonly string[];
  /** Edges whose targets do not exist yet. */
  readonly pending: readonly Edge[];
}

export interface PlannedRemoval {
  readonly blueprintId: number;
  readonly identifier: string;
  readonly expectedVersion: number;
}

export interface PendingEdge extends Edge {
  readonly blueprintId: number;
  readonly identifier: string;
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
  search(search: EntitySearch): Promise<EntityPage>;
  count(search: Pick<EntitySearch, "rule">): Promise<number>;
  /** Entities that point at one of the given ones, with the relation they do it by. */
  listReferrers(
    blueprintId: number,
    identifiers: readonly string[],
  ): Promise<
    readonly {
      readonly blueprintId: number;
      readonly identifier: string;
      readonly relation: string;
      readonly target: string;
    }[]
  >;
  /** Relations that wait for their targets; `limit` counts sources, not edges. */
  listPending(limit: number): Promise<readonly PendingEdge[]>;
  /** Stubs that nothing points at any more. */
  listIdleStubs(): Promise<readonly (EntityKey & PlannedRemoval)[]>;
  /**
   * Returns false, with nothing written, when the plan no longer fits: a version moved on, a target of an edge is gone,
   * or something points at an entity to be removed. Then read and plan again.
   */
  apply(
    plan: { readonly rows: readonly PlannedRow[]; readonly removals: readonly PlannedRemoval[] },
    origin: WriteOrigin,
  ): Promise<boolean>;
}
