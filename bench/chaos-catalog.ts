/**
 * Kills the catalog with `kill -9` while several clients load it, again and again over the same database. After each
 * kill the store must be whole, and hold every write that was acknowledged, and none that nobody asked for; so must the
 * change feed, without a gap.
 *
 *     npm run chaos:catalog -- [--quick] [--kills N] [--seed N] [--plant early-answer]
 *
 * Prints a table, then one line of JSON; ends with 1 when anything was lost or damaged.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyStore } from "../src/store/sqlite/verify.ts";
import { BLUEPRINT, sendOnce, THING, WritingClient, type Document } from "./chaos-catalog/load.ts";
import { Random } from "./jq/random.ts";
import { ServedCatalog } from "./served-catalog/served-catalog.ts";

const CLIENTS = 6;
/** Entities whose writes were answered before the kill comes. */
const LOAD = { least: 20, most: 1200 };
/** Between two looks at how far the load is; the kill comes anywhere in it. */
const LOOK_MS = 3;
const SHOWN_PROBLEMS = 10;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    kills: { type: "string" },
    seed: { type: "string", default: "1" },
    plant: { type: "string" },
  },
});
const seed = Number(values.seed);
const kills = Number(values.kills ?? (values.quick ? 5 : 50));
const startedAt = performance.now();
const random = new Random(seed);
const folder = mkdtempSync(join(tmpdir(), "quayside-kills-"));
const path = join(folder, "catalog.db");
const start = (): Promise<ServedCatalog> =>
  ServedCatalog.start(path, { plantsEarlyAnswer: values.plant === "early-answer" });
const clients = Array.from({ length: CLIENTS }, (_, index) => new WritingClient(`c${index}`, seed * 100 + index));
const countAcknowledged = (): number => clients.reduce((total, client) => total + client.acknowledged, 0);
const rows: { kill: number; acknowledged: number; entities: number; problems: number }[] = [];
const problems: string[] = [];
let lastSeq = 0;

let served = await start();
await sendOnce(served, "POST", "/v1/blueprints", THING);
for (let kill = 1; kill <= kills; kill++) {
  const load = random.integer(LOAD.least, LOAD.most);
  const loading = Promise.all(clients.map((client) => client.run(served)));
  while (countAcknowledged() < load) await sleep(LOOK_MS);
  await served.kill();
  await loading;
  const acknowledged = countAcknowledged();
  const found = verifyStore(path).map(({ check, message }) => `${check}: ${message}`);
  const { counts, gaps, last } = readFeed(lastSeq);
  lastSeq = last;
  if (gaps > 0) found.push(`the change feed lacks ${gaps} numbers`);
  served = await start();
  const entities = await readEntities();
  for (const client of clients) found.push(...client.settle(entities, (identifier) => counts.get(identifier) ?? 0));
  rows.push({ kill, acknowledged, entities: entities.size, problems: found.length });
  problems.push(...found.map((problem) => `kill ${kill}: ${problem}`));
}
await served.kill();
rmSync(folder, { recursive: true });

for (const problem of problems.slice(0, SHOWN_PROBLEMS)) console.error(problem);
console.table(rows);
const result = {
  bench: "chaos:catalog",
  seed,
  kills,
  acknowledged: rows.reduce((total, row) => total + row.acknowledged, 0),
  problems: problems.length,
  seconds: Math.round((performance.now() - startedAt) / 100) / 10,
};
console.log(JSON.stringify(result));
process.exitCode = problems.length === 0 ? 0 : 1;

/** As the product reads them after a restart. */
async function readEntities(): Promise<ReadonlyMap<string, Document>> {
  const headers = { authorization: `Bearer ${served.token}` };
  const response = await fetch(`${served.url}/v1/blueprints/${BLUEPRINT}/entities`, { headers });
  const { entities } = (await response.json()) as { entities: readonly Document[] }; // the answer of that route
  return new Map(entities.map((entity) => [String(entity["identifier"]), entity]));
}

/** What the feed has after a number: changes by entity, and how many numbers it lacks. */
function readFeed(after: number): {
  readonly counts: ReadonlyMap<string, number>;
  readonly gaps: number;
  readonly last: number;
} {
  const db = new DatabaseSync(path, { readOnly: true });
  const changes = db.prepare("SELECT seq, subject, identifier FROM change WHERE seq > ? ORDER BY seq").all(after);
  db.close();
  const last = Number(changes.at(-1)?.["seq"] ?? after);
  const counts = new Map<string, number>();
  for (const { subject, identifier } of changes) {
    const name = String(identifier);
    if (subject === "entity") counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { counts, gaps: last - after - changes.length, last };
}
