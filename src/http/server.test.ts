import { createServer } from "node:http";
import { connect } from "node:net";
import { OpenAPIHono } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import { systemClock, type Clock } from "../runtime/clock.ts";
import { ConflictError, ConfigurationError } from "../runtime/errors.ts";
import type { HttpEnv } from "./services.ts";
import { startServer } from "./server.ts";

const clock = systemClock;
const host = "127.0.0.1";

function createGatedApp() {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const app = new OpenAPIHono<HttpEnv>();
  app.get("/fast", (c) => c.text("fast"));
  app.get("/slow", async (c) => {
    entered.resolve();
    await gate.promise;
    return c.text("slow");
  });
  return { app, gate, entered };
}

test("a free port is found, and the url leads there", async () => {
  const server = await startServer({ app: createGatedApp().app, host, port: 0, clock });
  expect(await (await fetch(`${server.url}/fast`)).text()).toBe("fast");
  await server.close();
});

test("an address that cannot be read is refused in the form of every refusal", async () => {
  const server = await startServer({ app: createGatedApp().app, host, port: 0, clock });
  const { port } = new URL(server.url);
  const answer = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(Number(port), host, () => {
      socket.write("GET /v1/\\x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    });
    socket.on("data", (chunk) => (text += chunk.toString())).on("close", () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain('{"ok":false,"error":"bad_request"');
  await server.close();
});

test("closing waits for the request in flight, not for its idle connection", async () => {
  const { app, gate, entered } = createGatedApp();
  const never: Clock = {
    now: () => 0,
    sleep: (_ms, signal) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("stopped")))),
  };
  const server = await startServer({ app, host, port: 0, clock: never });
  const answer = fetch(`${server.url}/slow`);
  await entered.promise;
  const closed = server.close();
  gate.resolve();
  expect(await (await answer).text()).toBe("slow");
  await closed;
  await expect(fetch(`${server.url}/fast`)).rejects.toThrow();
});

test("a request that never ends is cut off after the grace period", async () => {
  const { app, entered } = createGatedApp();
  const grace = Promise.withResolvers<void>();
  const slept: number[] = [];
  const server = await startServer({
    app,
    host,
    port: 0,
    clock: { now: () => 0, sleep: (ms) => (slept.push(ms), grace.promise) },
  });
  const answer = fetch(`${server.url}/slow`);
  const failed = expect(answer).rejects.toThrow();
  await entered.promise;
  const closed = server.close();
  grace.resolve();
  await Promise.all([closed, failed]);
  expect(slept).toEqual([3000]);
});

test("a port in use is a conflict that names the setting", async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, host, () => resolve((other.address() as { port: number }).port));
  });
  const starting = startServer({ app: createGatedApp().app, host, port, clock });
  await expect(starting).rejects.toThrow(ConflictError);
  await expect(starting).rejects.toThrow(
    `Port ${port} on ${host} is in use by another program: stop that one, or set QUAYSIDE_PORT`,
  );
  other.close();
});

test("an address of another machine is a wrong setting", async () => {
  const starting = startServer({ app: createGatedApp().app, host: "192.0.2.1", port: 0, clock });
  await expect(starting).rejects.toThrow(ConfigurationError);
  await expect(starting).rejects.toThrow("QUAYSIDE_HOST");
});

test("nonsense on the wire does not stop the server", async () => {
  const server = await startServer({ app: createGatedApp().app, host, port: 0, clock });
  const port = Number(new URL(server.url).port);
  for (const nonsense of [
    "\0\0\0",
    "GET / HTTP/9.9\r\n\r\n",
    "GET http://[ HTTP/1.1\r\nHost: [\r\n\r\n",
    "GET /fast HTTP/1.1\r\n\r\n",
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(port, host, () => socket.end(nonsense));
      socket
        .on("close", () => resolve())
        .on("error", () => resolve())
        .resume();
    });
  }
  expect((await fetch(`${server.url}/fast`)).status).toBe(200);
  await server.close();
});
