import type { EntityInput, EntityKey } from "../model/entity.ts";
import type { Clock } from "../runtime/clock.ts";
import { ConflictError } from "../runtime/errors.ts";
import { takeTurn } from "../runtime/take-turn.ts";
import type { EntityPlan, EntityRef, PlannedRow, WriteOrigin } from "../store/entity-store.ts";
import type { AggregationCache } from "./aggregation-cache.ts";
import { listDependents } from "./list-dependents.ts";
import {
  planEntities,
  type EntityOutcome,
  type EntityWritePlan,
  type PlanServices,
  type WriteMode,
} from "./plan-entities.ts";
import { planRename } from "./plan-rename.ts";
import { planRemovals, type RemovalMode, type RemovalPlan } from "./plan-removals.ts";

export interface CatalogServices extends PlanServices {
  readonly clock: Clock;
  readonly aggregations: AggregationCache;
}

/** Each try loses only to a commit that came in between, so this many in a row mean that something is wrong. */
const MAX_TRIES = 100;

/** A mirror may show what depends on another mirror, and in the end on itself. */
const MAX_REFRESHES = 10;
const REFRESH_PAGE_SIZE = 500;

/**
 * Plans and applies; when the plan was overtaken by another write, again from the state as it is then. What mirrors the
 * entities written follows.
 */
async function applyPlan<Plan extends EntityPlan>(
  plan: () => Promise<Plan>,
  origin: WriteOrigin,
  services: PlanServices,
): Promise<Plan> {
  const applied = await applyAlone(plan, origin, services);
  // A mirror that another process has made since the plan is not known yet, and its own look at all entities may be over.
  await services.registry.refresh();
  let written: EntityPlan = applied;
  for (let refreshes = 0; refreshes < MAX_REFRESHES && written.rows.length > 0; refreshes++) {
    written = await refresh(await listDependents(written, services), origin, services);
  }
  return applied;
}

async function applyAlone<Plan extends EntityPlan>(
  plan: () => Promise<Plan>,
  origin: WriteOrigin,
  { entities, registry }: PlanServices,
): Promise<Plan> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    await registry.refresh();
    await takeTurn();
    const planned = await plan();
    if (await entities.apply(planned, origin)) return planned;
  }
  throw new ConflictError(
    `The entities were changed by others ${MAX_TRIES} times while being written: try again later`,
  );
}

/** Computes the values of entities anew, and writes those that changed. */
async function refresh(refs: readonly EntityRef[], origin: WriteOrigin, services: PlanServices): Promise<EntityPlan> {
  const rows: PlannedRow[] = [];
  for (let start = 0; start < refs.length; start += REFRESH_PAGE_SIZE) {
    const inputs = refs.slice(start, start + REFRESH_PAGE_SIZE).map((ref) => toInput(ref, services));
    const plan = () => planEntities(inputs, RESHAPE, origin, services);
    rows.push(...(await applyAlone(plan, origin, services)).rows);
  }
  return { blueprints: [], rows, removals: [] };
}

/** Fits entities to their blueprint and to what they mirror. */
export const RESHAPE: WriteMode = { existing: "merge", absent: "refuse", missingTarget: "hold", upkeep: "reshape" };

function toInput({ blueprintId, identifier }: EntityRef, { registry }: PlanServices): EntityInput {
  return { blueprint: registry.getById(blueprintId).blueprint.identifier, identifier };
}

/** Writes what fits; see planEntities. */
export function writeEntities(
  inputs: readonly EntityInput[],
  mode: WriteMode,
  origin: WriteOrigin,
  services: PlanServices,
): Promise<EntityWritePlan> {
  return applyPlan(() => planEntities(inputs, mode, origin, services), origin, services);
}

/** Writes one entity under a new identifier; see planRename. */
export function renameEntity(
  key: EntityKey,
  input: EntityInput,
  mode: WriteMode,
  origin: WriteOrigin,
  services: PlanServices,
): Promise<EntityWritePlan> {
  return applyPlan(() => planRename(key, input, mode, origin, services), origin, services);
}

/** Removes entities; see planRemovals. */
export function removeEntities(
  keys: readonly EntityKey[],
  mode: RemovalMode,
  origin: WriteOrigin,
  services: PlanServices,
): Promise<RemovalPlan> {
  return applyPlan(() => planRemovals(keys, mode, services), origin, services);
}

/** The entities that are new. */
export function listCreated(outcomes: readonly EntityOutcome[]): readonly EntityRef[] {
  return outcomes.flatMap((outcome) => (outcome.result === "created" ? [outcome.row] : []));
}

/** Completes relations that waited for entities which are there now. */
export async function settleWaitingFor(
  created: readonly EntityRef[],
  origin: WriteOrigin,
  services: PlanServices,
): Promise<void> {
  const waiting: EntityRef[] = [];
  for (const [blueprintId, rows] of Map.groupBy(created, (row) => row.blueprintId)) {
    const identifiers = rows.map((row) => row.identifier);
    waiting.push(...(await services.entities.listWaitingFor(blueprintId, identifiers)));
  }
  if (waiting.length > 0) await settle(waiting, "hold", origin, services);
}

/** Completes the relations of these entities as far as their targets are there, or with stubs. */
export function settle(
  waiting: readonly EntityRef[],
  missingTarget: "hold" | "stub",
  origin: WriteOrigin,
  services: PlanServices,
): Promise<EntityWritePlan> {
  const inputs = waiting.map((ref) => toInput(ref, services));
  return writeEntities(
    inputs,
    { existing: "merge", absent: "refuse", missingTarget, upkeep: "settle" },
    origin,
    services,
  );
}
