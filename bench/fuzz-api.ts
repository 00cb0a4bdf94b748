/**
 * Sends the API requests of which a part is damaged: bodies, rules, identifiers, paths, patterns, programs, sizes. The
 * server runs in a process of its own. It must answer each, none with 5xx; hold no more at the end than at the start;
 * and its store must be whole.
 *
 *     npm run fuzz:api -- [--quick] [--requests N] [--seed N] [--only INDEX] [--plant closed-store]
 *
 * Prints a table, then one line of JSON; ends with 1 when anything of that is not so, or when fewer than 30 % of the
 * requests succeed, since then they test little but the refusals.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { verifyStore } from "../src/store/sqlite/verify.ts";
import { fuzzApi } from "./fuzz-api/fuzz.ts";
import { ServedCatalog, type Measured } from "./served-catalog/served-catalog.ts";

const MIN_SHARE = 0.3;
/** What may be added between the first and the last quarter of the measurements, once everything is warm. */
const MAX_HEAP_GROWTH = 16 * 1024 * 1024;
const MAX_OWN_GROWTH = 96 * 1024 * 1024;
const BLOCKED_MS = 250;
const SHOWN_FAILURES = 8;
const SHOWN_LENGTH = 400;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    requests: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    plant: { type: "string" },
  },
});
const seed = Number(values.seed);
const requests = Number(values.requests ?? (values.quick ? 6_000 : 100_000));
const startedAt = performance.now();

const folder = mkdtempSync(join(tmpdir(), "quayside-fuzz-"));
const database = join(folder, "catalog.db");
const served = await ServedCatalog.start(database, { isLogging: true });
const report = await fuzzApi(served, {
  seed,
  requests,
  ...(values.only !== undefined && { only: Number(values.only) }),
  onProgress: (done) => {
    if (values.plant === "closed-store" && done < requests) void served.closeStore();
    process.stderr.write(`\r${done} of ${requests} `);
  },
});
process.stderr.write("\n");
const hasCrashed = served.hasEnded;
if (values.plant === undefined) await served.close();
else await served.kill();
const damage = verifyStore(database);
rmSync(folder, { recursive: true });

const count = (isIn: (status: number) => boolean): number =>
  [...report.answers].reduce((total, [status, times]) => total + (isIn(status) ? times : 0), 0);
const sent = count(() => true);
const succeeded = count((status) => status >= 200 && status < 300);
const share = succeeded / Math.max(1, sent);
const isWhole = values.only === undefined;
const heapGrowth = toGrowth(({ heapUsed }) => heapUsed);
const ownGrowth = toGrowth(({ ownBytes }) => ownBytes);

for (const { index, problem, request } of report.failures.slice(0, SHOWN_FAILURES)) {
  const { method, path, body } = request;
  console.error(
    `${problem}\n  ${method} ${path.slice(0, SHOWN_LENGTH)}\n  ${String(body ?? "").slice(0, SHOWN_LENGTH)}`,
  );
  console.error(`  repeat: npm run fuzz:api -- --seed ${seed} --only ${index}\n`);
}
for (const { check, message } of damage) console.error(`the store is damaged (${check}): ${message}`);
console.table(
  Object.fromEntries([...report.answers].toSorted(([a], [b]) => a - b).map(([status, times]) => [status, { times }])),
);
console.table(
  report.slowest.map(({ index, ms, request }) => ({
    index,
    ms,
    request: `${request.method} ${request.path.slice(0, 80)}`,
  })),
);
const result = {
  bench: "fuzz:api",
  seed,
  requests: sent,
  succeeded,
  share: round(share),
  refused: count((status) => status >= 400 && status < 500),
  failed: count((status) => status >= 500),
  unanswered: count((status) => status === 0),
  crashes: hasCrashed ? 1 : 0,
  damage: damage.length,
  heapMb: report.measured.map(({ heapUsed }) => toMb(heapUsed)),
  ownMb: report.measured.map(({ ownBytes }) => toMb(ownBytes)),
  heapGrowthMb: toMb(heapGrowth),
  ownGrowthMb: toMb(ownGrowth),
  loopMaxMs: round(Math.max(0, ...report.measured.map(({ loopMaxMs }) => loopMaxMs))),
  loopBusiestMs: round(Math.max(0, ...report.measured.map(({ loopBusiestMs }) => loopBusiestMs))),
  intervalsBlocked: report.measured.filter(({ loopBusiestMs }) => loopBusiestMs > BLOCKED_MS).length,
  seconds: round((performance.now() - startedAt) / 1000),
};
console.log(JSON.stringify(result));
// Threads start when they are first needed, which a quick run may see at any time.
const isFlat = heapGrowth <= MAX_HEAP_GROWTH && (values.quick || ownGrowth <= MAX_OWN_GROWTH);
const isGood = report.failures.length === 0 && !hasCrashed && damage.length === 0;
process.exitCode = isGood && (!isWhole || (share >= MIN_SHARE && isFlat)) ? 0 : 1;

/** From the second quarter, when all code is compiled and every cache has been in use, to the last. */
function toGrowth(pick: (measured: Measured) => number): number {
  const quarter = Math.floor(report.measured.length / 4);
  const mean = (some: readonly Measured[]): number =>
    some.reduce((total, each) => total + pick(each), 0) / Math.max(1, some.length);
  return mean(report.measured.slice(-quarter)) - mean(report.measured.slice(quarter, 2 * quarter));
}

function toMb(bytes: number): number {
  return round(bytes / 1024 / 1024);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
