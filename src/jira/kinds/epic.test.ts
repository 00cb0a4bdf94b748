import { expect, test } from "vitest";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { epicKind } from "./epic.ts";

test("an epic that several boards show comes once, with all of them and the first of them", async () => {
  const { session, close } = await startSession({ issues: 200, projects: 2, boards: 6 });
  const epics = await readAll(epicKind, session, { status: null });
  for (const epic of epics) {
    const { __boardId, __boardIds } = epic.body();
    expect(__boardIds).toEqual([...new Set(__boardIds as readonly number[])]); // our own enrichment
    expect(__boardId).toBe((__boardIds as readonly number[])[0]); // our own enrichment
  }
  expect(epics.some((epic) => (epic.body()["__boardIds"] as readonly number[]).length > 1)).toBe(true); // a list
  await close();
});

test("epics are asked for by whether they are done", async () => {
  const { session, close } = await startSession({ issues: 300, projects: 2 });
  const open = await readAll(epicKind, session);
  const done = await readAll(epicKind, session, { status: ["complete"] });
  expect(new Set(open.map((epic) => epic.body()["done"]))).toEqual(new Set([false]));
  expect(new Set(done.map((epic) => epic.body()["done"]))).toEqual(new Set([true]));
  await close();
});

test.each([
  [{}, false],
  [{ status: ["complete"] }, true],
  [{ status: ["complete", "incomplete"] }, undefined],
  [{ status: null }, undefined],
])("the selector %j means done: %s", (selector, isDone) => {
  expect(epicKind.parseSelector(selector)).toEqual({ isDone });
});
