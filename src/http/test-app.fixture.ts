import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { Catalog } from "../catalog/catalog.ts";
import { Integrations } from "../catalog/integrations.ts";
import { readConfigText } from "../catalog/read-config-text.ts";
import { JqWasmEngine } from "../jq-wasm/jq-wasm-engine.ts";
import type { Clock } from "../runtime/clock.ts";
import { silentLogger, type Logger } from "../runtime/logger.ts";
import { forgetTestStore, openTestStore } from "../store/open-test-store.fixture.ts";
import { createApp } from "./app.ts";
import type { HttpApp } from "./services.ts";

export const CLIENT = { clientId: "client-1", clientSecret: "secret-1" };
/** Where the test clock starts. */
export const START = Date.parse("2024-05-01T10:00:00.000Z");

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface TestApp {
  readonly app: HttpApp;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly token: string;
  /** What was logged as an error. */
  readonly logged: readonly object[];
  advance(ms: number): void;
  /** With the token and a JSON body, unless the headers say otherwise. */
  send(method: Method, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  closeStore(): Promise<void>;
  close(): Promise<void>;
}

/** The real app on a real store in a folder of its own, with a clock that only moves by hand. */
export async function openTestApp(): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), "quayside-http-"));
  let now = START;
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
  const path = join(folder, "catalog.db");
  const store = await openTestStore({ path, clock, threads: true });
  const jq = new JqWasmEngine();
  let made = 0;
  const randomHex = (length: number): string => (made++).toString(16).padStart(length, "0");
  const catalog = await Catalog.open({ store, jq, clock, newIdentifier: () => `e_${randomHex(16)}` });
  const logged: object[] = [];
  const logger: Logger = { ...silentLogger, error: (fields) => void logged.push(fields) };
  const app = createApp({
    catalog,
    integrations: new Integrations({ store, clock, newId: () => randomHex(16), readMapping: readConfigText }),
    credentials: { ...CLIENT, tokenSecret: "t".repeat(64) },
    clock,
    logger,
    version: "1.2.3",
    health: store,
    randomHex,
    credentialsFile: "/data/credentials.json",
  });
  const signedIn = await app.request("/v1/auth/access_token", { method: "POST", body: JSON.stringify(CLIENT) });
  const { accessToken: token } = (await signedIn.json()) as { accessToken: string };
  let isOpen = true;
  const closeStore = async (): Promise<void> => {
    if (isOpen) await store.close();
    isOpen = false;
  };
  return {
    app,
    catalog,
    clock,
    token,
    logged,
    closeStore,
    advance: (ms) => void (now += ms),
    send: async (method, path, body, headers) =>
      app.request(path, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    close: async () => {
      await closeStore();
      await jq.close();
      forgetTestStore(path);
      await rm(folder, { recursive: true });
    },
  };
}

const text = { type: "string" };

/** Four blueprints that have every sort of relation: none, single, many, required. */
export const BLUEPRINTS = [
  { identifier: "person", title: "Person", schema: { properties: { email: { type: "string", format: "email" } } } },
  { identifier: "project", title: "Project", schema: { properties: { url: { type: "string", format: "url" } } } },
  {
    identifier: "issue",
    title: "Issue",
    schema: {
      properties: {
        status: { type: "string", enum: ["Open", "Done"] },
        points: { type: "number" },
        labels: { type: "array", items: text },
        created: { type: "string", format: "date-time" },
      },
    },
    relations: { project: { target: "project" }, watchers: { target: "person", many: true } },
    calculationProperties: { double: { calculation: ".properties.points * 2", type: "number" } },
  },
  {
    identifier: "comment",
    title: "Comment",
    schema: { properties: { body: text }, required: ["body"] },
    relations: { issue: { target: "issue", required: true } },
  },
] as const;

export async function createBlueprints(api: TestApp): Promise<void> {
  for (const blueprint of BLUEPRINTS) {
    const response = await api.send("POST", "/v1/blueprints", blueprint);
    if (response.status !== 201) throw new Error(await response.text());
  }
}

/** The one shape of every failure: Port's envelope, as JSON, with a trace id, and nothing else in it. */
export async function expectPortError(response: Response, status: number, code: string): Promise<string> {
  const body = (await response.json()) as Record<string, unknown>;
  expect({ status: response.status, ok: body["ok"], error: body["error"] }).toEqual({ status, ok: false, error: code });
  expect(typeof body["message"] === "string" && body["message"].length > 0).toBe(true);
  expect(Object.keys(body).filter((key) => !["ok", "error", "message", "details"].includes(key))).toEqual([]);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  expect(response.headers.get("x-trace-id")).toMatch(/^[0-9a-f]{32}$/);
  return String(body["message"]);
}
