import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./fixtures/folder.ts";
import { QuaysideProcess } from "./fixtures/quayside-process.ts";

let data: ReturnType<typeof makeFolder>;
let up: QuaysideProcess;
beforeEach(() => {
  data = makeFolder();
  up = new QuaysideProcess(["up"], { QUAYSIDE_DATA: data.path, QUAYSIDE_PORT: "0" });
});
afterEach(async () => {
  up.kill("SIGKILL");
  await up.ended();
  data.remove();
});

/** Sends requests to the catalog with the credentials of its data folder. */
async function signIn(): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const [, url = ""] = await up.waitFor(/Catalog +(http\S+)/);
  const json = { "content-type": "application/json" };
  const body = readFileSync(join(data.path, "demo", "credentials.json"), "utf8");
  const answer = await fetch(`${url}/v1/auth/access_token`, { method: "POST", headers: json, body });
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return (path, init) => fetch(url + path, { ...init, headers: { ...json, authorization: `Bearer ${accessToken}` } });
}

test("a mapping that is saved while it runs is used at once, and what it no longer maps is gone", async () => {
  await up.waitFor(/Try it/);
  const request = await signIn();
  const path = "/v1/integration/my-jira-integration";
  const { integration } = (await (await request(path)).json()) as {
    integration: { config: { resources: { kind: string }[] } };
  };
  const resources = integration.config.resources.filter(({ kind }) => kind !== "user");
  const saved = await request(`${path}/config`, {
    method: "PATCH",
    body: JSON.stringify({ config: { ...integration.config, resources } }),
  });
  expect(saved.status).toBe(200);
  await up.waitFor(/Try it[\s\S]*Resync completed[^\n]*deleted/);
  const count = (await (await request("/v1/blueprints/jiraProject/entities-count")).json()) as { count: number };
  expect(count).toMatchObject({ ok: true, count: 3 });
});

test("it is healthy while it syncs, and ends with 0 within the time a stop may take", async () => {
  const [, url = ""] = await up.waitFor(/Catalog +(http\S+)/);
  const answers = await Promise.all(["/health", "/health/live", "/health/ready"].map((path) => fetch(url + path)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  up.kill("SIGTERM");
  expect((await up.ended()).code).toBe(0);
});
