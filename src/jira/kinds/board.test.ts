import { expect, test } from "vitest";
import { IncompleteReadError } from "../incomplete-read-error.ts";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { stubServices, stubSettings } from "../stub-jira.fixture.ts";
import { StubServer } from "../stub-server.fixture.ts";
import { connectJira } from "../jira-session.ts";
import { boardKind } from "./board.ts";

test("a board knows the keys of its projects", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, projects: 3, boards: 6 });
  const boards = await readAll(boardKind, session);
  const { site } = simulator;
  for (const board of boards) {
    const { projectIndex = -1 } = site.boards.boards.get(Number(board.id)) ?? {};
    expect(board.body()["__projectKeys"]).toEqual([site.projects[projectIndex]?.key]);
  }
  await close();
});

test("type and project select boards, in the list and singly", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, projects: 3, boards: 9 });
  const { site } = simulator;
  const key = site.projects[1]?.key ?? "";
  const selector = { boardType: "kanban", projectKey: key };
  const expected = [...site.boards.boards.values()].filter(
    ({ type, projectIndex }) => type === "kanban" && site.projects[projectIndex]?.key === key,
  );
  const boards = await readAll(boardKind, session, selector);
  expect(boards.map(({ id }) => Number(id))).toEqual(expected.map(({ id }) => id));
  const options = { signal: new AbortController().signal, fields: "all" } as const;
  const other = [...site.boards.boards.values()].find(({ type }) => type === "scrum");
  const parsed = boardKind.parseSelector(selector);
  expect(await boardKind.readOne?.(session, parsed, String(other?.id), options)).toBeUndefined();
  expect((await boardKind.readOne?.(session, parsed, String(expected[0]?.id), options))?.id).toBe(boards[0]?.id);
  await close();
});

test("a board whose projects cannot be read fails alone: the others are yielded, and the gap is reported", async () => {
  const stub = await StubServer.start(({ path }) => {
    if (path.endsWith("/myself")) return { json: { accountId: "a" } };
    if (path.endsWith("/board/2/project")) return { status: 403 };
    if (path.endsWith("/project")) return { json: { values: [{ id: "1", key: "A" }], isLast: true } };
    return { json: { values: [1, 2, 3].map((id) => ({ id, type: "scrum" })), isLast: true } };
  });
  const session = await connectJira(stubSettings(stub.url), stubServices());
  const ids: string[] = [];
  const options = { signal: new AbortController().signal, skip: () => false, fields: "all" } as const;
  const read = async (): Promise<void> => {
    for await (const page of boardKind.read(session, boardKind.parseSelector({}), options)) {
      ids.push(...page.objects.map(({ id }) => id));
    }
  };
  const reading = read();
  await expect(reading).rejects.toThrow(IncompleteReadError);
  await expect(reading).rejects.toThrow(/the projects of board 2 failed/);
  expect(ids).toEqual(["1", "3"]);
  await session.close();
  await stub.close();
});

test("the selector has the reference's keys; a blank project is a mistake", () => {
  expect(boardKind.parseSelector({ boardType: null })).toEqual({ type: undefined, projectKeyOrId: undefined });
  expect(boardKind.parseSelector({ boardType: "simple", projectKey: "A" })).toEqual({
    type: "simple",
    projectKeyOrId: "A",
  });
  expect(() => boardKind.parseSelector({ boardType: "waterfall", projectKey: " " })).toThrow(
    /"boardType" must be one of scrum, kanban, simple.*"projectKey" must be a text that is not blank/,
  );
});
