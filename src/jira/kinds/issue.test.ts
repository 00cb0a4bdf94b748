import { afterEach, expect, test } from "vitest";
import { InputError } from "../../runtime/errors.ts";
import { readAll, startSession, type SimulatedSession } from "../simulated-session.fixture.ts";
import { issueKind } from "./issue.ts";

let running: SimulatedSession;
afterEach(() => running.close());
const start = async (...options: Parameters<typeof startSession>): Promise<SimulatedSession> =>
  (running = await startSession(...options));

test("all issues are read, each as Jira shows it singly, a hundred to a request", async () => {
  const { session, simulator } = await start({ issues: 1234 });
  const issues = await readAll(issueKind, session, { jql: "" });
  expect(new Set(issues.map(({ key }) => key))).toEqual(new Set(simulator.site.issueKeys()));
  expect(issues).toHaveLength(simulator.site.countIssues());
  for (const issue of issues.slice(0, 50)) {
    expect(issue.body()).toEqual(simulator.renderIssue(issue.key ?? ""));
    expect(issue.id).toBe(issue.body()["id"]);
  }
  expect(simulator.requests.count("POST /rest/api/3/issue/bulkfetch")).toBe(13);
  expect(simulator.requests.count("POST /rest/api/3/search/jql")).toBeLessThanOrEqual(2);
});

test("only the fields that the mapping reads are asked for, and then a change elsewhere is no change", async () => {
  const { session, simulator } = await start({ issues: 50 });
  const fields = ["summary", "project"];
  const before = await readAll(issueKind, session, { jql: "" }, { fields });
  const [first, second] = before;
  expect(Object.keys(first?.body()["fields"] ?? {}).toSorted()).toEqual(["project", "summary"]);
  simulator.site.editIssue(first?.key ?? "", { labels: ["changed"] });
  simulator.site.editIssue(second?.key ?? "", { summary: "Changed" });
  const after = new Map((await readAll(issueKind, session, { jql: "" }, { fields })).map((issue) => [issue.id, issue]));
  expect(after.get(first?.id ?? "")?.hash).toBe(first?.hash);
  expect(after.get(second?.id ?? "")?.hash).not.toBe(second?.hash);
});

test("a selector that names fields wins", async () => {
  const { session } = await start({ issues: 20 });
  const [issue] = await readAll(issueKind, session, { jql: "", fields: "status, labels" }, { fields: ["summary"] });
  expect(Object.keys(issue?.body()["fields"] ?? {}).toSorted()).toEqual(["labels", "status"]);
});

test("what the caller holds already is listed, but not fetched", async () => {
  const { session, simulator } = await start({ issues: 300 });
  const options = { signal: new AbortController().signal, skip: () => true, fields: "all" } as const;
  let skipped = 0;
  for await (const page of issueKind.read(session, issueKind.parseSelector({ jql: "" }), options)) {
    expect(page.objects).toEqual([]);
    skipped += page.skipped.length;
  }
  expect(skipped).toBe(simulator.site.countIssues());
  expect(simulator.requests.count("POST /rest/api/3/issue/bulkfetch")).toBe(0);
});

test("an issue that is deleted between listing and fetching is simply not there", async () => {
  const victim = "AL-3";
  const { session, simulator } = await start({
    issues: 60,
    onRequest: (index, { site }) => {
      if (index === 3 && site.findIssue(victim)) site.deleteIssue(victim);
    },
  });
  const issues = await readAll(issueKind, session, { jql: "" });
  expect(new Set(issues.map(({ key }) => key))).toEqual(new Set(simulator.site.issueKeys()));
  expect(issues).toHaveLength(simulator.site.countIssues());
});

test("the changelog of an issue is whole, even where Jira cuts it, and newest first", async () => {
  const { session, simulator } = await start({ issues: 20 });
  const { site } = simulator;
  const [key = ""] = site.issueKeys();
  for (let edit = 0; edit < 60; edit++) site.editIssue(key, { summary: `Edit ${edit}` });
  const issues = await readAll(issueKind, session, { jql: "", fields: "summary", expand: "changelog" });
  for (const issue of issues) {
    const { changelog } = issue.body() as { readonly changelog: { readonly histories: readonly { id: string }[] } }; // expanded
    const expected = site.history.list(site.getIssue(issue.key ?? "")).map(({ id }) => id);
    expect(changelog).toMatchObject({ startAt: 0, total: expected.length });
    expect(changelog.histories.map(({ id }) => id)).toEqual(expected.toReversed());
  }
  expect(simulator.requests.count("POST /rest/api/3/changelog/bulkfetch")).toBe(1);
  const [first] = issues.filter((issue) => issue.key === key);
  const selector = issueKind.parseSelector({ jql: "", fields: "summary", expand: "changelog" });
  const options = { signal: new AbortController().signal, fields: "all" } as const;
  expect((await issueKind.readOne?.(session, selector, key, options))?.body()).toEqual(first?.body());
});

test.each([false, true])(
  "an issue that is gone is undefined, whether or not Jira refuses its name (%j)",
  async (refuses) => {
    const { session, simulator } = await start({ issues: 10, refusesUnknownIssues: refuses });
    const [key = ""] = simulator.site.issueKeys();
    const { id } = JSON.parse(JSON.stringify(simulator.renderIssue(key))) as { id: string }; // an issue has an id
    simulator.site.deleteIssue(key);
    const options = { signal: new AbortController().signal, fields: "all" } as const;
    const selector = issueKind.parseSelector({ jql: "" });
    expect(await issueKind.readOne?.(session, selector, key, options)).toBeUndefined();
    expect(await issueKind.readOne?.(session, selector, id, options)).toBeUndefined();
  },
);

test("a JQL that names an issue which is gone is told in Jira's words, and proves nothing about other issues", async () => {
  const { session, simulator } = await start({ issues: 10, refusesUnknownIssues: true });
  const [key = ""] = simulator.site.issueKeys();
  const jql = "project = AL OR parent = AL-1 OR key = AL-999";
  const said = /\(An issue with key 'AL-999' does not exist for field 'key'\.\): the query names an issue that is gone/;
  await expect(readAll(issueKind, session, { jql })).rejects.toThrow(said);
  const options = { signal: new AbortController().signal, fields: "all" } as const;
  await expect(issueKind.readOne?.(session, issueKind.parseSelector({ jql }), key, options)).rejects.toThrow(said);
});

test("one issue is read again as it is now, by id or key, or is undefined outside the JQL", async () => {
  const { session, simulator } = await start({ issues: 30, indexLagMs: 3_600_000 });
  const [key = ""] = simulator.site.issueKeys();
  const { id } = JSON.parse(JSON.stringify(simulator.renderIssue(key))) as { id: string }; // an issue has an id
  simulator.site.editIssue(key, { summary: "Just now" });
  const options = { signal: new AbortController().signal, fields: ["summary"] };
  const all = issueKind.parseSelector({ jql: "" });
  const issue = await issueKind.readOne?.(session, all, id, options);
  expect(issue?.body()["fields"]).toEqual({ summary: "Just now" });
  expect((await issueKind.readOne?.(session, all, key, options))?.id).toBe(id);
  const none = issueKind.parseSelector({ jql: "key = ZZ-1 ORDER BY created" });
  expect(await issueKind.readOne?.(session, none, id, options)).toBeUndefined();
});

test("what changed since a time is what the JQL selects and was updated", async () => {
  const { session, simulator } = await start({ issues: 200 });
  const sinceMs = simulator.site.now();
  const [key = ""] = simulator.site.issueKeys();
  simulator.site.editIssue(key, { summary: "New" });
  const options = { signal: new AbortController().signal, skip: () => false, fields: "all" } as const;
  const selector = issueKind.parseSelector({ jql: "" });
  const keys: (string | undefined)[] = [];
  for await (const page of issueKind.readSince?.(session, selector, sinceMs, options) ?? []) {
    keys.push(...page.objects.map((issue) => issue.key));
  }
  expect(keys).toEqual([key]);
});

test("the selector has the reference's defaults, and mistakes in it are all named", async () => {
  running = await startSession({ issues: 1 });
  expect(issueKind.parseSelector({})).toEqual({
    jql: "(statusCategory != Done) OR (created >= -1w) OR (updated >= -1w)",
    fields: undefined,
    expand: [],
  });
  expect(issueKind.parseSelector({ jql: "  ", fields: "*all,-comment", expand: null })).toEqual({
    jql: "",
    fields: ["*all", "-comment"],
    expand: [],
  });
  const parse = (): unknown => issueKind.parseSelector({ jql: 5, filds: "x" });
  expect(parse).toThrow(InputError);
  expect(parse).toThrow(/"jql" must be a text, not 5; "filds" is not a key.*did you mean "fields"/);
});
