import { expect, test } from "vitest";
import { NotAllowedError, NotFoundError } from "../../runtime/errors.ts";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { teamKind } from "./team.ts";

test("members are added on request, all of them", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, users: 200, teams: 5 });
  const plain = await readAll(teamKind, session);
  expect(plain[0]?.body()["__members"]).toBeUndefined();
  const teams = await readAll(teamKind, session, { includeMembers: true });
  expect(teams.map((team) => team.body()["__members"])).toEqual(
    simulator.site.teams.map(({ memberIndexes }) =>
      memberIndexes.map((index) => ({ accountId: simulator.site.people[index]?.accountId })),
    ),
  );
  await close();
});

test("without an organisation there are no teams, and no request", async () => {
  const { session, simulator, close } = await startSession({ issues: 1, settings: { organizationId: undefined } });
  expect(await readAll(teamKind, session)).toEqual([]);
  expect(simulator.requests.total).toBe(1); // myself
  await close();
});

test("an organisation that Atlassian does not know names its setting", async () => {
  const { session, close } = await startSession({ issues: 1, settings: { organizationId: "nobody" } });
  const reading = readAll(teamKind, session);
  await expect(reading).rejects.toThrow(NotFoundError);
  await expect(reading).rejects.toThrow(/"nobody".*ATLASSIAN_ORGANIZATION_ID/);
  await close();
});

test("through the gateway teams cannot be read, which is said and not taken for emptiness", async () => {
  const { session, close } = await startSession({ issues: 1, gateway: true });
  await expect(readAll(teamKind, session)).rejects.toThrow(NotAllowedError);
  await close();
});

test("members are left out by default", () => {
  expect(teamKind.parseSelector({})).toEqual({ includeMembers: false });
  expect(() => teamKind.parseSelector({ includeMembers: "yes" })).toThrow(/"includeMembers" must be true or false/);
});
