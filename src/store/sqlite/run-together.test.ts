import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConflictError } from "../../runtime/errors.ts";
import { Connection } from "./connection.ts";
import { runTogether } from "./run-together.ts";
import type { WriterRequest } from "./writer.ts";

let folder: string;
let db: Connection;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-run-"));
  db = Connection.openWriter(join(folder, "catalog.db"));
  db.exec("CREATE TABLE a (x)");
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const requests: readonly WriterRequest[] = [1, 2, 3].map((id) => ({ id, name: "ping", args: undefined }));
const readAll = (): unknown[] => db.all("SELECT x FROM a ORDER BY x").map((row) => row["x"]);

test("calls are answered in order, with what each returned", () => {
  const replies = runTogether(db, requests, ({ id }) => db.insert("INSERT INTO a VALUES (?)", id));
  expect(replies).toEqual([
    { id: 1, result: 1 },
    { id: 2, result: 2 },
    { id: 3, result: 3 },
  ]);
  expect(readAll()).toEqual([1, 2, 3]);
});

test("a call that fails is undone alone, and its error keeps its code", () => {
  const replies = runTogether(db, requests, ({ id }) => {
    db.run("INSERT INTO a VALUES (?)", id);
    if (id === 2) throw new ConflictError("planted");
  });
  expect(replies[1]).toEqual({ id: 2, error: { code: "conflict", message: "planted" } });
  expect(readAll()).toEqual([1, 3]);
});

test("when the database itself gives up, all calls fail, and the next ones are taken again", () => {
  db.exec("CREATE TABLE b (x)");
  const replies = runTogether(db, requests, ({ id }) => {
    db.run("INSERT INTO a VALUES (?)", id);
    // As SQLite does by itself on a full disk.
    if (id === 2) db.exec("ROLLBACK");
    if (id === 2) throw new Error("disk full");
  });
  expect(replies).toEqual([1, 2].map((id) => ({ id, error: { code: "internal", message: "disk full" } })));
  expect(readAll()).toEqual([]);
  runTogether(db, requests, ({ id }) => db.run("INSERT INTO a VALUES (?)", id));
  expect(readAll()).toEqual([1, 2, 3]);
});

test("when the commit fails, nothing is left behind", () => {
  db.exec("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
  db.exec("CREATE TABLE child (id REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)");
  const [only] = requests;
  const replies = runTogether(db, only ? [only] : [], () => db.run("INSERT INTO child VALUES (9)"));
  expect(replies).toMatchObject([{ id: 1, error: { code: "internal" } }]);
  expect(db.isInTransaction).toBe(false);
  expect(db.all("SELECT * FROM child")).toEqual([]);
});
