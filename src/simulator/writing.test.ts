import { expect, test } from "vitest";
import { searchAll, withJira } from "./jira-client.fixture.ts";

const origin = { originMs: Date.UTC(2026, 5, 1), issues: 60 };
const text = (value: string): object => ({
  type: "doc",
  version: 1,
  content: [{ type: "paragraph", content: [{ type: "text", text: value }] }],
});
const draft = { project: { key: "AL" }, issuetype: { name: "Task" }, summary: "Größe" };

test("an issue is made with its fields, and found at once", async () => {
  await withJira(origin, async (jira) => {
    const { accountId } = jira.simulator.site.people[1] ?? {};
    const fields = {
      ...draft,
      description: text("Why"),
      labels: ["new", "new"],
      priority: { name: "High" },
      assignee: { id: accountId },
      parent: { key: "AL-1" },
      components: [{ id: "10000" }],
      duedate: "2026-07-01",
      customfield_10028: 5,
      customfield_10020: 5,
    };
    const made = await jira.send("POST", "/rest/api/3/issue", { fields });
    expect(made.status).toBe(201);
    expect(Object.keys(made.body)).toEqual(["id", "key", "self"]);
    const issue = (await jira.get(`/rest/api/3/issue/${made.body.key}`)).body;
    expect(issue.fields).toMatchObject({
      summary: "Größe",
      description: text("Why"),
      labels: ["new"],
      priority: { name: "High" },
      assignee: { accountId },
      parent: { key: "AL-1" },
      components: [{ id: "10000" }],
      duedate: "2026-07-01",
      customfield_10028: 5,
      customfield_10020: [{ id: 5 }],
      status: { name: "To Do" },
    });
    expect((await searchAll(jira, { jql: "labels = new AND parent = AL-1" })).ids).toEqual([made.body.id]);
  });
});

test.each([
  [{}, { errorMessages: ["No Issue Create payload supplied"], errors: {} }],
  [{ fields: {} }, { errors: { project: "Specify a valid project ID or key", issuetype: "Specify an issue type" } }],
  [
    { fields: { ...draft, nope: 1 } },
    { errors: { nope: "Field 'nope' cannot be set. It is not on the appropriate screen, or unknown." } },
  ],
  [
    { fields: { ...draft, labels: ["two words"] } },
    { errors: { labels: "The label 'two words' contains spaces which is invalid." } },
  ],
  [{ fields: { ...draft, parent: { key: "NOPE-1" } } }, { errors: { parent: "Please select a valid parent issue." } }],
])("%j makes no issue", async (body, expected) => {
  await withJira(origin, async (jira) => {
    const reply = await jira.send("POST", "/rest/api/3/issue", body);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject(expected);
    expect(jira.simulator.site.countIssues()).toBe(60);
  });
});

test("an edit sets, adds and removes, and leaves a history", async () => {
  await withJira(origin, async (jira) => {
    const path = "/rest/api/3/issue/AL-2";
    const { histories } = (await jira.get(`${path}?expand=changelog`)).body.changelog;
    await jira.send("PUT", path, { fields: { labels: ["one"] } });
    const update = { labels: [{ add: "two" }, { remove: "one" }], comment: [{ add: { body: text("Done so") } }] };
    expect((await jira.send("PUT", path, { update })).status).toBe(204);
    const issue = (await jira.get(`${path}?expand=changelog`)).body;
    expect(issue.fields.labels).toEqual(["two"]);
    expect(issue.fields.comment.comments.at(-1).body).toEqual(text("Done so"));
    expect(issue.changelog.histories.length).toBe(histories.length + 2);
    expect(issue.changelog.histories[1].items.length).toBe(1);
    expect(issue.changelog.histories[0].items[0]).toMatchObject({
      field: "labels",
      fromString: "one",
      toString: "two",
    });
    const twice = await jira.send("PUT", path, { fields: { labels: [] }, update: { labels: [] } });
    expect(twice.status).toBe(400);
    expect(
      (await jira.send("PUT", `${path}?returnIssue=true`, { fields: { summary: "Back" } })).body.fields.summary,
    ).toBe("Back");
  });
});

test("a transition sets and takes away the resolution", async () => {
  await withJira(origin, async (jira) => {
    const path = "/rest/api/3/issue/AL-2/transitions";
    const go = async (name: string): Promise<Record<string, unknown>> => {
      const { transitions } = (await jira.get(path)).body;
      const { id } = transitions.find((one: { name: string }) => one.name === name) ?? {};
      if (id !== undefined) expect((await jira.send("POST", path, { transition: { id } })).status).toBe(204);
      return (await jira.get("/rest/api/3/issue/AL-2")).body.fields;
    };
    await go("To Do");
    expect(await go("Done")).toMatchObject({ resolution: { name: "Done" }, resolutiondate: expect.any(String) });
    expect(await go("In Progress")).toMatchObject({ resolution: null, resolutiondate: null });
    expect((await jira.get(`${path}?transitionId=9999`)).body.transitions).toEqual([]);
  });
});

test("people are assigned, taken off, and refused", async () => {
  await withJira(origin, async (jira) => {
    const { site } = jira.simulator;
    const assign = async (accountId: string | null): Promise<unknown> => {
      const { status } = await jira.send("PUT", "/rest/api/3/issue/AL-2/assignee", { accountId });
      return status === 204 ? (await jira.get("/rest/api/3/issue/AL-2")).body.fields.assignee?.accountId : status;
    };
    expect(await assign(site.callerUser.accountId)).toBe(site.callerUser.accountId);
    expect(await assign(null)).toBeUndefined();
    expect(await assign("-1")).toBe(site.people[site.getProject("AL").leadIndex]?.accountId);
    expect(await assign(site.people.find((user) => !user.isActive)?.accountId ?? "")).toBe(400);
    expect(await assign("nobody")).toBe(400);
  });
});

test("an issue with subtasks goes only with them", async () => {
  await withJira(origin, async (jira) => {
    const { site } = jira.simulator;
    const parent = [...site.liveIssues()].find((issue) => site.subtasksOf(issue).length > 0);
    const path = `/rest/api/3/issue/${10001 + (parent?.n ?? 0)}`;
    const subtasks = parent === undefined ? 0 : site.subtasksOf(parent).length;
    expect((await jira.send("DELETE", path)).status).toBe(400);
    expect((await jira.send("DELETE", `${path}?deleteSubtasks=true`)).status).toBe(204);
    expect(site.countIssues()).toBe(60 - 1 - subtasks);
  });
});

test("work is logged in the two forms, and its date has no colon", async () => {
  await withJira(origin, async (jira) => {
    const path = "/rest/api/3/issue/AL-2/worklog";
    const log = async (body: object): Promise<unknown> => {
      const reply = await jira.send("POST", path, body);
      return reply.status === 201 ? [reply.body.timeSpentSeconds, reply.body.timeSpent] : reply.status;
    };
    expect(await log({ timeSpent: "1d 2h 30m" })).toEqual([37_800, "1d 2h 30m"]);
    expect(
      await log({ timeSpentSeconds: 5400, started: "2026-05-01T10:00:00.000+0000", comment: text("Hard") }),
    ).toEqual([5400, "1h 30m"]);
    expect(await log({ timeSpentSeconds: 5400, started: "2026-05-01T10:00:00.000+00:00" })).toBe(400);
    expect(await log({ timeSpentSeconds: 30 })).toBe(400);
    const { fields } = (await jira.get("/rest/api/3/issue/AL-2")).body;
    expect(fields.timespent).toBe(
      fields.worklog.worklogs.reduce((sum: number, one: { timeSpentSeconds: number }) => sum + one.timeSpentSeconds, 0),
    );
  });
});

test("A blocks B has A as its inward issue; a link made twice is one, and a remote link is replaced by its global id", async () => {
  await withJira(origin, async (jira) => {
    const link = { type: { name: "Blocks" }, inwardIssue: { key: "AL-1" }, outwardIssue: { key: "AL-4" } };
    for (let time = 0; time < 2; time++)
      expect((await jira.send("POST", "/rest/api/3/issueLink", link)).status).toBe(201);
    const links = async (key: string): Promise<{ inwardIssue?: { key: string }; outwardIssue?: { key: string } }[]> =>
      (await jira.get(`/rest/api/3/issue/${key}?fields=issuelinks`)).body.fields.issuelinks;
    expect((await links("AL-1")).filter((one) => one.outwardIssue?.key === "AL-4").length).toBe(1);
    expect((await links("AL-4")).filter((one) => one.inwardIssue?.key === "AL-1").length).toBe(1);
    const unknown = await jira.send("POST", "/rest/api/3/issueLink", { ...link, type: { name: "Nope" } });
    expect([unknown.status, unknown.body.errorMessages]).toEqual([404, ["No issue link type with name 'Nope' found."]]);
    const remote = { globalId: "one", object: { url: "https://example.com", title: "First" } };
    const path = "/rest/api/3/issue/AL-1/remotelink";
    expect((await jira.send("POST", path, remote)).status).toBe(201);
    expect((await jira.send("POST", path, remote)).status).toBe(200);
    expect((await jira.get(path)).body.length).toBe(1);
  });
});

test("sprints go forward alone", async () => {
  await withJira(origin, async (jira) => {
    const made = await jira.send("POST", "/rest/agile/1.0/sprint", { name: "Next", originBoardId: 1 });
    expect(made.body).toMatchObject({ state: "future", originBoardId: 1 });
    expect(made.body).not.toHaveProperty("startDate");
    const path = `/rest/agile/1.0/sprint/${made.body.id}`;
    const to = async (state: string): Promise<number> => (await jira.send("POST", path, { state })).status;
    expect([
      await to("closed"),
      await to("active"),
      await to("future"),
      await to("closed"),
      await to("active"),
    ]).toEqual([400, 200, 400, 200, 400]);
    expect((await jira.get(path)).body).toMatchObject({ state: "closed", completeDate: expect.any(String) });
    expect((await jira.send("POST", `${path}/issue`, { issues: ["AL-1"] })).status).toBe(400);
    expect((await jira.send("POST", "/rest/agile/1.0/sprint", { name: "No", originBoardId: 4 })).status).toBe(400);
  });
});

test("a project is made, and its issues have its own workflow", async () => {
  await withJira(origin, async (jira) => {
    const { accountId } = jira.simulator.site.callerUser;
    const body = {
      key: "NEW",
      name: "New",
      leadAccountId: accountId,
      projectTemplateKey: "com.pyxis.greenhopper.jira:gh-simplified-agility-scrum",
    };
    const made = await jira.send("POST", "/rest/api/3/project", body);
    expect(made.body).toMatchObject({ key: "NEW", id: 10003 });
    expect((await jira.send("POST", "/rest/api/3/project", body)).status).toBe(400);
    const issue = await jira.send("POST", "/rest/api/3/issue", { fields: { ...draft, project: { key: "NEW" } } });
    expect(issue.body.key).toBe("NEW-1");
    const { fields } = (await jira.get("/rest/api/3/issue/NEW-1")).body;
    expect(fields.project).toMatchObject({ key: "NEW", simplified: true });
    expect((await jira.get("/rest/api/3/project/NEW?expand=insight")).body.insight.totalIssueCount).toBe(1);
  });
});
