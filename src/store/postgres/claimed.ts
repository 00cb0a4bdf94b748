import { raw } from "./sql.ts";

/** Condition: the entity of a row of `unclaimed` is claimed after all. */
export const CLAIMED = raw(`EXISTS (
  SELECT 1 FROM claim WHERE claim.blueprint = unclaimed.blueprint AND claim.identifier = unclaimed.identifier)`);

/** Condition: a row of `unclaimed` has to stay until a person decides otherwise. */
export const HELD = raw(`(plan_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM removal_plan WHERE removal_plan.id = unclaimed.plan_id AND removal_plan.status = 'approved'))`);
