import { expect, test } from "vitest";
import { InputError } from "../../runtime/errors.ts";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { userKind } from "./user.ts";

test("accounts of all types are read, active or not, a thousand to a request", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, users: 1500 });
  const users = await readAll(userKind, session);
  expect(users.map(({ id }) => id)).toEqual(simulator.site.people.map(({ accountId }) => accountId));
  expect(new Set(users.map((user) => user.body()["accountType"]))).toEqual(new Set(["atlassian", "app", "customer"]));
  expect(users.some((user) => user.body()["active"] === false)).toBe(true);
  // Two pages that overlap by one, and one that brings nothing new.
  expect(simulator.requests.count("GET /rest/api/3/users/search")).toBe(3);
  await close();
});

test("the selector has no keys of its own", () => {
  expect(userKind.parseSelector({ query: ".active" })).toEqual({});
  expect(() => userKind.parseSelector({ active: true })).toThrow(InputError);
});
