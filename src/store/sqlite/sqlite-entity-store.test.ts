import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EntitySearch, SearchField } from "../../model/search.ts";
import { systemClock } from "../../runtime/clock.ts";
import { LimitError } from "../../runtime/errors.ts";
import type { PlannedRow } from "../entity-store.ts";
import type { Store } from "../store.ts";
import { Connection } from "./connection.ts";
import { HERE } from "./no-threads.fixture.ts";
import { openSqliteStore, type Threads } from "./open-sqlite-store.ts";
import { listIndexes } from "./property-index.ts";

const ORIGIN = { actor: "me", dataSource: "x", runId: null, atMs: 1 };
const STATUS: SearchField = { kind: "property", name: "status", isCalculated: false, isScalar: true };

let folder: string;
let path: string;
let store: Store;
let blueprintId: number;
let isSlow: boolean;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "quayside-entities-"));
  path = join(folder, "catalog.db");
  isSlow = false;
  store = await openSqliteStore({ path, clock: systemClock }, { ...HERE, openSearcher: openSlowSearcher });
  const blueprint = { identifier: "issue", document: {}, hasOldEntities: false, expectedVersion: null };
  const [row] = await store.blueprints.put([blueprint], ORIGIN);
  blueprintId = row?.id ?? 0;
  const rows = Array.from({ length: 1000 }, (_, n) => toRow(n));
  await store.entities.apply({ blueprints: [], rows, removals: [] }, ORIGIN);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** One whose pages take too long, if asked for. */
function openSlowSearcher(file: string): ReturnType<Threads["openSearcher"]> {
  const searcher = HERE.openSearcher(file);
  return {
    call: (name, args) =>
      isSlow && name === "readPage" ? Promise.reject(new LimitError("It takes too long")) : searcher.call(name, args),
    close: () => searcher.close(),
  };
}

function toRow(n: number): PlannedRow {
  const documents = { team: "[]", properties: `{"status":"s${n % 7}"}`, computed: "{}", relations: "{}" };
  const state = { isStub: false, keepsAuthor: false, edges: [], pending: [], expectedVersion: null };
  return { blueprintId, identifier: `i${n}`, title: `Issue ${n}`, icon: null, ...documents, ...state };
}

function search(): EntitySearch {
  return { blueprintId, limit: 10, rule: { type: "equal", field: STATUS, values: ["s1"], negated: false } };
}

function listMade(): ReadonlySet<string> {
  const reader = Connection.openReader(path);
  const indexes = listIndexes(reader, blueprintId);
  reader.close();
  return indexes;
}

test("the third search that wants an index has it made", async () => {
  for (let times = 1; times <= 3; times++) {
    expect(listMade()).toEqual(new Set());
    await store.entities.search(search());
  }
  await store.check(); // waits for the writer
  expect(listMade()).toEqual(new Set([`field_${blueprintId}_own_status`]));
});

test("an index that went with a rename in its blueprint is made again when searches want it", async () => {
  const searchOften = async (): Promise<void> => {
    for (let times = 1; times <= 3; times++) await store.entities.search(search());
    await store.check();
  };
  await searchOften();
  const renames = [{ kind: "property", from: "old", to: "new" } as const];
  const put = { identifier: "issue", document: {}, hasOldEntities: false, expectedVersion: 1, renames };
  await store.blueprints.put([put], ORIGIN);
  expect(listMade()).toEqual(new Set());
  await searchOften();
  expect(listMade()).toEqual(new Set([`field_${blueprintId}_own_status`]));
});

test("a search that is ended as it takes too long has the index made at once", async () => {
  isSlow = true;
  await expect(store.entities.search(search())).rejects.toThrow("too long");
  await store.check();
  expect(listMade()).toEqual(new Set([`field_${blueprintId}_own_status`]));
});
