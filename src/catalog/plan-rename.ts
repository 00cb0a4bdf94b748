import type { EntityInput, EntityKey } from "../model/entity.ts";
import { must } from "../runtime/errors.ts";
import type { EntityRow, WriteOrigin } from "../store/entity-store.ts";
import { CatalogError } from "./catalog-error.ts";
import { computeValues } from "./compute-values.ts";
import { assertIdentifier } from "./entity-draft.ts";
import {
  planEntities,
  toBlueprintVersions,
  type EntityWritePlan,
  type PlanServices,
  type WriteMode,
} from "./plan-entities.ts";
import { toEdges, withRenamedTarget } from "./relations.ts";
import { toPlannedRow } from "./to-planned-row.ts";

/**
 * Plans a write that gives an entity another identifier (that of the input); what points at it follows. Throws
 * CatalogError `identifier_taken` when there is an entity of that name.
 */
export async function planRename(
  key: EntityKey,
  input: EntityInput,
  mode: WriteMode,
  origin: WriteOrigin,
  services: PlanServices,
): Promise<EntityWritePlan> {
  const { registry, entities } = services;
  const versions = registry.versions();
  const { id } = registry.get(key.blueprint);
  const identifier = assertIdentifier(input.identifier);
  const [before] = await entities.findRows(id, [key.identifier]);
  // As if it kept its name: the same checks, and the same relations.
  const plan = await planEntities([{ ...input, ...key }], mode, origin, services);
  const outcome = must(plan.outcomes[0], "one input has one outcome");
  if (before === undefined || outcome.result === "failed") return plan;
  if ((await entities.findExisting(id, [identifier])).size > 0) {
    throw new CatalogError(
      "identifier_taken",
      `An entity "${identifier}" of blueprint "${key.blueprint}" exists already`,
    );
  }
  const follow = <Row extends Pick<EntityRow, "blueprintId" | "relations">>(row: Row): Row => {
    const { blueprint } = registry.getById(row.blueprintId);
    return { ...row, relations: withRenamedTarget(row.relations, blueprint, key, identifier) };
  };
  const title = outcome.row.title === key.identifier ? identifier : outcome.row.title;
  const state = follow({ ...outcome.row, identifier, title, updatedAtMs: origin.atMs, updatedBy: origin.actor });
  const referrers = (await readReferrers(before, services)).map(follow);
  const [own, ...others] = await computeValues([state, ...referrers], services);
  const toEdgesOf = (row: Pick<EntityRow, "blueprintId" | "relations">) =>
    toEdges(row.relations, registry.getById(row.blueprintId), registry);
  const renamed = toPlannedRow(state, own, {
    expectedVersion: before.version,
    previousIdentifier: key.identifier,
    isStub: false,
    keepsAuthor: false,
    edges: toEdgesOf(state),
    pending: plan.rows.find((row) => row.identifier === key.identifier && row.blueprintId === id)?.pending,
  });
  const following = referrers.map((row, index) =>
    toPlannedRow(row, others[index], {
      expectedVersion: row.version,
      isStub: row.isStub,
      keepsAuthor: true,
      edges: toEdgesOf(row),
      pending: undefined,
    }),
  );
  const stubs = plan.rows.filter((row) => row.isStub);
  const rows = [...stubs, renamed, ...following];
  const renamedOutcome = { ...outcome, result: "updated", key: { ...key, identifier }, row: state } as const;
  return { ...plan, blueprints: toBlueprintVersions(rows, versions), rows, outcomes: [renamedOutcome] };
}

/** Entities that point at this one, but not itself. */
async function readReferrers(row: EntityRow, { entities }: PlanServices): Promise<EntityRow[]> {
  const edges = await entities.listReferrers(row.blueprintId, [row.identifier]);
  const rows: EntityRow[] = [];
  for (const [blueprintId, group] of Map.groupBy(edges, (edge) => edge.blueprintId)) {
    rows.push(...(await entities.findRows(blueprintId, [...new Set(group.map((edge) => edge.identifier))])));
  }
  return rows.filter((each) => each.id !== row.id);
}
