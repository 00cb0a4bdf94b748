/**
 * What reads and searches of the catalog cost, over HTTP, beside a route of the same server that does nothing.
 *
 *     npm run bench:catalog -- [--quick] [--issues N] [--million] [--database-url URL]
 *
 * Prints a table for each size, then one line of JSON. Ends with 1 when a target is missed, and with 2 when the run
 * proves nothing, as others used the machine. `--quick` judges no times: 10,000 issues are too few. With the URL of a
 * PostgreSQL server (or QUAYSIDE_DATABASE_URL) it is measured too, in a database of its own, and not judged.
 */
import { parseArgs } from "node:util";
import { measureCatalog, type CatalogFigures, type Effort } from "./catalog/measure-catalog.ts";
import { makeFilePlace, toServerPlace } from "./catalog/place.ts";
import { SEARCHES } from "./catalog/searches.ts";
import { percentile, type Times } from "./catalog/times.ts";

const MILLION = 1_000_000;
const FOREIGN_MAX_CORES = 0.3;
const QUICK: Effort = { points: 1000, searches: 40, added: 2000 };
const WHOLE: Effort = { points: 5000, searches: 200, added: 20_000 };

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    issues: { type: "string" },
    million: { type: "boolean", default: false },
    "database-url": { type: "string" },
  },
});
const isQuick = options.quick;
const url = options["database-url"] ?? process.env["QUAYSIDE_DATABASE_URL"];
const sizes = [Number(options.issues ?? (isQuick ? 10_000 : 100_000)), ...(options.million ? [MILLION] : [])];

interface Row {
  readonly name: string;
  readonly text: string;
  readonly times?: Times;
  /** What is judged. */
  readonly value: number;
  readonly unit: string;
  readonly most?: number;
  readonly least?: number;
}

const results = [];
for (const issues of sizes) {
  const effort = isQuick ? QUICK : WHOLE;
  const figures = await measureCatalog(issues, effort, makeFilePlace);
  const rows = toRows(figures);
  print(figures, rows);
  const other = url === undefined ? undefined : toRows(await measureCatalog(issues, effort, toServerPlace(url)));
  if (other !== undefined) printBoth(rows, other);
  results.push({ figures, rows, other });
}
const missed = isQuick
  ? []
  : results.flatMap(({ figures, rows }) => rows.filter(isMissed).map(({ name }) => `${name}@${figures.issues}`));
const flaws = results.flatMap(({ figures: { issues, foreignCores } }) =>
  foreignCores > FOREIGN_MAX_CORES ? [`others kept ${foreignCores.toFixed(2)} cores busy at ${issues}`] : [],
);
const bySize = results.map(({ figures: { issues }, rows, other }) => ({
  issues,
  ...toValues(rows),
  ...(other && { postgres: toValues(other) }),
}));
console.log(JSON.stringify({ bench: "catalog", quick: isQuick, sizes: bySize, missed, void: flaws }));
process.exitCode = missed.length > 0 ? 1 : flaws.length > 0 && !isQuick ? 2 : 0;

function toValues(rows: readonly Row[]): Readonly<Record<string, number>> {
  return Object.fromEntries(rows.map(({ name, value }) => [name, round(value)]));
}

function toRows(figures: CatalogFigures): readonly Row[] {
  const { issues, empty, point, searches } = figures;
  const p99 = (name: string, text: string, times: Times, most?: number): Row => {
    return { name, text, times, value: percentile(times, 0.99), unit: "p99 ms", ...(most && { most }) };
  };
  const ratio = percentile(point, 0.99) / percentile(empty, 0.99);
  return [
    p99("fsync", "the disk keeps 16 KB", figures.fsync),
    p99("empty", "a route that does nothing", empty),
    { name: "point", text: "point read", times: point, value: ratio, unit: "x empty", most: 3 },
    ...SEARCHES.map(({ name, text, mostMs, mostMsOfMillion = mostMs }): Row => {
      const times = searches.get(name) ?? [];
      const most = issues >= MILLION ? mostMsOfMillion : mostMs;
      return { name, text, times, value: percentile(times, 0.95), unit: "p95 ms", most };
    }),
    p99("pointDuringBulk", "point read during bulk upserts", figures.pointDuringBulk, 20),
    p99("pointDuringLoad", "point read during a load from inside", figures.pointDuringLoad, 20),
    p99("searchDuringBulk", "two properties, by time, during bulk upserts", figures.searchDuringBulk),
    { name: "firstLoad", text: "load from inside, no index yet", value: figures.firstLoad, unit: "entities/s" },
    { name: "load", text: "load from inside", value: figures.load, unit: "entities/s" },
    { name: "bulk", text: "bulk upserts", value: figures.bulk, unit: "entities/s", least: figures.load / 4 },
    { name: "peakMb", text: "memory of the server, with the file it maps", value: figures.peakMb, unit: "MB" },
  ];
}

function isMissed({ value, most, least }: Row): boolean {
  return !(value <= (most ?? Number.POSITIVE_INFINITY) && value >= (least ?? 0));
}

function print({ issues, foreignCores }: CatalogFigures, rows: readonly Row[]): void {
  console.log(`\n${issues} issues; others kept ${foreignCores.toFixed(2)} cores busy`);
  console.log(`${"".padEnd(46)}     p50     p95     p99 ms           judged   target`);
  for (const row of rows) {
    const { text, value, unit, most, least } = row;
    const bound = most === undefined ? (least === undefined ? "" : `>= ${round(least)}`) : `<= ${most}`;
    const verdict = isMissed(row) ? (isQuick ? "(missed)" : "MISSED") : "";
    console.log(
      `${text.padEnd(46)}${toTimes(row)}${String(round(value)).padStart(11)} ${unit.padEnd(11)}${bound.padEnd(10)}${verdict}`,
    );
  }
}

function toTimes({ times }: Row): string {
  return [0.5, 0.95, 0.99]
    .map((share) => (times === undefined ? "" : percentile(times, share).toFixed(2)).padStart(8))
    .join("");
}

function printBoth(rows: readonly Row[], other: readonly Row[]): void {
  console.log(`\n${"".padEnd(46)}  SQLite p50   p95     p99     PostgreSQL p50   p95     p99`);
  for (const [index, row] of rows.entries()) {
    const same = other[index];
    if (same === undefined) continue;
    const [ours, theirs] = [row, same].map((each) =>
      each.times === undefined ? `${round(each.value)} ${each.unit}`.padStart(24) : toTimes(each),
    );
    console.log(`${row.text.padEnd(46)}${ours}       ${theirs}`);
  }
}

function round(figure: number): number {
  return Number(figure.toPrecision(3));
}
