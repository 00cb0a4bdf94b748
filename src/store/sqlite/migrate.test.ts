import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";

let folder: string;
let db: Connection;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-migrate-"));
  db = Connection.openWriter(join(folder, "catalog.db"));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const readVersion = (): unknown => db.get("PRAGMA user_version")?.["user_version"];

test("each step is taken once, in order", () => {
  const first = "CREATE TABLE a (x); INSERT INTO a VALUES (1)";
  migrate(db, [first]);
  migrate(db, [first]);
  migrate(db, [first, "INSERT INTO a VALUES (2)", "INSERT INTO a VALUES (3)"]);
  expect(db.all("SELECT x FROM a").map((row) => row["x"])).toEqual([1, 2, 3]);
  expect(readVersion()).toBe(3);
});

test("a step that fails leaves the schema of the step before", () => {
  expect(() => migrate(db, ["CREATE TABLE a (x)", "INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES (1)"])).toThrow(
    "nowhere",
  );
  expect(readVersion()).toBe(1);
  expect(db.all("SELECT * FROM a")).toEqual([]);
});

test("a newer schema is refused with what to do", () => {
  migrate(db, ["CREATE TABLE a (x)", "CREATE TABLE b (x)"]);
  expect(() => migrate(db, ["CREATE TABLE a (x)"])).toThrow(/schema 2.*update Quayside/);
});

test("the product's own schema can be made", () => {
  migrate(db);
  expect(readVersion()).toBe(MIGRATIONS.length);
  expect(db.all("PRAGMA foreign_key_check")).toEqual([]);
});

test("edges that name their targets become edges between numbers", () => {
  migrate(db, MIGRATIONS.slice(0, 3));
  db.exec(`
    INSERT INTO blueprint VALUES (1, 'person', '{}', 1, 0, 1, 'me', 1, 'me'), (2, 'issue', '{}', 1, 0, 1, 'me', 1, 'me');
    INSERT INTO entity SELECT value ->> 0, value ->> 1, value ->> 2, '', NULL, '[]', '{}', '{}', '{}', 0, 1, '', 1, '', 1, ''
      FROM json_each('[[7, 1, "same"], [8, 2, "same"], [9, 2, "other"]]');
    INSERT INTO edge VALUES (9, 'parent', 2, 'same'), (9, 'assignee', 1, 'same'), (8, 'parent', 2, 'other');
  `);
  migrate(db);
  const edges = db.all(
    "SELECT source_id, name, target_id FROM edge JOIN relation ON relation.id = relation_id ORDER BY 1, 2",
  );
  expect(edges.map(Object.values)).toEqual([
    [8, "parent", 9],
    [9, "assignee", 7],
    [9, "parent", 8],
  ]);
  expect(db.all("PRAGMA foreign_key_check")).toEqual([]);
});
