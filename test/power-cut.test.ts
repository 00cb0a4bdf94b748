/**
 * Cuts the power. A sync, or a server that is written to, runs under strace, which writes down every write, cut and sync of the database's files and, in
 * between, each page or write that the product takes for safe. The disk is then made anew as it was at such a moment, with all
 * that was synced and nothing, or a random part, of what was not; the database must open and hold all of these.
 */
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../src/runtime/clock.ts";
import { HERE } from "../src/store/sqlite/no-threads.fixture.ts";
import { openSqliteStore } from "../src/store/sqlite/open-sqlite-store.ts";
import { verifyStore } from "../src/store/sqlite/verify.ts";
import { makeFolder } from "./fixtures/folder.ts";
import type { AcknowledgedPage } from "./fixtures/power-cut/acknowledged-page.ts";
import { CutDisk } from "./fixtures/power-cut/cut-disk.ts";
import { canTrace, recordProcess, type FileOperation } from "./fixtures/power-cut/recorded-writes.ts";
import { Random } from "../bench/jq/random.ts";

const hasStrace = canTrace();

let folder: ReturnType<typeof makeFolder>;
beforeEach(() => void (folder = makeFolder()));
afterEach(() => folder.remove());

test.skipIf(!hasStrace)(
  "a power cut loses no page that was acknowledged, and the database opens (needs strace)",
  async () => {
    const operations = await recordProcess("recorded-sync", folder.path, { isSynced: true });
    expect(operations.filter(({ type }) => type === "acknowledge").length).toBeGreaterThan(8);
    expect(await cutAtEachPage(operations)).toEqual([]);
  },
);

test.skipIf(!hasStrace)("a power cut loses no write over HTTP that was answered (needs strace)", async () => {
  const operations = await recordProcess("recorded-catalog", folder.path, { isSynced: true });
  expect(operations.filter(({ type }) => type === "acknowledge").length).toBeGreaterThan(8);
  expect(await cutAtEachPage(operations)).toEqual([]);
});

test.skipIf(!hasStrace)("a database that does not wait for the disk is found out (needs strace)", async () => {
  const operations = await recordProcess("recorded-sync", folder.path, { isSynced: false });
  expect(operations.filter(({ type }) => type === "acknowledge").length).toBeGreaterThan(8);
  expect(await cutAtEachPage(operations)).not.toEqual([]);
});

/** What is lost when the power goes right after a page was acknowledged, for each of them. */
async function cutAtEachPage(operations: readonly FileOperation[]): Promise<readonly string[]> {
  const disk = new CutDisk();
  const random = new Random(1);
  const acknowledged: AcknowledgedPage[] = [];
  const losses: string[] = [];
  for (const operation of operations) {
    disk.apply(operation);
    if (operation.type !== "acknowledge") continue;
    acknowledged.push(...operation.pages);
    for (const share of [0, 0.5]) {
      const after = makeFolder();
      disk.writeTo(after.path, () => random.chance(share));
      losses.push(...(await findLosses(join(after.path, "catalog.db"), acknowledged)));
      after.remove();
    }
  }
  return losses;
}

async function findLosses(path: string, pages: readonly AcknowledgedPage[]): Promise<readonly string[]> {
  try {
    const damage = verifyStore(path);
    if (damage.length > 0) return damage.map(({ message }) => message);
    const store = await openSqliteStore({ path, clock: systemClock }, HERE);
    try {
      const blueprints = new Map((await store.blueprints.list()).map(({ identifier, id }) => [identifier, id]));
      const losses: string[] = [];
      for (const { bucket, ids, entities } of pages) {
        const known = await store.ledger.findObjects(bucket, ids);
        losses.push(...ids.filter((id) => !known.has(id)).map((id) => `${bucket} ${id} is not in the ledger`));
        for (const [blueprint, keys] of Map.groupBy(entities, (entity) => entity.blueprint)) {
          const identifiers = keys.map(({ identifier }) => identifier);
          const existing = await store.entities.findExisting(blueprints.get(blueprint) ?? -1, identifiers);
          losses.push(...identifiers.filter((each) => !existing.has(each)).map((each) => `${each} is not there`));
        }
      }
      return losses;
    } finally {
      await store.close();
    }
  } catch (error) {
    return [String(error)];
  }
}
