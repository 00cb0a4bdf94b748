import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Catalog } from "../../src/catalog/catalog.ts";
import { Integrations } from "../../src/catalog/integrations.ts";
import { readSavedMapping } from "../../src/cli/read-saved-mapping.ts";
import { createApp } from "../../src/http/app.ts";
import { startServer } from "../../src/http/server.ts";
import { CompiledJqEngine } from "../../src/jq/compiled-jq-engine.ts";
import { JqWasmEngine } from "../../src/jq-wasm/jq-wasm-engine.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { silentLogger } from "../../src/runtime/logger.ts";
import { openStore } from "../../src/store/open-store.ts";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface Api {
  readonly url: string;
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  readonly credentials: { readonly clientId: string; readonly clientSecret: string };
  close(): Promise<void>;
}

/** The real server on a port of its own, and a database in a folder of its own unless there is a path for it, or QUAYSIDE_DATABASE_URL. */
export async function startApi(path?: string): Promise<Api> {
  const folder = mkdtempSync(join(tmpdir(), "quayside-conformance-"));
  const clock = systemClock;
  const store = await openStore({
    path: path ?? join(folder, "catalog.db"),
    databaseUrl: process.env["QUAYSIDE_DATABASE_URL"],
    clock,
  });
  const jq = new CompiledJqEngine(new JqWasmEngine(), {});
  let made = 0;
  const newId = (): string => (++made).toString(16).padStart(16, "0");
  const catalog = await Catalog.open({ store, jq, clock, newIdentifier: () => `e_${newId()}` });
  const credentials = { clientId: "conformance", clientSecret: "secret" };
  const app = createApp({
    catalog,
    integrations: new Integrations({ store, clock, newId, readMapping: readSavedMapping }),
    credentials: { ...credentials, tokenSecret: "t".repeat(64) },
    clock,
    logger: silentLogger,
    version: "0.0.0",
    health: store,
    randomHex: (length) => newId().padStart(length, "0").slice(-length),
    credentialsFile: "",
  });
  const server = await startServer({ app, host: "127.0.0.1", port: 0, clock });
  const request = async (method: string, path: string, body: unknown, headers: object): Promise<Answer> => {
    const response = await fetch(server.url + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    // Every answer of the API is an object; what is not shows as one that fits nothing.
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const signedIn = await request("POST", "/v1/auth/access_token", credentials, {});
  const authorization = `Bearer ${String(signedIn.body["accessToken"])}`;
  return {
    url: server.url,
    credentials,
    send: (method, path, body, headers) => request(method, path, body, { authorization, ...headers }),
    close: async () => {
      await server.close();
      await catalog.migrations.settled();
      await store.close();
      await jq.close();
      rmSync(folder, { recursive: true });
    },
  };
}
