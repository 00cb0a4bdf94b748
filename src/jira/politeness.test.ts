import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FastClock } from "./fast-clock.fixture.ts";
import { connectJira } from "./jira-session.ts";
import { projectKind } from "./kinds/project.ts";
import { readAll } from "./simulated-session.fixture.ts";
import { startSimulator, type Simulator } from "../simulator/simulator.ts";
import { stubServices, stubSettings } from "./stub-jira.fixture.ts";

const ENDPOINT = "GET /rest/api/3/project/search";

/** Asks for the same thing `count` times at once. */
async function hammer(simulator: Simulator, clock: FastClock, count: number, requestsPerSecond?: number) {
  const session = await connectJira(
    stubSettings(simulator.url, {
      credentials: { type: "basic", user: simulator.email, password: simulator.token },
      limits: { maxInFlight: 10, maxInFlightPerBucket: 10, ...(requestsPerSecond && { requestsPerSecond }) },
      timeoutMs: 60_000,
    }),
    { ...stubServices(), clock },
  );
  await Promise.all(Array.from({ length: count }, () => session.client.getJson("/rest/api/3/project/search")));
  await session.close();
  return session.client.counts()[ENDPOINT];
}

test("Jira's documented limits are never met, however many want to read", async () => {
  const clock = new FastClock(5);
  const simulator = await startSimulator({ issues: 1, clock, rateLimits: "documented" });
  expect(await hammer(simulator, clock, 500)).toMatchObject({ requests: 500, retries: 0 });
  await simulator.close();
});

test("and a client without a pace does meet them, and still gets everything", async () => {
  const clock = new FastClock(5);
  const simulator = await startSimulator({ issues: 1, clock, rateLimits: { perSecond: { GET: 2 } } });
  const counts = await hammer(simulator, clock, 20, 1_000);
  expect(counts?.retries).toBeGreaterThan(0);
  expect(counts?.requests).toBe(20 + (counts?.retries ?? 0));
  await simulator.close();
});

test("a throttled endpoint does not slow another one: its requests are all answered, none refused", async () => {
  const clock = new FastClock(5);
  const rateLimits = { exceptions: { [ENDPOINT]: 1 }, perSecond: { GET: 1000 } };
  const simulator = await startSimulator({ issues: 1, clock, rateLimits });
  const session = await connectJira(
    stubSettings(simulator.url, {
      credentials: { type: "basic", user: simulator.email, password: simulator.token },
      timeoutMs: 60_000,
    }),
    { ...stubServices(), clock },
  );
  const get = (path: string, count: number): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, () => session.client.getJson(path)));
  const throttled = get("/rest/api/3/project/search", 8);
  await get("/rest/api/3/status", 60);
  const counts = session.client.counts();
  expect(counts["GET /rest/api/3/status"]).toMatchObject({ requests: 60, retries: 0 });
  expect(counts[ENDPOINT]?.retries).toBeGreaterThan(0);
  await throttled;
  await session.close();
  await simulator.close();
});

test("an OAuth token that expires between two reads is replaced by the one that the file has by then", async () => {
  const folder = mkdtempSync(join(tmpdir(), "quayside-"));
  const path = join(folder, "token");
  const clock = new FastClock(1000);
  const simulator = await startSimulator({ issues: 1, clock });
  writeFileSync(path, simulator.credentials.grantOAuthToken({ ttlMs: 600_000 }));
  const credentials = { type: "token-file", path } as const;
  const session = await connectJira(stubSettings(simulator.gatewayUrl, { credentials, timeoutMs: 60_000 }), {
    ...stubServices(),
    clock,
  });
  expect(await readAll(projectKind, session)).not.toEqual([]);
  await clock.sleep(600_000);
  writeFileSync(path, simulator.credentials.grantOAuthToken({ ttlMs: 36_000_000 }));
  expect(await readAll(projectKind, session)).not.toEqual([]);
  await session.close();
  await simulator.close();
  rmSync(folder, { recursive: true });
});
