import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backUp } from "./backup.ts";
import { Connection } from "./connection.ts";
import { measureDiskUse } from "./disk-use.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";
import { holdsEntities, restore } from "./restore.ts";

let folder: string;
let path: string;
let backup: string;
let aside: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-backup-"));
  [path, backup, aside] = [join(folder, "catalog.db"), join(folder, "backup.db"), join(folder, "aside.db")];
  makeStore(path, "old");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A store with one setting, by which it is known. */
function makeStore(file: string, name: string, migrations: readonly string[] = MIGRATIONS): void {
  const db = Connection.openWriter(file);
  migrate(db, migrations);
  db.run("INSERT INTO setting VALUES ('name', ?)", name);
  db.close();
}

function readName(file: string): unknown {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare("SELECT value FROM setting WHERE name = 'name'").get()?.["value"];
  } finally {
    db.close();
  }
}

function edit(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}

test("a backup is one file with what was committed, also by a writer that is not done", () => {
  const writer = Connection.openWriter(path);
  writer.run("UPDATE setting SET value = 'committed'");
  writer.exec("BEGIN IMMEDIATE; UPDATE setting SET value = 'not yet'");
  backUp(path, backup);
  writer.exec("COMMIT");
  writer.close();
  expect(readName(backup)).toBe("committed");
  expect(readdirSync(folder).filter((name) => name.startsWith("backup"))).toEqual(["backup.db"]);
});

test("a backup does not replace the catalog itself, under whatever name", () => {
  symlinkSync(path, backup);
  for (const target of [path, backup]) expect(() => backUp(path, target)).toThrow("is the catalog itself");
  expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
  expect(readName(path)).toBe("old");
});

test("a backup replaces one of its name, and a backup that fails leaves it", () => {
  backUp(path, backup);
  edit(path, "UPDATE setting SET value = 'new'");
  backUp(path, backup);
  expect(readName(backup)).toBe("new");
  writeFileSync(path, "no database");
  expect(() => backUp(path, backup)).toThrow();
  expect(readName(backup)).toBe("new");
  expect(() => backUp(join(folder, "none.db"), backup)).toThrow("There is nothing at");
});

test("what is restored takes the place of what was there, which is kept", () => {
  makeStore(backup, "new");
  restore(backup, path, aside);
  expect(new Set(readdirSync(folder))).toEqual(new Set(["aside.db", "backup.db", "catalog.db"]));
  expect([readName(path), readName(aside)]).toEqual(["new", "old"]);
});

test("the last writes of what was there are kept with it, and do not reach what is restored", () => {
  makeStore(backup, "new");
  const reader = Connection.openReader(path);
  reader.all("SELECT * FROM setting"); // so that closing leaves the writes in the WAL
  const writer = Connection.openWriter(path);
  writer.run("UPDATE setting SET value = 'last'");
  writer.close();
  expect(existsSync(`${path}-wal`)).toBe(true);
  reader.close();
  restore(backup, path, aside);
  expect([readName(path), readName(aside)]).toEqual(["new", "last"]);
});

test("a backup of an older version is brought up to date", () => {
  makeStore(backup, "older", MIGRATIONS.slice(0, 3));
  restore(backup, path, aside);
  expect(readName(path)).toBe("older");
  const db = new DatabaseSync(path);
  expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: MIGRATIONS.length });
  db.close();
});

test.each<[string, () => void, string]>([
  ["is not there", () => rmSync(backup), "There is no file"],
  ["is no database", () => writeFileSync(backup, "x".repeat(10_000)), "cannot be restored"],
  ["is of a newer version", () => edit(backup, `PRAGMA user_version = ${MIGRATIONS.length + 1}`), "newer Quayside"],
  ["is damaged", () => edit(backup, "INSERT INTO edge VALUES (1, 1, 1)"), "is damaged (references"],
])("a backup that %s is refused, and nothing changes", (_, spoil, message) => {
  makeStore(backup, "new");
  const before = readFileSync(path);
  spoil();
  expect(() => restore(backup, path, aside)).toThrow(message);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder).filter((name) => name !== "backup.db")).toEqual(["catalog.db"]);
});

test("nothing is restored while somebody reads what is there", () => {
  makeStore(backup, "new");
  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec("BEGIN; SELECT * FROM setting");
  expect(() => restore(backup, path, aside)).toThrow("is being read by another program");
  reader.close();
  expect(readName(path)).toBe("old");
});

test("a damaged catalog can be replaced, and counts as one that holds something", () => {
  makeStore(backup, "new");
  expect(holdsEntities(path)).toBe(false);
  writeFileSync(path, "x".repeat(10_000));
  expect(holdsEntities(path)).toBe(true);
  restore(backup, path, aside);
  expect(readName(path)).toBe("new");
  expect(readFileSync(aside, "utf8")).toBe("x".repeat(10_000));
});

test("disk use names the parts of a file, the largest first, and what is free", () => {
  edit(path, "CREATE TABLE big (text TEXT); INSERT INTO big VALUES (zeroblob(1000000))");
  const use = measureDiskUse(path);
  expect(use.parts[0]?.name).toBe("big");
  expect(use.parts.reduce((sum, { bytes }) => sum + bytes, use.freeBytes)).toBe(use.bytes);
  edit(path, "DROP TABLE big");
  expect(measureDiskUse(path).freeBytes).toBeGreaterThan(900_000);
});
