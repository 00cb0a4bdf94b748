import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { runTogether } from "./run-together.ts";
import { createTextIndex, toTextMatch } from "./text-index.ts";

let folder: string;
let db: Connection;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-text-"));
  db = Connection.openWriter(join(folder, "catalog.db"));
  migrate(db);
  db.run("INSERT INTO blueprint VALUES (1, 'issue', '{}', 1, 0, 1, 'me', 1, 'me')");
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const write = {
  insert: (id: number, title: string) =>
    db.run(
      `INSERT OR IGNORE INTO entity (id, blueprint_id, identifier, title, team, properties, computed, relations, is_stub,
         version, data_source, created_at, created_by, updated_at, updated_by)
       VALUES (?, 1, ?, ?, '[]', '{}', '{}', '{}', 0, 1, 'x', 1, 'me', 1, 'me')`,
      id,
      `i${id}`,
      title,
    ),
  update: (id: number, title: string) => db.run("UPDATE entity SET title = ? WHERE id = ?", title, id),
  delete: (id: number) => db.run("DELETE FROM entity WHERE id = ?", id),
};
type Write = readonly [keyof typeof write, number, string];

/** One call each; one whose title is "bad" fails after its write. */
function commit(writes: readonly Write[]): void {
  const requests = writes.map((_, id) => ({ id, name: "ping", args: undefined }) as const);
  runTogether(db, requests, ({ id }) => {
    const [name, entity, title] = writes[id] ?? ["delete", 0, ""];
    write[name](entity, title);
    if (title === "bad") throw new Error("planted");
  });
}

function find(text: string): readonly unknown[] {
  const field = { kind: "meta", name: "$title" } as const;
  const match = toTextMatch([{ type: "text", field, match: "contains", value: text, negated: false }]);
  return match === undefined ? [] : db.all(match.sql, ...match.values).map((row) => row["id"]);
}

function assertInStep(): void {
  db.exec("INSERT INTO entity_text (entity_text, rank) VALUES ('integrity-check', 1)");
}

test("titles are found by their parts, whatever the letters' case, from the commit on", () => {
  write.insert(1, "Größere Häfen");
  createTextIndex(db);
  commit([["insert", 2, "Smaller harbours"]]);
  expect([find("ößer"), find("HARB"), find("harbor"), find('"')]).toEqual([[1], [2], [], []]);
  commit([["update", 2, "Piers"]]);
  expect([find("harb"), find("piers")]).toEqual([[], [2]]);
});

test("the index is in step after any writes, also of calls that failed", () => {
  createTextIndex(db);
  const title = fc.constantFrom("one", "two words", "three", "bad");
  const some = fc.tuple(fc.constantFrom("insert", "update", "delete"), fc.integer({ min: 1, max: 4 }), title);
  fc.assert(
    fc.property(fc.array(fc.array(some, { maxLength: 6 }), { maxLength: 4 }), (transactions) => {
      for (const writes of transactions) commit(writes);
      assertInStep();
      const withWords = db.all("SELECT id FROM entity WHERE title = 'two words' ORDER BY id").map((row) => row["id"]);
      expect(find("two words")).toEqual(withWords);
    }),
  );
});

test("the check of the index can fail", () => {
  createTextIndex(db);
  db.exec("DROP TRIGGER entity_text_insert");
  commit([["insert", 1, "unseen"]]);
  expect(assertInStep).toThrow("malformed");
});
