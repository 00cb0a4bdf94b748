import { systemClock } from "../../runtime/clock.ts";
import { must } from "../../runtime/errors.ts";
import type { PlannedRow } from "../entity-store.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";

/** Writes page after page of two entities, one pointing at the other, and prints the number of each that is on disk. */
const store = await openSqliteStore({ path: process.argv[2] ?? "", clock: systemClock });
const origin = { actor: "me", dataSource: "source", runId: null, atMs: 1 };
const blueprint = { identifier: "thing", document: {}, hasOldEntities: false, expectedVersion: null };
const [row] = await store.blueprints.put([blueprint], origin);
const blueprintId = must(row, "it was put").id;

function toRow(identifier: string, edges: PlannedRow["edges"]): PlannedRow {
  const content = { title: identifier, icon: null, team: "[]", properties: "{}", computed: "{}", relations: "{}" };
  return {
    ...content,
    blueprintId,
    identifier,
    expectedVersion: null,
    isStub: false,
    keepsAuthor: false,
    edges,
    pending: [],
  };
}

async function write(page: number): Promise<void> {
  const edge = { relation: "next", targetBlueprintId: blueprintId, target: `target-${page}` };
  const rows = [toRow(`source-${page}`, [edge]), toRow(`target-${page}`, [])];
  if (await store.entities.apply({ blueprints: [], rows, removals: [] }, origin)) process.stdout.write(`${page}\n`);
}

for (let page = 0; ; page += 4) await Promise.all([0, 1, 2, 3].map((offset) => write(page + offset)));
