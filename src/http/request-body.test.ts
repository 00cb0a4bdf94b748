import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../runtime/clock.ts";
import { startServer } from "./server.ts";
import { createBlueprints, expectPortError, openTestApp, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeAll(async () => {
  api = await openTestApp();
  await createBlueprints(api);
});
afterAll(() => api.close());

const comments = "/v1/blueprints/issue/entities?upsert=true";
const LIMIT = 1024 * 1024;

/** A valid entity whose JSON has exactly that many bytes. */
function entityOfSize(bytes: number): string {
  const frame = JSON.stringify({ identifier: "big", properties: { labels: [""] } });
  return frame.replace('""', `"${"x".repeat(bytes - frame.length)}"`);
}

test("a body of exactly 1 MiB is taken, one byte more is answered 413", async () => {
  expect((await api.send("POST", comments, entityOfSize(LIMIT))).status).toBeLessThan(300);
  const response = await api.send("POST", comments, entityOfSize(LIMIT + 1));
  expect(await expectPortError(response, 413, "bad_request")).toContain("1 MiB");
});

test("the limit counts bytes, not characters", async () => {
  const body = JSON.stringify({ identifier: "big", title: "ä".repeat(LIMIT / 2) });
  await expectPortError(await api.send("POST", comments, body), 413, "bad_request");
});

test("a declared length over the limit is refused without reading", async () => {
  const response = await api.send("POST", comments, "{}", { "content-length": String(LIMIT + 1) });
  await expectPortError(response, 413, "bad_request");
});

test("a body without a declared length is counted as it comes", async () => {
  const chunk = new TextEncoder().encode(" ".repeat(64 * 1024));
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  const response = await api.app.request(comments, {
    method: "POST",
    headers: { authorization: `Bearer ${api.token}` },
    body: endless,
    duplex: "half",
  });
  await expectPortError(response, 413, "bad_request");
  expect(sent).toBeLessThan(LIMIT + 4 * chunk.byteLength);
});

test.each([
  ["none", {}],
  ["that of curl -d", { "content-type": "application/x-www-form-urlencoded" }],
  ["that of a text", { "content-type": "text/plain;charset=UTF-8" }],
  ["JSON with a charset", { "content-type": "application/json; charset=utf-8" }],
])("a JSON body is understood with any content type: %s", async (_claim, headers) => {
  const response = await api.app.request(comments, {
    method: "POST",
    headers: { authorization: `Bearer ${api.token}`, ...headers },
    body: new TextEncoder().encode('{"identifier":"typed"}'),
  });
  expect(response.status).toBeLessThan(300);
});

test("over a socket too, a large body is answered 413 and the connection serves the next request", async () => {
  const server = await startServer({ app: api.app, host: "127.0.0.1", port: 0, clock: systemClock });
  const headers = { authorization: `Bearer ${api.token}`, "content-type": "application/json" };
  for (const body of [" ".repeat(5 * LIMIT), new Blob([" ".repeat(5 * LIMIT)]).stream()]) {
    const response = await fetch(server.url + comments, { method: "POST", headers, body, duplex: "half" });
    await expectPortError(response, 413, "bad_request");
    expect((await fetch(`${server.url}/v1/blueprints`, { headers })).status).toBe(200);
  }
  await server.close();
});

test("200 levels of nesting are taken, more are refused before anything walks them", async () => {
  const nest = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  await expectPortError(await api.send("POST", comments, nest(200)), 422, "invalid_request");
  expect(await expectPortError(await api.send("POST", comments, nest(201)), 400, "bad_request")).toMatch(/nested/);
  const brackets = JSON.stringify({ identifier: "text", title: `"\\${"[".repeat(300)}` });
  expect((await api.send("POST", comments, brackets)).status).toBeLessThan(300);
});
