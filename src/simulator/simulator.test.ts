import { expect, test } from "vitest";
import { searchAll, toBasic, withJira } from "./jira-client.fixture.ts";
import { startSimulator } from "./simulator.ts";
import { TestClock } from "./test-clock.fixture.ts";

const origin = { originMs: Date.UTC(2026, 5, 1) };
const defaultJql = "(statusCategory != Done) OR (created >= -1w) OR (updated >= -1w)";

async function renderAll(seed: number): Promise<string> {
  const simulator = await startSimulator({ ...origin, seed, issues: 120 });
  const text = JSON.stringify([...simulator.site.issueKeys()].map((key) => simulator.renderIssue(key)));
  await simulator.close();
  return text.replaceAll(simulator.url, "");
}

test("the same seed makes the same issues, another seed others", async () => {
  const first = await renderAll(5);
  expect(await renderAll(5)).toBe(first);
  expect(await renderAll(6)).not.toBe(first);
});

test("what is served is what JSON.stringify would have written", async () => {
  await withJira({ ...origin, issues: 60 }, async (jira) => {
    for (const key of jira.simulator.site.issueKeys()) {
      const reply = await jira.get(`/rest/api/3/issue/${key}`);
      // Jira writes the numbers of number fields as 13.0.
      expect(reply.text.replaceAll(/:(\d+)\.0,/g, ":$1,")).toBe(JSON.stringify(reply.body));
      expect(reply.body).toEqual(jira.simulator.renderIssue(key));
    }
  });
});

test("the oddities of real payloads are there", async () => {
  await withJira({ ...origin, issues: 300 }, async (jira) => {
    const issues = [...jira.simulator.site.issueKeys()].map((key) => jira.simulator.renderIssue(key)) as {
      fields: Record<string, { emailAddress?: string }>;
    }[];
    const creators = issues.map(({ fields }) => fields.creator);
    expect(creators.filter((creator) => creator?.emailAddress !== undefined).length).toBeLessThan(creators.length / 2);
    expect(issues.some(({ fields }) => !("parent" in fields))).toBe(true);
    expect(issues.some(({ fields }) => fields.parent === null)).toBe(false);
    expect(issues[0]?.fields.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0800$/);
    const nulls = Object.entries(issues[0]?.fields ?? {}).filter(
      ([id, value]) => id.startsWith("customfield_") && value === null,
    );
    expect(nulls.length).toBeGreaterThanOrEqual(38);
    expect(JSON.stringify(issues)).toMatch(/[\u4e00-\u9fff]/);
  });
});

test("the default query of a catalog selects a good part, and search finds exactly what the truth says", async () => {
  await withJira({}, async (jira) => {
    const { site } = jira.simulator;
    const weekAgo = site.now() - 7 * 86_400_000;
    const expected = [...site.liveIssues()].filter(
      (issue) =>
        site.workflows.statuses[issue.statusIndex]?.category !== "done" ||
        issue.createdMs >= weekAgo ||
        issue.updatedMs >= weekAgo,
    );
    const { ids } = await searchAll(jira, { jql: defaultJql, fields: ["key"], maxResults: 5000 });
    expect(ids.toSorted()).toEqual(expected.map((issue) => String(10001 + issue.n)).toSorted());
    expect(ids.length).toBeGreaterThan(500);
    expect(ids.length).toBeLessThan(1200);
  });
});

test.each(["", " ORDER BY created ASC", " ORDER BY updated DESC", " ORDER BY key", " ORDER BY priority DESC, status"])(
  "pages under%j give every issue once",
  async (order) => {
    await withJira({ ...origin, issues: 400 }, async (jira) => {
      const jql = `project is not EMPTY${order}`;
      const { ids, pages } = await searchAll(jira, { jql, fields: ["updated"], maxResults: 37 });
      expect(new Set(ids).size).toBe(400);
      expect(ids.length).toBe(400);
      expect(pages.slice(0, -1).every((length) => length === 37)).toBe(true);
    });
  },
);

test("edits, moves and deletions are seen by every reader", async () => {
  await withJira({ ...origin, issues: 90 }, async (jira) => {
    const { site } = jira.simulator;
    site.editIssue("AL-3", { summary: "Größer – 改" });
    site.transitionIssue("AL-4", "Done");
    site.deleteIssue("AL-5");
    const newKey = site.moveIssue("AL-2", "HB");
    const created = site.createIssue({ project: "AL", summary: "New" });
    expect((await jira.get("/rest/api/3/issue/AL-3")).body.fields.summary).toBe("Größer – 改");
    expect((await jira.get("/rest/api/3/issue/AL-4")).body.fields.resolutiondate).not.toBeNull();
    expect((await jira.get("/rest/api/3/issue/AL-5")).status).toBe(404);
    expect((await jira.get("/rest/api/3/issue/AL-2")).body.key).toBe(newKey);
    const { ids } = await searchAll(jira, { jql: "updated >= -1h", fields: ["key"] });
    expect(ids.length).toBe(4);
    expect(ids).toContain(String(10001 + created.n));
  });
});

test("a living site changes by itself, and the same way from the same seed", async () => {
  const live = async (): Promise<string> => {
    const clock = new TestClock();
    const simulator = await startSimulator({ originMs: clock.now(), clock, issues: 100, editsPerMinute: 60 });
    for (let second = 0; second < 10; second++) {
      clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const issues = [...simulator.site.liveIssues()].filter(
      (issue) => issue.updatedMs > simulator.site.options.originMs,
    );
    await simulator.close();
    expect(issues.length).toBeGreaterThan(5);
    return JSON.stringify(issues);
  };
  expect(await live()).toBe(await live());
});

test("a site without issues can live too", async () => {
  await withJira({ issues: 0 }, async ({ simulator }) => {
    expect(simulator.site.drift(3)).toEqual([]);
  });
});

test("requests are counted by endpoint", async () => {
  await withJira({ issues: 10 }, async (jira) => {
    await jira.get("/rest/api/3/issue/AL-1");
    await jira.get("/rest/api/3/issue/AL-2");
    await jira.get("/rest/api/3/myself");
    expect(jira.simulator.requests.count("GET /rest/api/3/issue/{issueIdOrKey}")).toBe(2);
    expect(jira.simulator.requests.total).toBe(3);
  });
});

test("a million issues take no memory until they are looked at", async () => {
  await withJira({ issues: 1_000_000 }, async (jira) => {
    const last = await jira.get("/rest/api/3/issue/1010000");
    expect(last.body.id).toBe("1010000");
    const { body } = await jira.send("POST", "/rest/api/3/search/jql", { jql: "project = AL", maxResults: 5000 });
    expect(body.issues.length).toBe(5000);
    expect(Object.keys(body.issues[0])).toEqual(["id"]);
  });
});

test("wrong credentials are refused everywhere", async () => {
  await withJira({ issues: 10 }, async (jira) => {
    const { email, token } = jira.simulator;
    for (const authorization of [
      toBasic(email, "wrong"),
      toBasic("other@example.com", token),
      `Bearer ${token}`,
      "Basic",
    ]) {
      for (const path of ["/rest/api/3/myself", "/rest/api/3/project/search", "/rest/api/3/issue/AL-1"]) {
        expect((await jira.get(path, { authorization })).status).toBe(401);
      }
    }
  });
});

test("a taken port and an unknown zone are said so", async () => {
  await withJira({ issues: 5 }, async ({ simulator }) => {
    const port = Number(new URL(simulator.url).port);
    await expect(startSimulator({ port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
    await expect(startSimulator({ timeZone: "Mars/Olympus" })).rejects.toThrow('no time zone "Mars/Olympus"');
  });
});
