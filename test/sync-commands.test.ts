import { writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { RemovalPlan } from "../src/store/plan-store.ts";
import type { Run } from "../src/store/run-store.ts";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { makeFolder } from "./fixtures/folder.ts";
import { QuaysideProcess, runQuayside, type Finished } from "./fixtures/quayside-process.ts";

let jira: Simulator;
let data: ReturnType<typeof makeFolder>;
beforeAll(async () => void (jira = await startSimulator({ seed: 7, projects: 2, users: 8, issues: 100 })));
afterAll(() => jira.close());
beforeEach(() => void (data = makeFolder()));
afterEach(() => data.remove());

const toMapping = (query: string): string => `resources:
  - kind: issue
    selector: { query: '${query}', jql: "" }
    port: { entity: { mappings: { identifier: .key, title: .fields.summary, blueprint: '"jiraIssue"' } } }
`;

function run(...args: readonly string[]): Promise<Finished> {
  return runQuayside(args, toSettings());
}

function toSettings(): Record<string, string> {
  return {
    OCEAN__INTEGRATION__CONFIG__JIRA_HOST: jira.url,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: jira.email,
    OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: jira.token,
    QUAYSIDE_DATA: data.path,
    QUAYSIDE_PORT: "0",
    QUAYSIDE_MAPPING: join(data.path, "mapping.yaml"),
  };
}

test("a removal that is held: a dry run foretells it, sync says so by its code, and approving it carries it out", async () => {
  writeFileSync(join(data.path, "mapping.yaml"), toMapping("true"));
  const before = await run("sync", "--dry-run", "--timings");
  expect(before).toMatchObject({ code: 10 });
  expect(before.stdout).toContain("jiraIssue: 100 would be created");
  expect(before.stdout).toMatch(/^\.fields\.summary +100 +0 +0 +[\d.]+ +[\d.]+$/m);
  expect(await run("sync")).toMatchObject({ code: 0 });
  expect(await run("sync", "--dry-run")).toMatchObject({ code: 0 });

  writeFileSync(join(data.path, "mapping.yaml"), toMapping('.key | endswith("1")'));
  const foretold = await run("sync", "--dry-run");
  expect(foretold.stdout).toMatch(/would be held: the removal of \d+ of 100 entities of issue/);
  expect(foretold).toMatchObject({ code: 7 });
  const held = await run("sync");
  expect(held).toMatchObject({ code: 7 });
  expect(held.stdout).toContain("1 removal waits for a decision: quayside plans");

  const plans = JSON.parse((await run("plans", "--json")).stdout) as RemovalPlan[];
  expect(plans).toMatchObject([{ status: "held", kind: "issue", known: 100 }]);
  const [{ id, entities }] = plans as [RemovalPlan];
  const shown = await run("plans", "show", id.slice(0, 6));
  // In a pipe all of them are listed.
  expect(shown.stdout.match(/^ {2}jiraIssue {2}/gm)).toHaveLength(entities);
  const approved = (await run("plans", "approve", id)).stdout;
  expect(approved).toMatch(new RegExp(`^Approved: ${entities} entities removed \\(run \\w{8}\\)`));
  expect((await run("runs")).stdout).toMatch(new RegExp(`approval +completed .* ${entities} `));
  const told = (await run("runs", "show")).stdout;
  expect(told).toContain(`Plan ${id}, approved by ${userInfo().username}: ${entities} entities removed`);
  expect(told.match(/^ {2}jiraIssue {2}/gm)).toHaveLength(entities);
  expect(await run("sync")).toMatchObject({ code: 0 });
  expect(await run("plans", "reject", id)).toMatchObject({
    code: 8,
    stderr: expect.stringContaining("it is done") as string,
  });
});

test("runs and plans are read while another process holds the data; a decision is left to it, and clean says whom to stop", async () => {
  const mapping = join(data.path, "mapping.yaml");
  writeFileSync(mapping, toMapping("true"));
  await run("sync");
  const query = 'if .key | endswith("1") then error("planted") else (.key | endswith("2")) end';
  writeFileSync(mapping, toMapping(query));
  const up = new QuaysideProcess(["up"], toSettings());
  await up.waitFor(/Resync completed/);
  const [newest] = JSON.parse((await run("runs", "list", "--json")).stdout) as Run[];
  expect(newest).toMatchObject({ status: "completed", trigger: "start" });
  const failures = (await run("runs", "failures")).stdout;
  expect(failures).toMatch(/^error \w+-\d+1 selector.query \(selector_failed\): planted/m);
  expect(failures).toContain("looked at:");
  const [{ id }] = JSON.parse((await run("plans", "--json")).stdout) as [RemovalPlan];
  expect((await run("plans", "approve", id)).stdout).toContain("the Quayside that is running carries it out");
  await up.waitFor(new RegExp(`Plan ${id}: approve, \\d\\d entities removed`));
  expect((await run("plans")).stdout).toContain("done");
  const clean = await run("clean", "--yes");
  expect(clean).toMatchObject({ code: 8 });
  expect(clean.stderr).toMatch(/is in use by another Quayside \(process \d+\): stop that one/);
  up.kill("SIGTERM");
  await up.ended();
  expect(await run("clean")).toMatchObject({ code: 2, stderr: expect.stringContaining("add --yes") as string });
  expect((await run("clean", "--yes")).stdout).toMatch(/^\d+ entities removed\.\n$/);
});
