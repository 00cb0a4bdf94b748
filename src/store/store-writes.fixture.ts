import type { EntityPlan, PlannedRow, WriteOrigin } from "./entity-store.ts";
import type { Store } from "./store.ts";

export async function putBlueprint(store: Store, identifier: string): Promise<number> {
  const blueprint = { identifier, document: { title: identifier }, hasOldEntities: false, expectedVersion: null };
  const [row] = await store.blueprints.put([blueprint], toOrigin(1));
  return row?.id ?? 0;
}

export function applyPlan(
  store: Store,
  plan: Partial<EntityPlan>,
  origin: WriteOrigin = toOrigin(10),
): Promise<boolean> {
  return store.entities.apply({ blueprints: [], rows: [], removals: [], ...plan }, origin);
}

export async function listFeed(store: Store): Promise<string[]> {
  const changes = await store.feed.listAfter(0, 1000);
  return changes.map(({ action, subject, identifier }) => `${action} ${subject} ${identifier}`);
}

export function toOrigin(atMs: number, changes: Partial<WriteOrigin> = {}): WriteOrigin {
  return { actor: "me", dataSource: "source", runId: null, atMs, ...changes };
}

export function toRow(blueprintId: number, identifier: string, changes: Partial<PlannedRow> = {}): PlannedRow {
  return {
    blueprintId,
    identifier,
    expectedVersion: null,
    title: identifier,
    icon: null,
    team: "[]",
    properties: "{}",
    computed: "{}",
    relations: "{}",
    isStub: false,
    keepsAuthor: false,
    edges: [],
    pending: [],
    ...changes,
  };
}
