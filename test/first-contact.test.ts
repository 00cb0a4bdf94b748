import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { makeFolder } from "./fixtures/folder.ts";
import { runQuayside, type Finished } from "./fixtures/quayside-process.ts";

let jira: Simulator;
let data: ReturnType<typeof makeFolder>;

beforeEach(async () => {
  jira = await startSimulator({ issues: 20, projects: 2, users: 8 });
  data = makeFolder();
});
afterEach(async () => {
  await jira.close();
  data.remove();
});

function sync(change: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return runQuayside(["sync"], {
    OCEAN__INTEGRATION__CONFIG__JIRA_HOST: jira.url,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: jira.email,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: jira.token,
    QUAYSIDE_DATA: data.path,
    ...change,
  });
}

const lines = (text: string): string[] => text.trim().split("\n");

test("a wrong password costs one request and gives one message, before anything is opened", async () => {
  const { code, stderr } = await sync({ OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: "wrong" });
  expect(lines(stderr)).toEqual([expect.stringMatching(/^error: Jira answered 401 for .*ATLASSIAN_USER_TOKEN$/)]);
  expect(code).toBe(4);
  expect(jira.requests.total).toBe(1);
  expect(existsSync(join(data.path, "sites"))).toBe(false);
});

test("a host that nobody listens at is told after the first try, and given up after the third", async () => {
  const { code, stderr } = await sync({ OCEAN__INTEGRATION__CONFIG__JIRA_HOST: "http://127.0.0.1:9" });
  expect(lines(stderr)).toEqual([
    expect.stringMatching(/^Cannot reach Jira at 127.0.0.1:9 \(ECONNREFUSED.*Trying again, 2 of 3$/),
    expect.stringMatching(/^Cannot reach Jira at 127.0.0.1:9 \(ECONNREFUSED.*Trying again, 3 of 3$/),
    expect.stringMatching(/^error: Cannot reach Jira at 127.0.0.1:9/),
  ]);
  expect(code).toBe(5);
});

test("a token that sees nothing is told apart from a Jira in which there is nothing", async () => {
  for (const key of jira.site.projectKeys()) jira.site.projectEdits.setBrowsable(key, false);
  jira.site.deniedPermissions.add("BROWSE_PROJECTS");
  const { code, stdout } = await sync();
  expect(stdout).toMatch(/shows this account no project at all: give it .* Browse Projects/);
  expect(code).not.toBe(0);
});

test("a good password signs in once", async () => {
  expect((await sync()).code).toBe(0);
  expect(jira.requests.count("GET /rest/api/3/myself")).toBe(1);
});
