import { existsSync, mkdirSync, readdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyStore } from "../src/store/sqlite/verify.ts";
import { makeFolder } from "./fixtures/folder.ts";
import { openCatalog } from "./fixtures/open-catalog.ts";
import { QuaysideProcess, runQuayside } from "./fixtures/quayside-process.ts";

const CALLER = { actor: "me", dataSource: "test" };
const MERGE = { existing: "merge", createMissingRelatedEntities: false } as const;
const BLUEPRINT = {
  identifier: "note",
  title: "Note",
  schema: { properties: { text: { type: "string" } } },
  relations: { next: { target: "note" } },
};

let data: ReturnType<typeof makeFolder>;
let folder: string;
let file: string;
beforeEach(() => {
  data = makeFolder();
  folder = join(data.path, "demo");
  file = join(data.path, "backup.db");
});
afterEach(() => data.remove());

const quayside = (...args: readonly string[]) => runQuayside(args, { QUAYSIDE_DATA: data.path });

/** A catalog of notes that point at each other, in a folder that nobody holds afterwards. */
async function fill(notes: number, text: string, where = folder): Promise<void> {
  const open = await openCatalog(where);
  await open.catalog.createBlueprint(BLUEPRINT, CALLER);
  for (let first = 0; first < notes; first += 500) {
    await open.catalog.writeEntities(toNotes(first, Math.min(500, notes - first), text), MERGE, CALLER);
  }
  await open.close();
}

function toNotes(first: number, count: number, text: string) {
  return Array.from({ length: count }, (_, index) => ({
    blueprint: "note",
    identifier: `n${first + index}`,
    properties: { text },
    relations: index === 0 ? {} : { next: `n${first + index - 1}` },
  }));
}

/** How many notes there are, and the text that all of them have. */
function readNotes(path: string): { readonly count: number; readonly texts: string } {
  const db = new DatabaseSync(path);
  const row = db
    .prepare("SELECT count(*) AS count, group_concat(DISTINCT properties ->> '$.text') AS texts FROM entity")
    .get();
  db.close();
  return { count: Number(row?.["count"]), texts: String(row?.["texts"]) };
}

test("a backup that is taken while others write restores to a catalog that is whole", async () => {
  const open = await openCatalog(folder);
  await open.catalog.createBlueprint(BLUEPRINT, CALLER);
  const written = { before: 0, now: 0, isOver: false };
  const writing = (async () => {
    while (!written.isOver) {
      await open.catalog.writeEntities(toNotes(written.now, 100, "x"), MERGE, CALLER);
      written.now += 100;
    }
  })();
  while (written.now < 500) await new Promise((resolve) => setImmediate(resolve));
  written.before = written.now;
  const backup = await quayside("backup", file);
  written.isOver = true;
  await writing;
  await open.close();
  expect(backup).toMatchObject({ code: 0, stdout: expect.stringContaining("Backed up to") });

  expect(await quayside("restore", file)).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
  const restored = await quayside("restore", file, "--force");
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining("What was there before is in") });
  expect(await quayside("verify")).toMatchObject({ code: 0, stdout: expect.stringContaining("is whole") });
  const { count } = readNotes(join(folder, "catalog.db"));
  expect(count).toBeGreaterThanOrEqual(written.before);
  expect(count).toBeLessThan(written.now);
  expect(count % 100).toBe(0);
  const aside = readdirSync(folder).find((name) => name.startsWith("catalog.db.before-")) ?? "";
  expect(readNotes(join(folder, aside)).count).toBe(written.now);
});

test("nothing is restored or verified while the catalog is in use, and a backup is not replaced unasked", async () => {
  await fill(1, "old");
  expect((await quayside("backup", file)).code).toBe(0);
  expect(await quayside("backup", file)).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
  const open = await openCatalog(folder);
  expect((await quayside("restore", file, "--force")).code).toBe(8);
  expect((await quayside("verify")).code).toBe(8);
  expect(await quayside("verify", file)).toMatchObject({ code: 0 });
  expect(await quayside("disk")).toMatchObject({ code: 0, stdout: expect.stringContaining("entities and blueprints") });
  await open.close();
});

test("damage is found and has an exit code of its own", async () => {
  await fill(10, "old");
  const db = new DatabaseSync(join(folder, "catalog.db"));
  db.exec("DELETE FROM edge WHERE source_id = (SELECT max(source_id) FROM edge)");
  db.close();
  expect(await quayside("verify")).toMatchObject({ code: 9, stdout: expect.stringContaining("edges: ") });
});

test("without a Jira and a demo, the data are those of a catalog that is served alone", async () => {
  await fill(1, "served", join(data.path, "catalog"));
  expect(await quayside("verify")).toMatchObject({ code: 0 });
  expect((await quayside("backup", file)).code).toBe(0);
  expect(readNotes(file).texts).toBe("served");
});

/** Kills a command as soon as a file with such a name turns up. */
async function killAt(part: string, watched: string, ...args: readonly string[]): Promise<void> {
  const command = new QuaysideProcess(args, { QUAYSIDE_DATA: data.path });
  const watcher = watch(watched, (_, name) => {
    if (name?.includes(part)) command.kill("SIGKILL");
  });
  await command.ended();
  watcher.close();
}

test("a backup that is killed leaves the one that was there", async () => {
  await fill(1000, "old");
  const backups = join(data.path, "backups");
  mkdirSync(backups);
  file = join(backups, "backup.db");
  await quayside("backup", file);
  const before = readFileSync(file);
  await killAt(".partial", backups, "backup", file, "--force");
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(existsSync(`${file}.partial`)).toBe(true);
  await quayside("backup", file, "--force");
  expect(readdirSync(backups)).toEqual(["backup.db"]);
});

test.each([
  [".restoring", ["old"]],
  [".before-", ["old", "new"]],
])("a restore that is killed when a file *%s* turns up leaves one of both catalogs whole", async (part, allowed) => {
  await fill(1000, "new");
  await quayside("backup", file);
  const open = await openCatalog(folder);
  await open.catalog.writeEntities(toNotes(0, 1000, "old"), MERGE, CALLER);
  await open.close();
  await killAt(part, folder, "restore", file, "--force");
  const path = join(folder, "catalog.db");
  const { count, texts } = readNotes(path);
  expect(count).toBe(1000);
  expect(allowed).toContain(texts);
  expect(verifyStore(path)).toEqual([]);
  expect((await quayside("restore", file, "--force")).code).toBe(0);
  expect(readNotes(path)).toEqual({ count: 1000, texts: "new" });
  expect(readdirSync(folder).filter((name) => name.includes("restoring"))).toEqual([]);
});
