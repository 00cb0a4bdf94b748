import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { AbortError, AuthenticationError, NotAllowedError, NotFoundError, UpstreamError } from "../runtime/errors.ts";
import { JiraClient } from "./jira-client.ts";
import { BasicAuthenticator } from "./authenticator.ts";
import { stubJira, stubServices, stubSettings } from "./stub-jira.fixture.ts";
import type { StubAnswer, StubRequest } from "./stub-server.fixture.ts";

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

async function start(answer: (request: StubRequest, index: number) => StubAnswer) {
  const started = await stubJira(answer);
  close = started.close;
  return started;
}

/** Answers these in turn, and the last one for ever. */
const inTurn =
  (...answers: StubAnswer[]) =>
  (_: StubRequest, index: number): StubAnswer =>
    answers[Math.min(index, answers.length - 1)] ?? {};

const ok = { json: { ok: true } };

test("a request carries credentials, query, parameters in the path, and body", async () => {
  const { client, stub } = await start(() => ok);
  await client.getJson("/rest/api/3/project/{key}", {
    parameters: { key: "A/B ü" },
    query: { expand: "lead", maxResults: 5, none: undefined, id: ["1", "2"] },
  });
  await client.postJson("/rest/api/3/search/jql", { body: { jql: "é" } });
  expect(stub.requests[0]?.path).toBe("/rest/api/3/project/A%2FB%20%C3%BC");
  expect(stub.requests[0]?.query.toString()).toBe("expand=lead&maxResults=5&id=1&id=2");
  expect(stub.requests[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from("ada@example.com:secret-token").toString("base64")}`,
  );
  expect(stub.requests[1]?.body).toEqual({ jql: "é" });
});

test("the path of a host, as of Atlassian's gateway, stays before every path", async () => {
  const { stub } = await start(() => ok);
  const client = new JiraClient(
    stubSettings(`${stub.url}/ex/jira/cloud-1/`),
    new BasicAuthenticator("a", "b"),
    stubServices(),
  );
  await client.getJson("/rest/api/3/myself");
  expect(stub.requests[0]?.path).toBe("/ex/jira/cloud-1/rest/api/3/myself");
  await client.close();
});

test("compressed answers are unpacked", async () => {
  const { client } = await start(() => ({
    headers: { "content-encoding": "gzip" },
    bytes: gzipSync('{"zipped":true}'),
  }));
  expect(await client.getJson("/x")).toEqual({ zipped: true });
});

test.each<[string, StubAnswer]>([
  ["500", { status: 500 }],
  ["502", { status: 502, bytes: "<html>Bad gateway</html>" }],
  ["503", { status: 503 }],
  ["408", { status: 408 }],
  ["429 without Retry-After", { status: 429 }],
  ["a reset connection", "reset"],
  ["a body cut short", "truncated"],
  ["JSON cut short", { bytes: '{"a":[1,' }],
  ["silence", "stall"],
])("after %s a read is asked for again, with growing waits", async (_, failure) => {
  const { client, stub, clock } = await start(inTurn(failure, failure, ok));
  expect(await client.getJson("/x")).toEqual({ ok: true });
  expect(stub.requests).toHaveLength(3);
  expect(clock.slept).toEqual([500, 1000]);
  expect(client.counts()["GET /x"]).toMatchObject({ requests: 3, retries: 2 });
});

test("Retry-After is honoured in full, however long", async () => {
  const { client, stub, clock } = await start(
    inTurn({ status: 429, headers: { "retry-after": "1847", "ratelimit-reason": "jira-quota-tenant-based" } }, ok),
  );
  const startMs = clock.now();
  expect(await client.getJson("/x")).toEqual({ ok: true });
  expect(clock.now() - startMs).toBeGreaterThanOrEqual(1_847_000);
  expect(stub.requests).toHaveLength(2);
});

test("a Jira that fails for ever is given up after a deadline, with its last words", async () => {
  const { client, stub, clock } = await start(() => ({ status: 500, json: { errorMessages: ["Out of order"] } }));
  const startMs = clock.now();
  await expect(client.getJson("/x")).rejects.toThrow(
    /Jira answered 500 for .*\/x \(Out of order\): Jira has a problem/,
  );
  expect(clock.now() - startMs).toBeLessThanOrEqual(5 * 60_000 + 30_000);
  expect(stub.requests.length).toBeLessThanOrEqual(20);
});

test("a write is not sent twice when it may have been done, but is when it was refused", async () => {
  const { client, stub } = await start(inTurn({ status: 429, headers: { "retry-after": "1" } }, { status: 500 }, ok));
  await expect(client.postJson("/issue", { body: {} })).rejects.toThrow(UpstreamError);
  expect(stub.requests).toHaveLength(2);
});

test("refused credentials cost one request, also for those who ask later, and the message names the settings", async () => {
  const { client, stub } = await start(() => ({ status: 401, bytes: "Client must be authenticated" }));
  const url = `${stub.url}/rest/api/3/myself`;
  await expect(client.getJson("/rest/api/3/myself")).rejects.toThrow(
    `Jira answered 401 for ${url} (Client must be authenticated): check OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL and OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN`,
  );
  await expect(client.getJson("/rest/api/3/field")).rejects.toThrow(AuthenticationError);
  expect(stub.requests).toHaveLength(1);
});

test("a missing scope is no refusal of the credentials: what needs no such scope is still read", async () => {
  const { client } = await start(({ path }) =>
    path === "/board" ? { status: 401, bytes: "Unauthorized; scope does not match" } : ok,
  );
  await expect(client.getJson("/board")).rejects.toThrow(NotAllowedError);
  expect(await client.getJson("/issue")).toEqual({ ok: true });
});

test.each<[number, StubAnswer, new (...args: never[]) => Error, RegExp]>([
  [400, { json: { errorMessages: ["Field 'x' does not exist"] } }, UpstreamError, /Field 'x' does not exist.*selector/],
  [403, { json: { message: "Forbidden" } }, NotAllowedError, /permission/],
  [403, { headers: { "x-seraph-loginreason": "AUTHENTICATION_DENIED" } }, AuthenticationError, /CAPTCHA/],
  [404, { json: { errorMessages: ["No project"] } }, NotFoundError, /JIRA_HOST/],
  [401, { bytes: "Unauthorized; scope does not match" }, NotAllowedError, /lacks a scope.*read:jira-work/],
  [
    302,
    { headers: { location: "https://sso.acme.com/login" } },
    UpstreamError,
    /leads elsewhere \("https:\/\/sso.acme/,
  ],
  [410, { json: { errorMessages: ["removed"] } }, UpstreamError, /no longer has it/],
])("%d says what to do and is not repeated", async (status, answer, type, message) => {
  const { client, stub } = await start(() => ({ status, ...(answer as object) }));
  const failing = client.getJson("/x");
  await expect(failing).rejects.toThrow(type);
  await expect(failing).rejects.toThrow(message);
  expect(stub.requests).toHaveLength(1);
});

test("an unreachable host is named, with its setting", async () => {
  const { stub, client } = await start(() => ok);
  await stub.close();
  await expect(client.getJson("/x", { maxAttempts: 2 })).rejects.toThrow(
    new RegExp(`Cannot reach Jira at 127.0.0.1:\\d+ \\(ECONNREFUSED.*check OCEAN__INTEGRATION__CONFIG__JIRA_HOST`),
  );
  close = () => client.close();
});

test("a host that is no Jira is told apart from a Jira that fails", async () => {
  const { client } = await start(() => ({ headers: { "content-type": "text/html" }, bytes: "<html>Log in</html>" }));
  await expect(client.getJson("/x", { maxAttempts: 2 })).rejects.toThrow(
    /did not answer as Jira does \(no whole JSON: .*\): check that OCEAN__INTEGRATION__CONFIG__JIRA_HOST is the address of a Jira/,
  );
});

test("a read can be called off while it waits for an answer, and while it waits to ask again", async () => {
  const { client } = await start(inTurn("stall"));
  const stop = new AbortController();
  const reading = client.getJson("/x", { signal: stop.signal });
  setImmediate(() => stop.abort());
  await expect(reading).rejects.toThrow(AbortError);
  const again = await start(() => ({ status: 429, headers: { "retry-after": "3600" } }));
  const stopLater = new AbortController();
  const sleep = again.clock.sleep.bind(again.clock);
  again.clock.sleep = (ms, signal) => {
    stopLater.abort();
    return sleep(ms, signal);
  };
  await expect(again.client.getJson("/x", { signal: stopLater.signal })).rejects.toThrow(AbortError);
});

test("one throttled endpoint does not slow another: all requests to the other are answered meanwhile", async () => {
  let refusals = 0;
  const { client, stub } = await start(({ path }) =>
    path === "/slow" && ++refusals <= 8
      ? { status: 429, headers: { "retry-after": "10", "ratelimit-reason": "jira-burst-based" } }
      : ok,
  );
  const slow = Promise.all(Array.from({ length: 8 }, () => client.getJson("/slow")));
  for (let count = 0; count < 100; count++) await client.getJson("/fast");
  expect(client.counts()["GET /fast"]).toMatchObject({ requests: 100, retries: 0 });
  await slow;
  expect(client.counts()["GET /slow"]).toMatchObject({ requests: 16, retries: 8 });
  expect(stub.requests).toHaveLength(116);
});
