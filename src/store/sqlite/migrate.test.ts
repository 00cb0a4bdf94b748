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
