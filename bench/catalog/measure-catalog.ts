import { cpuSecondsOf, machineCpuSeconds } from "../resync/machine.ts";
import { CatalogServer } from "./catalog-server.ts";
import { Client, type BenchRequest } from "./client.ts";
import { toIdentifier, toIssue } from "./issues.ts";
import type { MakePlace } from "./place.ts";
import { SEARCHES, warmUp } from "./searches.ts";
import { timeAtRate, timeEach, timeFsync, type Times } from "./times.ts";

export interface CatalogFigures {
  readonly issues: number;
  readonly fsync: Times;
  readonly empty: Times;
  readonly point: Times;
  readonly searches: ReadonlyMap<string, Times>;
  /** Point reads while entities come in, over the API and from inside as in a resync. */
  readonly pointDuringBulk: Times;
  readonly pointDuringLoad: Times;
  readonly searchDuringBulk: Times;
  /** Entities per second: the first load, one with all indexes there, and one over the API. */
  readonly firstLoad: number;
  readonly load: number;
  readonly bulk: number;
  readonly peakMb: number;
  /** How many cores others kept busy. */
  readonly foreignCores: number;
}

/** How often each thing is done. */
export interface Effort {
  readonly points: number;
  readonly searches: number;
  /** Issues that are added while others read. */
  readonly added: number;
}

const EMPTY: BenchRequest = { method: "GET", path: "/empty" };
const toPoint = (n: number, issues: number): BenchRequest => {
  return { method: "GET", path: `/v1/blueprints/issue/entities/${toIdentifier((n * 7919) % issues)}` };
};

export async function measureCatalog(issues: number, effort: Effort, makePlace: MakePlace): Promise<CatalogFigures> {
  const place = await makePlace();
  const server = await CatalogServer.start(place.address);
  const client = new Client(server, 1);
  const before = readCounters(server);
  const startedMs = performance.now();
  try {
    const fsync = timeFsync(place.folder);
    const firstLoad = await server.load({ first: 0, count: issues });
    const reads = await measureReads(client, issues, effort);
    const writes = await measureWrites(server, issues, effort);
    const after = readCounters(server);
    const seconds = (performance.now() - startedMs) / 1000;
    const foreignCores = Math.max(0, after.machine - before.machine - (after.ours - before.ours)) / seconds;
    return { issues, fsync, firstLoad, ...reads, ...writes, peakMb: server.peakMb(), foreignCores };
  } finally {
    await client.close();
    await server.close();
    await place.remove();
  }
}

async function measureReads(client: Client, issues: number, effort: Effort) {
  const empty: number[] = [];
  const point: number[] = [];
  // In turns, so that both see the same machine.
  for (let n = -effort.points / 10; n < effort.points; n++) {
    const [one] = await timeEach(1, () => client.send(EMPTY));
    const [other] = await timeEach(1, () => client.send(toPoint(n + effort.points, issues)));
    if (n < 0 || one === undefined || other === undefined) continue; // not warm yet
    empty.push(one);
    point.push(other);
  }
  const searches = new Map<string, Times>();
  for (const search of SEARCHES) {
    await warmUp(search, client, issues);
    let last = "";
    const times = await timeEach(effort.searches, async (n) => {
      last = await client.send(search.toRequest(n, last, issues));
    });
    searches.set(search.name, times);
  }
  const sort = (times: readonly number[]): Times => times.toSorted((a, b) => a - b);
  return { empty: sort(empty), point: sort(point), searches };
}

const READS_PER_SECOND = 100;
const SEARCHES_PER_SECOND = 20;
const BULK_SIZE = 20;
const WRITERS = 8;

async function measureWrites(server: CatalogServer, issues: number, { added }: Effort) {
  const reader = new Client(server, 32);
  const writer = new Client(server, WRITERS);
  const readPoints = (isOver: () => boolean): Promise<Times> =>
    timeAtRate(READS_PER_SECOND, (n) => reader.send(toPoint(n, issues)), isOver);
  const search = SEARCHES.find(({ name }) => name === "twoFiltersSorted");
  const readSearches = (isOver: () => boolean): Promise<Times> =>
    timeAtRate(SEARCHES_PER_SECOND, async (n) => search && reader.send(search.toRequest(n, "", issues)), isOver);
  const whileReading = async (write: Promise<number>) => {
    let isOver = false;
    const ended = write.finally(() => (isOver = true));
    const [points, found, rate] = await Promise.all([readPoints(() => isOver), readSearches(() => isOver), ended]);
    return { points, found, rate };
  };
  const load = await whileReading(server.load({ first: issues, count: added }));
  const bodies = Array.from({ length: added / BULK_SIZE }, (_, batch) => {
    const first = issues + added + batch * BULK_SIZE;
    return JSON.stringify({ entities: Array.from({ length: BULK_SIZE }, (_each, index) => toIssue(first + index)) });
  });
  const bulk = await whileReading(sendAll(writer, bodies));
  await Promise.all([reader.close(), writer.close()]);
  return {
    load: load.rate,
    bulk: bulk.rate,
    pointDuringLoad: load.points,
    pointDuringBulk: bulk.points,
    searchDuringBulk: bulk.found,
  };
}

/** Entities per second. */
async function sendAll(client: Client, bodies: readonly string[]): Promise<number> {
  const path = "/v1/blueprints/issue/entities/bulk?upsert=true&merge=true&create_missing_related_entities=true";
  const startedMs = performance.now();
  const rest = bodies.values();
  const work = async (): Promise<void> => {
    for (const body of rest) await client.send({ method: "POST", path, body });
  };
  await Promise.all(Array.from({ length: WRITERS }, work));
  return (bodies.length * BULK_SIZE * 1000) / (performance.now() - startedMs);
}

function readCounters(server: CatalogServer): { readonly ours: number; readonly machine: number } {
  return { ours: cpuSecondsOf("self").own + server.cpuSeconds(), machine: machineCpuSeconds() };
}
