import { expect, test } from "vitest";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { releaseKind } from "./release.ts";

test("a version knows the key of its project", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, projects: 3, versionsPerProject: 5 });
  const releases = await readAll(releaseKind, session);
  const expected = simulator.site.projects.flatMap(({ key, versions }) => versions.map(({ id }) => [id, key]));
  expect(releases.map((release) => [release.id, release.body()["__projectKey"]])).toEqual(expected);
  await close();
});

test("the selector has no keys of its own", () => {
  expect(() => releaseKind.parseSelector({ status: "released" })).toThrow(/"status" is not a key/);
});
