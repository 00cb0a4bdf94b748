import type { PlanStore } from "./plan-store.ts";
import type { RunStore } from "./run-store.ts";

/** What happened and what waits for a decision, to be looked at. */
export interface History {
  readonly runs: Pick<RunStore, "find" | "list">;
  readonly plans: Pick<PlanStore, "find" | "list" | "listEntities">;
  close(): Promise<void>;
}
