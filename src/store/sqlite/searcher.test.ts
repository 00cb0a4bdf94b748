import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SearchCondition } from "../../model/search.ts";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { Searcher } from "./searcher.ts";

const NONE = { count: 0, wanted: [] };
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
/** With documents that take a moment to read. */
function addEntities(count: number): void {
  const properties = JSON.stringify(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`p${n}`, n])));
  const db = Connection.openWriter(path);
  db.exec("BEGIN");
  db.run("INSERT INTO blueprint VALUES (1, 'issue', '{}', 1, 0, 1, 'me', 1, 'me')");
  for (let n = 0; n < count; n++) {
    db.run(
      `INSERT INTO entity (blueprint_id, identifier, title, team, properties, computed, relations, is_stub, version,
         data_source, created_at, created_by, updated_at, updated_by)
       VALUES (1, ?, 'x', '[]', ?, '{}', '{}', 0, 1, 'x', 1, 'me', 1, 'me')`,
      `i${n}`,
      properties,
    );
  }
  db.exec("COMMIT");
  db.close();
}
afterEach(() => rmSync(folder, { recursive: true }));

test("searches that are asked at once are all answered, each with its own", async () => {
  const searcher = new Searcher(path);
  const page = searcher.call("readPage", { rule: EVERYTHING, limit: 1 });
  const count = searcher.call("countRows", { rule: EVERYTHING });
  expect(await Promise.all([page, count])).toEqual([{ rows: [], next: undefined, wanted: [] }, NONE]);
  await searcher.close();
});

test("a search does not wait for one that takes long", async () => {
  addEntities(5000);
  const searcher = new Searcher(path, 2000);
  const ended: string[] = [];
  // Thousands of entities, each compared with hundreds of texts: it takes longer than it may.
  const texts = Array.from({ length: 500 }, (_, n): SearchCondition => {
    const field = { kind: "property", name: `absent${n}`, isCalculated: false, isScalar: false } as const;
    return { type: "text", field, match: "ends", value: "x", negated: false };
  });
  const slow = searcher.call("countRows", { rule: { type: "any", conditions: texts } });
  void slow.catch(() => ended.push("slow"));
  await searcher.call("countRows", { rule: EVERYTHING }).then(() => ended.push("quick"));
  await expect(slow).rejects.toMatchObject({ code: "limit_exceeded" });
  expect(ended).toEqual(["quick", "slow"]);
  await searcher.close();
});

test("an error keeps its code and harms no other search", async () => {
  const searcher = new Searcher(path);
  const bad = searcher.call("readPage", { rule: EVERYTHING, limit: 1, from: "x" });
  await expect(bad).rejects.toMatchObject({ code: "invalid_input", message: expect.stringContaining("cursor") });
  expect(await searcher.call("countRows", { rule: EVERYTHING })).toEqual(NONE);
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
  expect(await searcher.call("countRows", { rule: EVERYTHING })).toEqual(NONE);
  await searcher.close();
});

test("a closed searcher says so", async () => {
  const searcher = new Searcher(path);
  await searcher.close();
  await expect(searcher.call("countRows", { rule: EVERYTHING })).rejects.toThrow("closed");
});
