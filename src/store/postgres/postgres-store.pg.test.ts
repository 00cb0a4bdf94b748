import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EntitySearch, SearchCondition, SearchField } from "../../model/search.ts";
import { systemClock } from "../../runtime/clock.ts";
import type { PlannedRow } from "../entity-store.ts";
import type { Store } from "../store.ts";
import { openPostgresStore } from "./open-postgres-store.ts";
import { createEmptyDatabase, giveTestDatabase, runSql, takeTestDatabase } from "./test-database.fixture.ts";

const ORIGIN = { actor: "me", dataSource: "source", runId: null, atMs: 1 };
let url: string;
let store: Store;
let blueprintId: number;
beforeEach(async () => {
  url = await takeTestDatabase();
  store = await openPostgresStore({ url, clock: systemClock });
  const [row] = await store.blueprints.put(
    [{ identifier: "thing", document: {}, hasOldEntities: false, expectedVersion: null }],
    ORIGIN,
  );
  blueprintId = row?.id ?? 0;
});
afterEach(async () => {
  await store.close();
  giveTestDatabase(url);
});

function toRow(identifier: string, properties: object, changes: Partial<PlannedRow> = {}): PlannedRow {
  return {
    blueprintId,
    identifier,
    title: identifier,
    icon: null,
    team: "[]",
    computed: "{}",
    relations: "{}",
    expectedVersion: null,
    isStub: false,
    keepsAuthor: false,
    edges: [],
    pending: [],
    properties: JSON.stringify(properties),
    ...changes,
  };
}

const apply = (...rows: readonly PlannedRow[]) => store.entities.apply({ blueprints: [], rows, removals: [] }, ORIGIN);
const named = (name: string): SearchField => ({ kind: "property", name, isCalculated: false, isScalar: true });
const is = (field: SearchField, value: string): SearchCondition => ({
  type: "equal",
  field,
  values: [value],
  negated: false,
});

describe("indexes", () => {
  beforeEach(async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => toRow(`t${index}`, { status: `s${index % 300}` }));
    expect(await apply(...rows)).toBe(true);
  });
  const find = (change: Partial<EntitySearch>) =>
    store.entities.search({ blueprintId, rule: { type: "all", conditions: [] }, limit: 1000, ...change });
  const listIndexes = async () =>
    (
      await runSql(url, "SELECT indexname FROM pg_indexes WHERE indexname ~ '^(field_|entity_title_parts)' ORDER BY 1")
    ).map((row) => row["indexname"]);
  const explain = async (condition: string) =>
    (await runSql(url, `EXPLAIN SELECT * FROM entity WHERE blueprint_id = ${blueprintId} AND ${condition}`))
      .map((row) => row["QUERY PLAN"])
      .join("\n");

  test("are made when searches want them again and again, and then used", async () => {
    const search = {
      rule: is(named("status"), "s7"),
      sort: { field: { kind: "meta", name: "$updatedAt" }, isDescending: true },
    } as const;
    for (let times = 0; times < 2; times++) expect((await find(search)).rows).toHaveLength(5);
    expect(await listIndexes()).toEqual([]);
    await find(search);
    await expect
      .poll(listIndexes, { timeout: 20_000 })
      .toEqual([`field_${blueprintId}_meta_$updatedAt`, `field_${blueprintId}_own_status`]);
    expect((await find(search)).rows).toHaveLength(5);
    expect(await explain(`(quayside.value_key((entity.properties -> 'status')) COLLATE "C") = '2s7'`)).toContain(
      `field_${blueprintId}_own_status`,
    );
  });

  test("over the parts of titles find what titles contain", async () => {
    const rule = {
      type: "text",
      field: { kind: "meta", name: "$title" },
      match: "contains",
      value: "t149",
      negated: false,
    } as const;
    for (let times = 0; times < 3; times++) expect((await find({ rule })).rows).toHaveLength(11);
    await expect.poll(listIndexes, { timeout: 20_000 }).toEqual(["entity_title_parts"]);
    expect((await find({ rule })).rows).toHaveLength(11);
  });

  test("give way to a value that is too long for them, for good", async () => {
    const rule = is(named("status"), "s7");
    for (let times = 0; times < 3; times++) await find({ rule });
    await expect.poll(listIndexes, { timeout: 20_000 }).toHaveLength(1);
    // Not to be made shorter by compression.
    const long = Array.from({ length: 20_000 }, (_, index) =>
      String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)),
    ).join("");
    expect(await apply(toRow("long", { status: long }))).toBe(true);
    expect(await listIndexes()).toEqual([]);
    expect((await find({ rule: is(named("status"), long) })).rows).toHaveLength(1);
    for (let times = 0; times < 5; times++) expect((await find({ rule })).rows).toHaveLength(5);
    await store.close();
    store = await openPostgresStore({ url, clock: systemClock });
    for (let times = 0; times < 5; times++) expect((await find({ rule })).rows).toHaveLength(5);
    expect(await runSql(url, "SELECT name FROM refused_index")).toEqual([{ name: `field_${blueprintId}_own_status` }]);
    expect(await listIndexes()).toEqual([]);
  });

  test("of a deleted blueprint go with it", async () => {
    for (let times = 0; times < 3; times++) await find({ rule: is(named("status"), "s7") });
    await expect.poll(listIndexes, { timeout: 20_000 }).toHaveLength(1);
    const { rows } = await find({ limit: 2000 });
    const removals = rows.map(({ identifier }) => ({ blueprintId, identifier, expectedVersion: 1 }));
    await store.entities.apply({ blueprints: [], rows: [], removals }, ORIGIN);
    await store.blueprints.remove("thing", 1, ORIGIN);
    await expect.poll(listIndexes, { timeout: 20_000 }).toEqual([]);
  });
});

test("characters that PostgreSQL cannot hold are replaced, others stay", async () => {
  const held = String.raw`\u0000 \ud83d \\u0000 💡 "quoted" ${"\u0001"}`;
  const properties = { nul: "a\0b", half: "a\ud83d", low: "\udca1", held, list: ["\0"], ["key\0"]: 1 };
  const title = "t\0\ud83d";
  expect(await apply(toRow("x", properties, { title }))).toBe(true);
  const [row] = await store.entities.findRows(blueprintId, ["x"]);
  expect(row).toMatchObject({
    title: "t\uFFFD\uFFFD",
    properties: { nul: "a\uFFFDb", half: "a\uFFFD", low: "\uFFFD", held, list: ["\uFFFD"], ["key\uFFFD"]: 1 },
  });
  expect(await store.entities.findRows(blueprintId, ["x\0"])).toEqual([]);
  await store.settings.save("note", { text: "a\0b\ud83d" });
  expect(await store.settings.find("note")).toEqual({ text: "a\0b\ud83d" });
  await store.telemetry.addLogs("i", [{ atMs: 1, level: "INFO", message: "a\0b", eventId: "e\0", extra: {} }], 9);
  expect(await store.telemetry.listLogs("i", { limit: 1 })).toMatchObject([{ message: "a\0b", eventId: "e\uFFFD" }]);
});

test("plans that meet crosswise are both carried out, or refused as stale, but never fail", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
  await apply(...names.map((name) => toRow(name, { n: 0 })));
  const edge = (target: string) => ({ relation: "next", targetBlueprintId: blueprintId, target });
  for (let round = 0; round < 10; round++) {
    const rows = await store.entities.findRows(blueprintId, names);
    const versions = new Map(rows.map(({ identifier, version }) => [identifier, version]));
    const plans = [names, names.toReversed()].map((order) => {
      const half = order.slice(0, 10);
      const others = order.slice(10);
      const toChanged = (name: string, index: number) =>
        toRow(name, { round }, { expectedVersion: versions.get(name) ?? 0, edges: [edge(others[index] ?? "")] });
      return { blueprints: [], rows: half.map(toChanged), removals: [] };
    });
    const removed = toRow(`gone${round}`, {});
    await apply(removed);
    const removal = { blueprintId, identifier: removed.identifier, expectedVersion: 1 };
    const results = await Promise.all([
      ...plans.map((plan) => store.entities.apply(plan, ORIGIN)),
      store.entities.apply({ blueprints: [], rows: [], removals: [removal] }, ORIGIN),
      apply(toRow(`to${round}`, {}, { edges: [edge(removed.identifier)] })),
    ]);
    expect(results.slice(0, 2)).toEqual([true, true]);
    expect(results.slice(2).filter(Boolean)).toHaveLength(1); // removed, or pointed at
  }
  const dangling = await runSql(
    url,
    "SELECT 1 FROM edge WHERE target_id NOT IN (SELECT id FROM entity) OR source_id NOT IN (SELECT id FROM entity)",
  );
  expect(dangling).toEqual([]);
});

test("connections that the server ends are replaced, and what was missed is announced", async () => {
  const heard: string[] = [];
  store.feed.onCommit(() => heard.push("commit"));
  await runSql(
    url,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await expect.poll(() => heard, { timeout: 20_000 }).toEqual(["commit"]);
  expect(await apply(toRow("x", {}))).toBe(true);
  const other = await openPostgresStore({ url, clock: systemClock });
  await other.settings.save("s", 1);
  await other.close();
  await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(3);
});

test("a search that takes too long is ended", async () => {
  const slow = await openPostgresStore({ url, clock: systemClock, searchDeadlineMs: 1 });
  await apply(...Array.from({ length: 3000 }, (_, index) => toRow(`t${index}`, { text: "x".repeat(500) })));
  const rule: SearchCondition = { type: "text", field: named("text"), match: "contains", value: "y", negated: false };
  await expect(slow.entities.count({ rule })).rejects.toMatchObject({ code: "limit_exceeded" });
  await slow.close();
});

test("a database in another encoding is refused", async () => {
  const latin = new URL(await createEmptyDatabase());
  const name = `latin_${process.pid}`;
  await runSql(
    latin.href,
    `CREATE DATABASE ${name} ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
  );
  latin.pathname = `/${name}`;
  await expect(openPostgresStore({ url: latin.href, clock: systemClock })).rejects.toMatchObject({
    code: "configuration_invalid",
    message: expect.stringContaining("encoding=UTF8"),
  });
});

test("a cursor of another order is refused before PostgreSQL sees it", async () => {
  const search = (name: "$createdAt" | "$title", value: unknown): Promise<unknown> =>
    store.entities.search({
      rule: { type: "all", conditions: [] },
      limit: 1,
      blueprintId,
      sort: { field: { kind: "meta", name }, isDescending: false },
      from: Buffer.from(JSON.stringify([value, "a"])).toString("base64url"),
    });
  for (const attempt of [search("$createdAt", "a title"), search("$createdAt", 1.5), search("$title", 7)]) {
    await expect(attempt).rejects.toMatchObject({ code: "invalid_input" });
  }
  const global = Buffer.from("1.5").toString("base64url");
  const all = store.entities.search({ rule: { type: "all", conditions: [] }, limit: 1, from: global });
  await expect(all).rejects.toMatchObject({ code: "invalid_input" });
});

test("settings of a database that would take its locks away or change its texts do not count", async () => {
  const database = new URL(url).pathname.slice(1);
  const set =
    "ALTER DATABASE %I SET standard_conforming_strings = off; ALTER DATABASE %I SET idle_session_timeout = 1000";
  await runSql(url, set.replaceAll("%I", `"${database}"`));
  const other = await openPostgresStore({ url, clock: systemClock });
  try {
    await other.entities.apply({ blueprints: [], rows: [toRow("a", { at: "2024-05-01" })], removals: [] }, ORIGIN);
    const field: SearchField = { kind: "property", name: "at", isCalculated: false, isScalar: true };
    const from = { value: 0, isIncluded: true };
    const rule: SearchCondition = { type: "range", field, as: "instant", from, negated: false };
    expect(await other.entities.count({ blueprintId, rule })).toBe(1);
  } finally {
    await other.close();
    await runSql(url, `ALTER DATABASE "${database}" RESET ALL`);
  }
});
