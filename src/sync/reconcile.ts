import type { FullSession, WriteOutcome } from "../model/catalog-sink.ts";
import type { EntityKey } from "../model/entity.ts";
import type { LedgerStore } from "../store/ledger-store.ts";
import type { NewRemovalPlan } from "../store/plan-store.ts";
import { toKind } from "./bucket.ts";
import { toClearing } from "./entity-fields.ts";
import { isTooMany } from "./judge-unseen.ts";

export interface ReconcileServices {
  readonly ledger: LedgerStore;
  readonly dataSource: string;
  readonly newId: () => string;
}

export interface Reconciled {
  readonly deleted: readonly EntityKey[];
  readonly stubsCreated: number;
  readonly failures: readonly WriteOutcome[];
}

/**
 * What follows at the end from what the ledger has learned: entities that lost one claim of several lose what they had
 * from it; of those that lost the last one too many at once are held, and the others are removed.
 */
export async function reconcile(
  session: FullSession,
  run: {
    readonly id: string;
    readonly atMs: number;
    readonly threshold: number | undefined;
    readonly merges: boolean;
  },
  { ledger, dataSource, newId }: ReconcileServices,
): Promise<Reconciled> {
  const unmerged = await unmerge(session, run.merges, ledger, dataSource);
  for (const [bucket, removed] of await ledger.countUnclaimed(dataSource)) {
    const known = removed + (await ledger.countEntities(bucket));
    if (!isTooMany(removed, known, run.threshold)) continue;
    const plan: NewRemovalPlan = {
      id: newId(),
      dataSource,
      runId: run.id,
      bucket,
      kind: toKind(bucket),
      reason: "too_many",
      projects: [],
      known,
      createdAtMs: run.atMs,
    };
    await ledger.holdUnclaimed(plan);
  }
  const { removals, stubsCreated, ...report } = await session.commit(await ledger.listUnclaimed(dataSource));
  const failures = [...unmerged, ...report.failures].filter(({ result }) => result === "failed");
  await ledger.settleUnclaimed(dataSource, [...removals.deleted, ...removals.kept]);
  // What failed is tried again; so is what went along with something it required, should it still be claimed.
  await ledger.forgetStates([...failures.map(({ key }) => key), ...removals.deleted]);
  return { deleted: removals.deleted, stubsCreated, failures };
}

/**
 * Clears what only the lost claim had set, and has those that remain written again: what both had set is theirs, from
 * the next run on.
 */
async function unmerge(
  session: FullSession,
  merges: boolean,
  ledger: LedgerStore,
  dataSource: string,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  const shrunk = await ledger.listShrunk(dataSource);
  for (const { entity, bucket } of shrunk) {
    const fieldsOf = async (name: string): Promise<readonly string[]> =>
      (await ledger.getFields(name))[entity.blueprint] ?? [];
    const claims = await ledger.listClaims([entity]);
    const kept = new Set((await Promise.all(claims.map((claim) => fieldsOf(claim.bucket)))).flat());
    const lost = (await fieldsOf(bucket)).filter((field) => !kept.has(field));
    if (merges && lost.length > 0) outcomes.push(...(await session.putPage([toClearing(entity, lost)])));
  }
  await ledger.forgetStates(shrunk.map(({ entity }) => entity));
  return outcomes;
}
