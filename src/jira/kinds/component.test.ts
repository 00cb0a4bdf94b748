import { expect, test } from "vitest";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { componentKind } from "./component.ts";

test("a component carries its project as Jira lists it", async () => {
  const { session, close } = await startSession({ issues: 1, projects: 3 });
  const components = await readAll(componentKind, session);
  for (const component of components) {
    expect(component.body()["__project"]).toMatchObject({
      key: component.body()["project"],
      name: expect.any(String) as string,
    });
  }
  await close();
});

test("the source and a part of the name are handed to Jira", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, projects: 3 });
  const all = simulator.site.projects.flatMap(({ components }) => components.map(({ name }) => name));
  const part = all[0] ?? "";
  const found = await readAll(componentKind, session, { nameFilter: part });
  expect(found.map((component) => component.body()["name"])).toEqual(
    all.filter((name) => name.toLowerCase().includes(part.toLowerCase())),
  );
  await close();
});

test("the selector has the reference's defaults", () => {
  expect(componentKind.parseSelector({})).toEqual({ componentSource: "jira", nameFilter: undefined });
  expect(componentKind.parseSelector({ componentSource: "compass", nameFilter: null })).toEqual({
    componentSource: "compass",
    nameFilter: undefined,
  });
  expect(() => componentKind.parseSelector({ componentSource: "github" })).toThrow(/one of jira, compass, auto/);
});
