import { expect, test } from "vitest";
import { withJira, type Reply } from "./jira-client.fixture.ts";

const server = { deployment: "server", issues: 90, users: 25 } as const;

test("Data Center knows version 2 alone, and takes a personal access token", async () => {
  await withJira(server, async (jira) => {
    const { token } = jira.simulator;
    expect((await jira.get("/rest/api/3/myself")).status).toBe(404);
    const me = await jira.get("/rest/api/2/myself", { authorization: `Bearer ${token}` });
    expect(me.body).toMatchObject({ name: "caller", key: "JIRAUSER10100", emailAddress: "caller@example.com" });
    expect(me.body).not.toHaveProperty("accountId");
    expect((await jira.get("/rest/api/2/serverInfo")).body.deploymentType).toBe("Server");
    expect((await jira.get("/rest/api/2/myself", { authorization: "Bearer wrong" })).status).toBe(401);
  });
});

test("its search has an offset and a total, and lets everything be asked for", async () => {
  await withJira(server, async (jira) => {
    const keys: string[] = [];
    for (let startAt = 0; startAt < 90;) {
      const { body } = await jira.get(`/rest/api/2/search?startAt=${startAt}&fields=summary`);
      expect([body.total, body.maxResults, body.startAt]).toEqual([90, 50, startAt]);
      keys.push(...body.issues.map(({ key }: { key: string }) => key));
      startAt += body.issues.length;
    }
    expect(keys.toSorted()).toEqual([...jira.simulator.site.issueKeys()].toSorted());
    expect((await jira.send("POST", "/rest/api/2/search/jql", { jql: "project = AL" })).status).toBe(404);
    const posted = await jira.send("POST", "/rest/api/2/search", { jql: "reporter = currentUser()", maxResults: 1 });
    expect(posted.body.issues[0].fields.reporter.name).toBe("caller");
  });
});

test("its issues are in its own form: people by name, text as markup, parents for subtasks alone", async () => {
  await withJira(server, async (jira) => {
    const { body } = await jira.get("/rest/api/2/search?maxResults=200");
    const fields: Reply["body"][] = body.issues.map((issue: { fields: unknown }) => issue.fields);
    expect(fields.every((one) => one.creator.name !== undefined && one.creator.accountId === undefined)).toBe(true);
    expect(fields.every((one) => one.description === null || typeof one.description === "string")).toBe(true);
    expect(fields.every((one) => !("statusCategory" in one))).toBe(true);
    expect(fields.filter((one) => "parent" in one).every((one) => one.issuetype.subtask)).toBe(true);
    const sprints = fields.flatMap((one) => one.customfield_10020 ?? []);
    expect(sprints[0]).toMatch(/^com\.atlassian\.greenhopper\.service\.sprint\.Sprint@[0-9a-f]+\[id=\d+,/);
  });
});

test("its projects come in one list, its users by cursor or by a search for everybody", async () => {
  await withJira(server, async (jira) => {
    const projects = (await jira.get("/rest/api/2/project")).body;
    expect(projects.map(({ key }: { key: string }) => key)).toEqual(["AL", "HB", "ZB"]);
    expect(projects[0]).not.toHaveProperty("style");
    expect((await jira.get("/rest/api/2/project/search")).status).toBe(404);
    const names: string[] = [];
    let cursor = "";
    do {
      const { body } = await jira.get(`/rest/api/2/user/list?maxResults=10${cursor}`);
      names.push(...body.values.map(({ name }: { name: string }) => name));
      cursor = body.isLast ? "" : `&cursor=${body.nextCursor}`;
    } while (cursor !== "");
    expect(names.length).toBe(25);
    const found = (await jira.get("/rest/api/2/user/search?username=.&maxResults=100")).body;
    expect(found.map(({ name }: { name: string }) => name)).toEqual(names);
  });
});
