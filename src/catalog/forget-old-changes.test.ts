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
  const write = async (age: number): Promise<number> => {
    await writeOne(catalog, person("a", { age }), MERGE);
    await store.check(); // what the write set off has been done
    return (await catalog.listAudit({ limit: 100 })).length;
  };
  expect(await write(2)).toBe(5);
  clock.move(49 * HOUR_MS);
  expect(await write(3)).toBe(1);
  expect(await catalog.listAudit({ limit: 100 })).toMatchObject([
    { action: "updated", before: { properties: { age: 2 } }, after: { properties: { age: 3 } } },
  ]);
  clock.move(HOUR_MS);
  expect(await write(4)).toBe(2);
  await opened.close();
});
