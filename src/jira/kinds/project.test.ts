import { expect, test } from "vitest";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { projectKind } from "./project.ts";

test("insight is asked for unless the selector says otherwise", async () => {
  const { session, simulator, close } = await startSession({ issues: 40, projects: 2 });
  const [expanded] = await readAll(projectKind, session);
  expect(expanded?.body()["insight"]).toMatchObject({ totalIssueCount: expect.any(Number) as number });
  const [plain] = await readAll(projectKind, session, { expand: "lead" });
  expect(plain?.body()["insight"]).toBeUndefined();
  expect(plain?.body()["lead"]).toBeDefined();
  expect(simulator.requests.count("GET /rest/api/3/project/search")).toBe(2);
  await close();
});

test.each([
  [{}, "insight"],
  [{ expand: "description,lead" }, "description,lead"],
  [{ expand: null }, undefined],
  [{ expand: "" }, undefined],
])("the selector %j expands %s", (selector, expand) => {
  expect(projectKind.parseSelector(selector)).toEqual({ expand });
});

test("a key that is not known is a mistake with a place and a suggestion", () => {
  const parse = (): unknown => projectKind.parseSelector({ query: "true", exportEnvVariables: [], expnd: "lead" });
  expect(parse).toThrow(
    expect.objectContaining({
      problems: [expect.objectContaining({ path: ["expnd"], suggestion: "expand", code: "unknown_selector_key" })],
    }),
  );
});

test("a project is found by id and by key", async () => {
  const { session, simulator, close } = await startSession({ issues: 10, projects: 2 });
  const { id = "", key = "" } = simulator.site.projects[0] ?? {};
  const options = { signal: new AbortController().signal, fields: "all" } as const;
  const selector = projectKind.parseSelector({});
  expect((await projectKind.readOne?.(session, selector, key, options))?.id).toBe(id);
  expect((await projectKind.readOne?.(session, selector, id, options))?.key).toBe(key);
  await close();
});
