import type { Connection } from "./connection.ts";
import { addLogs } from "./add-logs.ts";
import { applyEntities } from "./apply-entities.ts";
import { countClaimed } from "./count-claimed.ts";
import { createIndex } from "./property-index.ts";
import { dropBucket } from "./drop-bucket.ts";
import { decidePlan } from "./decide-plan.ts";
import { dropObjects } from "./drop-objects.ts";
import { forgetAll } from "./forget-all.ts";
import { forgetChanges } from "./forget-changes.ts";
import { forgetSeen } from "./forget-seen.ts";
import { forgetStates } from "./forget-states.ts";
import { forgetTelemetry } from "./forget-telemetry.ts";
import { holdUnclaimed } from "./hold-unclaimed.ts";
import { listUnseen } from "./list-unseen.ts";
import { putBlueprints } from "./put-blueprints.ts";
import { putSyncMetrics } from "./put-sync-metrics.ts";
import { recordPage } from "./record-page.ts";
import { removeBlueprint } from "./remove-blueprint.ts";
import { saveRun } from "./save-run.ts";
import { saveSetting } from "./save-setting.ts";
import { setFields } from "./set-fields.ts";
import { settleBlueprint } from "./settle-blueprint.ts";
import { settleUnclaimed } from "./settle-unclaimed.ts";

/** Everything that writes. An operation gets the connection once and then runs inside the writer's transactions. */
const OPERATIONS = {
  ping: (_db: Connection) => (_args: undefined) => undefined,
  applyEntities,
  putBlueprints,
  settleBlueprint,
  createIndex,
  forgetChanges,
  removeBlueprint,
  setFields,
  recordPage,
  listUnseen,
  countClaimed,
  dropObjects,
  dropBucket,
  holdUnclaimed,
  decidePlan,
  settleUnclaimed,
  forgetStates,
  forgetSeen,
  forgetAll,
  saveRun,
  saveSetting,
  addLogs,
  putSyncMetrics,
  forgetTelemetry,
};
export type Operations = typeof OPERATIONS;
export type OperationName = keyof Operations;

/** Runs operations by name on a connection. */
export function toOperationRunner(db: Connection): (name: OperationName, args: unknown) => unknown {
  const prepared = Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, prepare]) => [name, prepare(db)]),
  ) as Record<OperationName, (args: unknown) => unknown>; // Writer.call checks the type of the arguments
  return (name, args) => prepared[name](args);
}
