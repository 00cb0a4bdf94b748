import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./fixtures/folder.ts";
import { readEntities } from "./fixtures/open-catalog.ts";
import { QuaysideProcess, runQuayside } from "./fixtures/quayside-process.ts";

let data: ReturnType<typeof makeFolder>;
const started: QuaysideProcess[] = [];
beforeEach(() => void (data = makeFolder()));
afterEach(async () => {
  for (const each of started.splice(0)) {
    each.kill("SIGKILL");
    await each.ended();
  }
  data.remove();
});

function start(command: string, settings: Readonly<Record<string, string>> = {}): QuaysideProcess {
  const process = new QuaysideProcess([command], { QUAYSIDE_DATA: data.path, QUAYSIDE_PORT: "0", ...settings });
  started.push(process);
  return process;
}

async function stop(process: QuaysideProcess): Promise<number | null> {
  process.kill("SIGTERM");
  return (await process.ended()).code;
}

test("connector and catalog apart, in two processes, do what `up` does in one", async () => {
  const catalog = start("catalog");
  const [, url = ""] = await catalog.waitFor(/Catalog +(http\S+)/);
  await catalog.waitFor(/Credentials/);
  const { clientId, clientSecret } = JSON.parse(
    readFileSync(join(data.path, "catalog", "credentials.json"), "utf8"),
  ) as Record<"clientId" | "clientSecret", string>;
  const connect = start("connect", {
    OCEAN__PORT__CLIENT_ID: clientId,
    OCEAN__PORT__CLIENT_SECRET: clientSecret,
    OCEAN__PORT__BASE_URL: url,
  });
  await connect.waitFor(/Resync completed/);
  expect(await stop(connect)).toBe(0);
  expect(await stop(catalog)).toBe(0);
  const folder = join(data.path, "catalog");
  expect((await readEntities(folder, "jiraProject")).size).toBe(3);
  expect((await readEntities(folder, "jiraIssue")).size).toBeGreaterThan(500);
});

test("connect wants a remote catalog, and says which settings name one", async () => {
  const { code, stderr } = await runQuayside(["connect"], { QUAYSIDE_DATA: data.path });
  expect(code).toBe(2);
  expect(stderr).toMatch(/set OCEAN__PORT__CLIENT_ID and OCEAN__PORT__CLIENT_SECRET/);
});
