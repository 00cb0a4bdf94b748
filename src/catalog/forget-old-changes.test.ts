import { expect, test } from "vitest";
import { forgetOldChanges } from "./forget-old-changes.ts";
import { openTestCatalog } from "./test-catalog.fixture.ts";
import { ME, MERGE, PERSON, person, writeOne } from "./test-entities.fixture.ts";

const HOUR_MS = 3_600_000;

test("old changes are forgotten once a day, and what is younger keeps both of its sides", async () => {
  const opened = await openTestCatalog({ threads: false });
  const { catalog, store, clock } = opened;
  await catalog.createBlueprint(PERSON, ME);
  await writeOne(catalog, person("a", { age: 1 }));
  forgetOldChanges(store, clock, 2);
  const expectAfterWrite = async (age: number, changes: number): Promise<void> => {
    await writeOne(catalog, person("a", { age }), MERGE);
    // What the write set off may end later.
    await expect.poll(async () => (await catalog.listAudit({ limit: 100 })).length).toBe(changes);
  };
  await expectAfterWrite(2, 5);
  clock.move(49 * HOUR_MS);
  await expectAfterWrite(3, 1);
  expect(await catalog.listAudit({ limit: 100 })).toMatchObject([
    { action: "updated", before: { properties: { age: 2 } }, after: { properties: { age: 3 } } },
  ]);
  clock.move(HOUR_MS);
  await expectAfterWrite(4, 2);
  await opened.close();
});
