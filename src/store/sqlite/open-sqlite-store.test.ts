import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import type { Store } from "../store.ts";
import { runStoreContract } from "../store.contract.ts";
import { MIGRATIONS } from "./migrations.ts";
import { HERE } from "./no-threads.fixture.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-store-"));
  path = join(folder, "catalog.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): Promise<Store> => openSqliteStore({ path, clock: systemClock });

describe.each([
  ["with its threads", open],
  ["without threads", () => openSqliteStore({ path, clock: systemClock }, HERE)],
])("the SQLite store %s keeps the contract of Store", (_, openOne) => {
  runStoreContract({
    open: async () => {
      let store = await openOne();
      return {
        store,
        reopen: async () => {
          await store.close();
          store = await openOne();
          return store;
        },
        close: () => store.close(),
      };
    },
  });
});

test("data of a newer version are refused, and stay as they are", async () => {
  await (await open()).close();
  const newer = MIGRATIONS.length + 1;
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA user_version = ${newer}`);
  await expect(open()).rejects.toMatchObject({
    code: "configuration_invalid",
    message: expect.stringContaining(`schema ${newer}`),
  });
  expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: newer });
  db.close();
});

test("a file that is no database is refused, naming it", async () => {
  writeFileSync(path, "these are not the bytes of a database".repeat(100));
  await expect(open()).rejects.toMatchObject({
    code: "configuration_invalid",
    message: expect.stringContaining(path),
  });
});

test.each([1, 2, 3])("a writer killed in the middle loses nothing it was told is written (%i)", async (round) => {
  const fixture = join(import.meta.dirname, "endless-writer.fixture.ts");
  const child = spawn(process.execPath, [fixture, path], { stdio: ["ignore", "pipe", "inherit"] });
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === round * 40) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");

  const store = await open();
  const [blueprint] = await store.blueprints.list();
  const blueprintId = blueprint?.id ?? 0;
  const identifiers = acknowledged.flatMap((page) => [`source-${page}`, `target-${page}`]);
  expect((await store.entities.findRows(blueprintId, identifiers)).length).toBe(identifiers.length);

  // Of each page, also of those that were not acknowledged: all of it or nothing.
  const everything = { rule: { type: "all", conditions: [] }, limit: 1_000_000 } as const;
  const { rows } = await store.entities.search(everything);
  const there = new Set(rows.map((row) => row.identifier));
  const changes = (await store.feed.listAfter(0, 1_000_000)).filter((change) => change.subject === "entity");
  expect(new Set(changes.map((change) => change.identifier))).toEqual(there);
  expect(changes.length).toBe(rows.length);
  for (const row of rows) {
    const page = row.identifier.split("-")[1] ?? "";
    expect(there).toContain(`source-${page}`);
    expect(there).toContain(`target-${page}`);
  }
  const targets = rows.filter((row) => row.identifier.startsWith("target-")).map((row) => row.identifier);
  expect(await store.entities.listReferrers(blueprintId, targets)).toHaveLength(targets.length);
  await store.close();

  const db = new DatabaseSync(path, { readOnly: true });
  expect(db.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  db.close();
});
