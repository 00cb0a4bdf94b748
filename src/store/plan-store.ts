import type { EntityKey } from "../model/entity.ts";

/**
 * held: waits for a person; approved: to be removed; rejected: stays; done: removed; superseded: all of its entities
 * are claimed again.
 */
export type PlanStatus = "held" | "approved" | "rejected" | "done" | "superseded";

/** Removals that are not certain enough, or too many, to be made without asking. */
export interface RemovalPlan {
  readonly id: string;
  readonly dataSource: string;
  readonly runId: string;
  readonly bucket: string;
  readonly kind: string;
  readonly reason: "too_many" | "projects_hidden" | "nothing_listed";
  /** The projects that can no longer be seen, if that is the reason. */
  readonly projects: readonly string[];
  /** Entities held when the plan was made, and how many its bucket had then, these included. */
  readonly entities: number;
  readonly known: number;
  readonly status: PlanStatus;
  readonly createdAtMs: number;
  readonly decidedAtMs?: number;
}

/** The store counts what a new plan holds. One that would hold nothing is not made. */
export type NewRemovalPlan = Omit<RemovalPlan, "entities" | "status" | "decidedAtMs">;

export interface PlanStore {
  find(id: string): Promise<RemovalPlan | undefined>;
  /** Newest first. */
  list(dataSource: string, limit: number): Promise<readonly RemovalPlan[]>;
  countHeld(dataSource: string): Promise<number>;
  /** What a plan still holds, in the order of blueprints and identifiers. */
  listEntities(id: string, limit: number): Promise<readonly EntityKey[]>;
  /** What is held or rejected can be decided, more than once. Throws ConflictError when it is too late. */
  decide(id: string, decision: "approved" | "rejected", atMs: number): Promise<void>;
}
