import type { AuditStore } from "./audit-store.ts";
import type { BlueprintStore } from "./blueprint-store.ts";
import type { EntityStore } from "./entity-store.ts";
import type { FeedStore } from "./feed-store.ts";
import type { LedgerStore } from "./ledger-store.ts";
import type { PlanStore } from "./plan-store.ts";
import type { RunStore } from "./run-store.ts";
import type { SettingsStore } from "./settings-store.ts";
import type { TelemetryStore } from "./telemetry-store.ts";

/** Everything that lasts, by subject. A promise that resolves means: on disk. */
export interface Store {
  readonly blueprints: BlueprintStore;
  readonly entities: EntityStore;
  readonly feed: FeedStore;
  readonly audit: AuditStore;
  readonly ledger: LedgerStore;
  readonly plans: PlanStore;
  readonly runs: RunStore;
  readonly settings: SettingsStore;
  readonly telemetry: TelemetryStore;
  /** Throws if the store cannot answer. */
  check(): Promise<void>;
  /** Waits for what was called before. A second call does nothing. */
  close(): Promise<void>;
}
