import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SearchCondition } from "../../model/search.ts";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { Searcher } from "./searcher.ts";

const EVERYTHING: SearchCondition = { type: "all", conditions: [] };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-search-"));
  path = join(folder, "catalog.db");
  const db = Connection.openWriter(path);
  migrate(db);
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

test("searches that are asked at once are all answered, each with its own", async () => {
  const searcher = new Searcher(path);
  const page = searcher.call("readPage", { rule: EVERYTHING, limit: 1 });
  const count = searcher.call("countRows", { rule: EVERYTHING });
  expect(await Promise.all([page, count])).toEqual([{ rows: [], next: undefined, wanted: [] }, 0]);
  await searcher.close();
});

test("an error keeps its code and harms no other search", async () => {
  const searcher = new Searcher(path);
  const bad = searcher.call("readPage", { rule: EVERYTHING, limit: 1, from: "x" });
  await expect(bad).rejects.toMatchObject({ code: "invalid_input", message: expect.stringContaining("cursor") });
  expect(await searcher.call("countRows", { rule: EVERYTHING })).toBe(0);
  await searcher.close();
});

test("a search past its deadline is ended and says so", async () => {
  const searcher = new Searcher(path, 0);
  for (let round = 0; round < 2; round++) {
    await expect(searcher.call("countRows", { rule: EVERYTHING })).rejects.toMatchObject({ code: "limit_exceeded" });
  }
  await searcher.close();
});

test("a thread that cannot start fails the search, and the next one tries again", async () => {
  const elsewhere = join(folder, "later.db");
  const searcher = new Searcher(elsewhere);
  await expect(searcher.call("countRows", { rule: EVERYTHING })).rejects.toMatchObject({ code: "internal" });
  const db = Connection.openWriter(elsewhere);
  migrate(db);
  db.close();
  expect(await searcher.call("countRows", { rule: EVERYTHING })).toBe(0);
  await searcher.close();
});

test("a closed searcher says so", async () => {
  const searcher = new Searcher(path);
  await searcher.close();
  await expect(searcher.call("countRows", { rule: EVERYTHING })).rejects.toThrow("closed");
});
