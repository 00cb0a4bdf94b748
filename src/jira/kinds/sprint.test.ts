import { expect, test } from "vitest";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { sprintKind } from "./sprint.ts";

test("a sprint that several boards show comes once, with all of them", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, projects: 4, boards: 16 });
  const { boards } = simulator.site.boards;
  const sprints = await readAll(sprintKind, session, { sprintState: null });
  for (const sprint of sprints) {
    const showing = [...boards.values()].filter(
      ({ hasSprints, sprintIds }) => hasSprints && sprintIds.includes(Number(sprint.id)),
    );
    expect(sprint.body()["__boardIds"]).toEqual(showing.map(({ id }) => id));
  }
  expect(sprints.some((sprint) => (sprint.body()["__boardIds"] as readonly number[]).length > 1)).toBe(true); // a list
  await close();
});

test("kanban boards are not asked, and team-managed boards without sprints are left out", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, projects: 4, boards: 16 });
  await readAll(sprintKind, session);
  const boards = [...simulator.site.boards.boards.values()];
  expect(boards.some(({ type, hasSprints }) => type === "simple" && !hasSprints)).toBe(true);
  expect(simulator.requests.count("GET /rest/agile/1.0/board/{boardId}/sprint")).toBe(
    boards.filter(({ type }) => type !== "kanban").length,
  );
  await close();
});

test("only sprints in the states asked for are read, in the list and singly", async () => {
  const { session, close } = await startSession({ issues: 1, projects: 4 });
  const active = await readAll(sprintKind, session);
  expect(new Set(active.map((sprint) => sprint.body()["state"]))).toEqual(new Set(["active"]));
  const options = { signal: new AbortController().signal, fields: "all" } as const;
  const closed = sprintKind.parseSelector({ sprintState: ["closed"] });
  expect(await sprintKind.readOne?.(session, closed, active[0]?.id ?? "", options)).toBeUndefined();
  await close();
});

test.each([
  [{}, ["active"]],
  [{ sprintState: null }, undefined],
  [{ sprintState: ["closed", "active"] }, ["active", "closed"]],
])("the selector %j means the states %j", (selector, states) => {
  expect(sprintKind.parseSelector(selector)).toEqual({ states });
});

test.each<[readonly string[] | string]>([[[]], [["active", "active"]], [["open"]], ["active"]])(
  "the states %j are a mistake",
  (sprintState) => {
    expect(() => sprintKind.parseSelector({ sprintState })).toThrow(/"sprintState" must be a list of/);
  },
);
