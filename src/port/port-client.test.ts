import { afterEach, beforeEach, expect, test } from "vitest";
import { AbortError, AuthenticationError, NotFoundError, UpstreamError } from "../runtime/errors.ts";
import type { PortClient, PortClientOptions } from "./port-client.ts";
import { startStrictPort, STRICT_CLIENT, type StrictPort } from "./strict-port.fixture.ts";
import { createClient, createQuickClock, USER_AGENT } from "./test-client.fixture.ts";

let port: StrictPort;
let client: PortClient;
let clock: ReturnType<typeof createQuickClock>;
beforeEach(async () => {
  port = await startStrictPort();
  clock = createQuickClock();
  client = connect();
});
afterEach(async () => {
  await client.close();
  await port.close();
});

function connect(options: Partial<PortClientOptions> = {}): PortClient {
  return createClient({ ...STRICT_CLIENT, baseUrl: port.url, clock, ...options });
}

const list = (): Promise<unknown> => client.request("GET", "/v1/blueprints");
const signIns = (): number => port.received.filter(({ path }) => path === "/v1/auth/access_token").length;
const calls = (): number => port.received.length - signIns();

test("requests that start together share one sign-in and carry the user agent", async () => {
  await Promise.all([list(), list(), list()]);
  expect(signIns()).toBe(1);
  expect(calls()).toBe(3);
  expect(new Set(port.received.map(({ userAgent }) => userAgent))).toEqual(new Set([USER_AGENT]));
});

test("a token is replaced shortly before it expires", async () => {
  await list();
  clock.advance(10_800_000 - 31_000);
  await list();
  expect(signIns()).toBe(1);
  clock.advance(1_000);
  await list();
  expect(signIns()).toBe(2);
  expect(port.received.some(({ status }) => status === 401)).toBe(false);
});

test("a refused token is replaced and the request repeated, once", async () => {
  await list();
  port.expireTokens();
  expect(await list()).toEqual({ ok: true, blueprints: [] });
  expect(signIns()).toBe(2);
  port.answerNext({ status: 401 }, { status: 401 });
  await expect(list()).rejects.toThrow(AuthenticationError);
});

test("wrong credentials name the settings, not the secret", async () => {
  client = connect({ clientSecret: "wrong-secret" });
  await expect(list()).rejects.toThrow(/OCEAN__PORT__CLIENT_ID and OCEAN__PORT__CLIENT_SECRET/);
  await expect(list()).rejects.not.toThrow(/wrong-secret/);
});

test("an address where nobody answers, or where no Port API is, names the setting", async () => {
  const refused = connect({ baseUrl: "http://127.0.0.1:1" });
  await expect(refused.request("GET", "/v1/blueprints")).rejects.toThrow(/Cannot reach.*OCEAN__PORT__BASE_URL/);
  await refused.close();
  port.answerNext({ status: 200, text: "<html>welcome</html>" });
  await expect(list()).rejects.toThrow(/not one of a Port API: check OCEAN__PORT__BASE_URL/);
  port.answerNext({ status: 404, text: "<html>not found</html>" });
  await expect(list()).rejects.toThrow(/OCEAN__PORT__BASE_URL/);
});

test("a Retry-After is waited for in full, whatever it is", async () => {
  port.answerNext(
    { status: 429, headers: { "retry-after": "120" } },
    { status: 503, headers: { "retry-after": new Date(clock.now() + 300_000).toUTCString() } },
  );
  await list();
  expect(clock.slept[0]).toBeGreaterThanOrEqual(120_000);
  expect((clock.slept[0] ?? 0) + (clock.slept[1] ?? 0)).toBeGreaterThanOrEqual(300_000);
  expect(calls()).toBe(3);
});

test.each([408, 429, 500, 502, 503, 504])("%i is tried again, with growing waits", async (status) => {
  port.answerNext({ status }, { status }, { status });
  await list();
  expect(clock.slept).toEqual([300, 600, 1200]);
});

test("waits differ at random, so that clients do not come back together", async () => {
  client = connect({ random: () => 0 });
  port.answerNext({ status: 503 });
  await list();
  expect(clock.slept).toEqual([150]);
});

test("a server that keeps failing is given up, with its status", async () => {
  port.answerNext(...Array.from({ length: 20 }, () => ({ status: 500 })));
  const failure = list();
  await expect(failure).rejects.toThrow(UpstreamError);
  await expect(failure).rejects.toMatchObject({ status: 500, retry: {} });
  expect(calls()).toBe(10);
});

test("a Retry-After beyond reason is not waited for", async () => {
  port.answerNext({ status: 429, headers: { "retry-after": "86400" } });
  await expect(list()).rejects.toMatchObject({ status: 429 });
  expect(clock.slept).toEqual([]);
});

test.each([
  [400, UpstreamError],
  [403, UpstreamError],
  [404, NotFoundError],
  [409, UpstreamError],
  [413, UpstreamError],
  [422, UpstreamError],
])("%i is final", async (status, type) => {
  port.answerNext({ status });
  const failure = list();
  await expect(failure).rejects.toThrow(type);
  await expect(failure).rejects.toMatchObject({ retry: "no", details: { status, error: "planned" } });
  expect(calls()).toBe(1);
});

test("a missing permission is about the credentials", async () => {
  port.answerNext({ status: 403, text: '{"ok":false,"error":"missing_permissions","message":"no"}' });
  await expect(list()).rejects.toThrow(AuthenticationError);
});

test("at most 20 requests are in flight", async () => {
  await Promise.all(Array.from({ length: 100 }, list));
  expect(calls()).toBe(100);
  expect(port.mostInFlight).toBeLessThanOrEqual(20);
  expect(port.mostInFlight).toBeGreaterThan(1);
});

test("stopping ends what waits and what is asked for afterwards", async () => {
  const stop = new AbortController();
  client = connect({
    signal: stop.signal,
    clock: {
      ...clock,
      sleep: () =>
        new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(new Error("stopped")))),
    },
  });
  port.answerNext({ status: 503 });
  const failure = expect(list()).rejects.toThrow(AbortError);
  stop.abort(new Error("stopped"));
  await failure;
  await expect(list()).rejects.toThrow(AbortError);
});
