import { afterEach, expect, test } from "vitest";
import { issueKind } from "./kinds/issue.ts";
import { startSession, type SimulatedSession } from "./simulated-session.fixture.ts";

let running: SimulatedSession | undefined;
afterEach(async () => running?.close());

const signal = new AbortController().signal;
const PATH = "POST /rest/api/3/search/jql";

async function start(options: Parameters<typeof startSession>[0]): Promise<{
  readonly jira: SimulatedSession["simulator"];
  readonly find: (jql: string, ids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly idOf: (key: string) => string;
}> {
  const { session, simulator } = (running = await startSession(options));
  return {
    jira: simulator,
    find: (jql, ids) => {
      const selector = issueKind.parseSelector({ jql });
      return issueKind.findUnlisted?.(session, selector, ids, signal) ?? expect.unreachable("issues can be asked for");
    },
    idOf: (key) => (simulator.renderIssue(key, ["key"]) as { readonly id: string }).id, // an issue
  };
}

test("issues are judged as they are, and not as an index that lags behind shows them", async () => {
  const { jira, find, idOf } = await start({ issues: 20, indexLagMs: 3_600_000 });
  const [stays = "", renamed = "", gone = ""] = jira.site.issueKeys();
  const ids = [stays, renamed, gone].map(idOf);
  jira.site.editIssue(renamed, { summary: "Findable" });
  jira.site.deleteIssue(gone);
  expect(await find("", ids)).toEqual(new Set(ids.slice(0, 2)));
  expect(await find("summary ~ Findable", ids)).toEqual(new Set([ids[1]]));
});

test("more than Jira looks up at once are asked for in several searches, and none in none", async () => {
  const { jira, find, idOf } = await start({ issues: 120, hasShortPages: true });
  const ids = [...jira.site.issueKeys()].map(idOf);
  expect(await find("project is not EMPTY", ids)).toEqual(new Set(ids));
  expect(await find("project is not EMPTY", [])).toEqual(new Set());
  const before = jira.requests.count(PATH);
  expect(await find("", ids.slice(0, 10))).toEqual(new Set(ids.slice(0, 10)));
  expect(jira.requests.count(PATH) - before).toBeLessThanOrEqual(3);
});

test("a query that Jira refuses because of issues that are gone is asked without them", async () => {
  const { jira, find, idOf } = await start({ issues: 20, refusesUnknownIssues: true });
  const keys = [...jira.site.issueKeys()].slice(0, 6);
  const ids = keys.map(idOf);
  jira.site.deleteIssue(keys[5] ?? "");
  jira.site.deleteIssue(keys[4] ?? "");
  const left = new Set([...jira.site.issueKeys()].map(idOf));
  expect(await find("", ids)).toEqual(new Set(ids).intersection(left));
});

test("any other refusal is an error: nothing follows from it", async () => {
  const { find } = await start({ issues: 5 });
  await expect(find("project = NOWHERE", ["10001"])).rejects.toThrow("NOWHERE");
});
