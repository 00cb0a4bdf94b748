import { expect, test } from "vitest";
import type { Site } from "../../simulator/site/site.ts";
import { readAll, startSession } from "../simulated-session.fixture.ts";
import { worklogKind } from "./worklog.ts";

const options = { signal: new AbortController().signal, skip: () => false, fields: "all" } as const;

test("a worklog knows the key of its issue, and a hundred issues take one request", async () => {
  const { session, simulator, close } = await startSession({ issues: 500 });
  const worklogs = await readAll(worklogKind, session, { jql: "" });
  for (const worklog of worklogs) {
    const { __issueKey, issueId } = worklog.body();
    const issue = simulator.renderIssue(__issueKey as string) as { readonly id: string }; // our enrichment, an issue
    expect(issueId).toBe(issue.id);
  }
  expect(simulator.requests.count("POST /rest/api/3/issue/bulkfetch")).toBe(5);
  expect(simulator.requests.count("GET /rest/api/3/issue/{issueIdOrKey}/worklog")).toBe(0);
  await close();
});

test("an issue with more worklogs than it carries itself is asked for the rest", async () => {
  const { session, simulator, close } = await startSession({ issues: 20 });
  const { site } = simulator;
  const [issue] = site.liveIssues();
  const first = { n: issue?.n ?? 0, authorIndex: 0, body: undefined, createdMs: site.now(), updatedMs: site.now() };
  for (let count = 0; count < 30; count++) site.worklogs.add({ ...first, startedMs: count, timeSpentSeconds: 60 });
  const worklogs = await readAll(worklogKind, session, { jql: "" });
  expect(worklogs.map(({ id }) => id)).toEqual(expect.arrayContaining(site.worklogs.list(first.n).map(({ id }) => id)));
  expect(simulator.requests.count("GET /rest/api/3/issue/{issueIdOrKey}/worklog")).toBe(1);
  await close();
});

test("the JQL selects issues, and the period their worklogs", async () => {
  const { session, simulator, close } = await startSession({ issues: 300 });
  const { site } = simulator;
  const all = [...site.liveIssues()].flatMap(({ n }) => site.worklogs.list(n));
  const starts = all.map(({ startedMs }) => startedMs).toSorted((a, b) => a - b);
  const startedAfter = Math.floor((starts[Math.floor(starts.length / 3)] ?? 0) / 1000) * 1000;
  const startedBefore = Math.floor((starts[Math.floor((starts.length * 2) / 3)] ?? 0) / 1000) * 1000;
  const found = await readAll(worklogKind, session, { jql: "", apiQueryParams: { startedAfter, startedBefore } });
  const expected = all.filter(({ startedMs }) => startedMs >= startedAfter && startedMs <= startedBefore);
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(expected.map(({ id }) => id)));
  expect(await readAll(worklogKind, session, { jql: "key = ZZ-1" })).toEqual([]);
  await close();
});

test("what changed since a time comes from Jira's feed, within the JQL", async () => {
  const { session, simulator, close } = await startSession({ issues: 300 });
  const { site } = simulator;
  const all = [...site.liveIssues()].flatMap(({ n }) => site.worklogs.list(n));
  const middleMs = all.map(({ updatedMs }) => updatedMs).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  const minuteAgoMs = site.now() - 60_000;
  const read = async (jql: string): Promise<Set<string>> => {
    const ids = new Set<string>();
    const selector = worklogKind.parseSelector({ jql });
    for await (const page of worklogKind.readSince?.(session, selector, middleMs - 1, options) ?? []) {
      for (const { id } of page.objects) ids.add(id);
    }
    return ids;
  };
  const expected = all.filter(({ updatedMs }) => updatedMs >= middleMs && updatedMs < minuteAgoMs);
  expect(await read("")).toEqual(new Set(expected.map(({ id }) => id)));
  expect(await read("key = ZZ-1")).toEqual(new Set());
  await close();
});

test("an issue that is deleted while Jira's feed is read takes only its own worklogs along", async () => {
  const { session, simulator, close } = await startSession({
    issues: 300,
    refusesUnknownIssues: true,
    onRequest: (index, { site }) => {
      // After the worklogs were listed, before their issues are asked for.
      if (index === 3) site.deleteIssue(site.issueKeys().find((key) => hasWorklogs(site, key)) ?? "");
    },
  });
  const { site } = simulator;
  const selector = worklogKind.parseSelector({ jql: "" });
  const ids: string[] = [];
  for await (const page of worklogKind.readSince?.(session, selector, 0, options) ?? []) {
    ids.push(...page.objects.map(({ id }) => id));
  }
  const all = [...site.liveIssues()].flatMap(({ n }) => site.worklogs.list(n));
  const settled = all.filter(({ updatedMs }) => updatedMs < site.now() - 120_000);
  expect(settled.length).toBeGreaterThan(0);
  expect(ids).toEqual(expect.arrayContaining(settled.map(({ id }) => id)));
  expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  await close();
});

test("the selector has the reference's keys, and mistakes inside of apiQueryParams have their place", () => {
  expect(worklogKind.parseSelector({})).toMatchObject({ jql: "updated >= -1w", startedAfter: undefined });
  const parse = (): unknown =>
    worklogKind.parseSelector({ apiQueryParams: { startedAfter: "monday", startedbefor: 1 } });
  expect(parse).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({ path: ["apiQueryParams", "startedAfter"] }),
        expect.objectContaining({ path: ["apiQueryParams", "startedbefor"], suggestion: "startedBefore" }),
      ],
    }),
  );
});

function hasWorklogs(site: Site, key: string): boolean {
  return site.worklogs.list(site.getIssue(key).n).length > 0;
}
