import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import type { PlannedRow, WriteOrigin } from "../entity-store.ts";
import type { Store } from "../store.ts";
import { Connection } from "./connection.ts";
import { HERE } from "./no-threads.fixture.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { createTextIndex } from "./text-index.ts";
import { verifyStore } from "./verify.ts";

const ORIGIN: WriteOrigin = { actor: "me", dataSource: "x", runId: null, atMs: 1 };

let folder: string;
let path: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "quayside-verify-"));
  path = join(folder, "catalog.db");
  const store = await openSqliteStore({ path, clock: systemClock }, HERE);
  await fill(store);
  await store.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Two blueprints, of which one got another name; entities that point at each other, and one that is gone. */
async function fill(store: Store): Promise<void> {
  const put = async (identifier: string, previousIdentifier?: string) => {
    const expectedVersion = previousIdentifier === undefined ? null : 1;
    const blueprint = { identifier, document: {}, hasOldEntities: false, expectedVersion };
    const rest = previousIdentifier === undefined ? {} : { previousIdentifier };
    const [row] = await store.blueprints.put([{ ...blueprint, ...rest }], ORIGIN);
    return row?.id ?? 0;
  };
  const apply = async (rows: readonly PlannedRow[]) =>
    expect(await store.entities.apply({ blueprints: [], rows, removals: [] }, ORIGIN)).toBe(true);
  const issue = await put("issue");
  const person = await put("human");
  await apply([toRow(person, "p")]);
  await put("person", "human");
  const relations = JSON.stringify({ boss: "p", watchers: ["p", "q"], nobody: null });
  const edges = [
    { relation: "boss", targetBlueprintId: person, target: "p" },
    { relation: "watchers", targetBlueprintId: person, target: "p" },
    { relation: "watchers", targetBlueprintId: person, target: "q" },
  ];
  await apply([toRow(person, "q"), toRow(issue, "A-1", { relations, edges }), toRow(issue, "A-2")]);
  const removals = [{ blueprintId: issue, identifier: "A-2", expectedVersion: 1 }];
  await store.entities.apply({ blueprints: [], rows: [], removals }, ORIGIN);
  const entities = [{ blueprint: "issue", identifier: "A-1" }];
  const page = { bucket: "x#issue/0", runId: "r", attempt: 1, seen: [] };
  await store.ledger.recordPage({ ...page, entries: [{ ref: { id: "1" }, state: null, entities }] });
}

function toRow(blueprintId: number, identifier: string, rest: Partial<PlannedRow> = {}): PlannedRow {
  const empty = { icon: null, team: "[]", properties: "{}", computed: "{}", relations: "{}" };
  const state = { isStub: false, keepsAuthor: false, edges: [], pending: [], expectedVersion: null };
  return { blueprintId, identifier, title: `Title of ${identifier}`, ...empty, ...state, ...rest };
}

function edit(sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}

test("a store that is whole has no findings, with and without an index of texts", () => {
  expect(verifyStore(path)).toEqual([]);
  makeTextIndex();
  expect(verifyStore(path)).toEqual([]);
});

test.each<[string, string, string]>([
  ["an edge to nobody", "edges", "UPDATE edge SET target_id = 99 WHERE target_id = (SELECT min(target_id) FROM edge)"],
  ["an edge of nobody", "references", "INSERT INTO edge SELECT 99, relation_id, target_id FROM edge LIMIT 1"],
  ["an edge that is missing", "edges", "DELETE FROM edge WHERE target_id = (SELECT min(target_id) FROM edge)"],
  ["an edge too many", "edges", `UPDATE entity SET relations = '{}' WHERE identifier = 'A-1'`],
  ["an entity without blueprint", "references", "UPDATE entity SET blueprint_id = 99 WHERE identifier = 'q'"],
  ["half a document", "documents", `UPDATE entity SET properties = '{"a":' WHERE identifier = 'p'`],
  ["an entity that the feed has deleted", "changes", "UPDATE change SET action = 'deleted' WHERE identifier = 'A-1'"],
  ["a deletion that the feed has not", "changes", "DELETE FROM change WHERE identifier = 'A-2' AND action = 'deleted'"],
  ["an entity that the feed has not", "changes", "DELETE FROM change WHERE identifier = 'A-1'"],
  ["a claim that is missing", "claims", "DELETE FROM claim"],
  ["a claim too many", "claims", "UPDATE ledger_object SET entities = '[]'"],
])("%s is found", (_, check, sql) => {
  edit(sql);
  expect(verifyStore(path)).toContainEqual({ check, message: expect.any(String) });
});

test("a text that the index does not have is found", () => {
  makeTextIndex();
  edit("DROP TRIGGER entity_text_update; UPDATE entity SET title = 'Another' WHERE identifier = 'p'");
  expect(verifyStore(path)).toMatchObject([{ check: "texts" }]);
});

test("a file that is no database is found, and one that is not there is said", () => {
  const other = join(folder, "other.db");
  expect(() => verifyStore(other)).toThrow("There is no database");
  writeFileSync(other, "x".repeat(100_000));
  expect(verifyStore(other)).toMatchObject([{ check: "pages" }]);
});

function makeTextIndex(): void {
  const db = Connection.openWriter(path);
  createTextIndex(db);
  db.close();
}
