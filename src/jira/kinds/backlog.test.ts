import { expect, test } from "vitest";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { backlogKind } from "./backlog.ts";

test("an issue in the backlogs of two boards is two objects, each with its board", async () => {
  const { session, close } = await startSession({ issues: 200, projects: 2, boards: 8 });
  const backlog = await readAll(backlogKind, session, { jql: null });
  for (const issue of backlog) {
    const { __boardId, id } = issue.body();
    expect(issue.id.split("/").map(Number)).toEqual([__boardId, Number(id)]);
  }
  expect(new Set(backlog.map(({ key }) => key)).size).toBeLessThan(backlog.length);
  await close();
});

test("JQL and fields are handed to Jira, by either API; the mapping's fields serve where the selector has none", async () => {
  const { session, simulator, close } = await startSession({ issues: 200, projects: 2 });
  const jql = "labels is not EMPTY";
  for (const useSoftwareApi of [true, false]) {
    const selector = { jql, fields: ["labels"], useSoftwareApi };
    const found = await readAll(backlogKind, session, selector, { fields: ["summary"] });
    expect(found.length).toBeGreaterThan(0);
    for (const issue of found) expect(issue.body()["fields"]).toEqual({ labels: expect.any(Array) as string[] });
  }
  const [mapped] = await readAll(backlogKind, session, { jql }, { fields: ["summary"] });
  expect(mapped?.body()["fields"]).toEqual({ summary: expect.any(String) as string });
  expect(simulator.requests.count("GET /rest/agile/1.0/board/{boardId}/backlog")).toBeGreaterThan(0);
  await close();
});

test("the selector has the reference's defaults", () => {
  expect(backlogKind.parseSelector({})).toEqual({
    jql: "updated >= -1w OR statusCategory != Done",
    fields: undefined,
    useSoftwareApi: true,
  });
  expect(backlogKind.parseSelector({ jql: null })).toMatchObject({ jql: undefined });
  expect(() => backlogKind.parseSelector({ fields: "summary" })).toThrow(/"fields" must be a list of texts/);
});
