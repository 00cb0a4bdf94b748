/**
 * How Jira Cloud behaves where clients usually go wrong, line by line of the checklist that the simulator is held to.
 * The other lines are in `fidelity-webhooks.test.ts` and `fidelity-writing.test.ts`.
 */
import { describe, expect, test } from "vitest";
import { searchAll, toBasic, withJira, type JiraClient } from "./jira-client.fixture.ts";
import { TestClock } from "./test-clock.fixture.ts";

const searchPath = "/rest/api/3/search/jql";
const everything = "project is not EMPTY";

describe("1. search/jql: token paging, short pages, default fields, limits, 410 of the old search, index lag", () => {
  test("the token is absent on the last page, and a token of elsewhere is refused", async () => {
    await withJira({ issues: 120 }, async (jira) => {
      const { replies } = await searchAll(jira, { jql: everything, fields: ["key"], maxResults: 50 });
      expect(replies.map(({ body }) => body.isLast)).toEqual([false, false, true]);
      expect(replies.map(({ body }) => "nextPageToken" in body)).toEqual([true, true, false]);
      for (const nextPageToken of ["nonsense", replies[0]?.body.nextPageToken]) {
        const other = await jira.send("POST", searchPath, { jql: "project = HB", nextPageToken });
        expect([other.status, other.body.errorMessages]).toEqual([
          400,
          ["The provided next page token is invalid or expired."],
        ]);
      }
    });
  });

  test("a token dies after seven days", async () => {
    const clock = new TestClock();
    await withJira({ issues: 120, clock }, async (jira) => {
      const body = { jql: everything, maxResults: 50 };
      const { nextPageToken } = (await jira.send("POST", searchPath, body)).body;
      clock.advance(7 * 86_400_000 + 1);
      expect((await jira.send("POST", searchPath, { ...body, nextPageToken })).status).toBe(400);
    });
  });

  test("a short page is not the end", async () => {
    await withJira({ issues: 900, hasShortPages: true }, async (jira) => {
      const { ids, pages } = await searchAll(jira, { jql: everything, fields: ["*all"], maxResults: 100 });
      expect(new Set(ids).size).toBe(900);
      expect(pages.slice(0, -1).some((length) => length < 100)).toBe(true);
    });
  });

  test("the more fields are asked for, the fewer issues come", async () => {
    await withJira({ issues: 6000 }, async (jira) => {
      const length = async (fields: string[]): Promise<number> =>
        (await jira.send("POST", searchPath, { jql: everything, fields, maxResults: 5000 })).body.issues.length;
      expect([await length([]), await length(["key"]), await length(["*all"])]).toEqual([5000, 5000, 100]);
    });
  });

  test("without fields an issue is its id alone; any field brings key and self", async () => {
    await withJira({ issues: 10 }, async (jira) => {
      const first = async (query: string): Promise<object> =>
        (await jira.get(`${searchPath}?jql=${encodeURIComponent(everything)}${query}`)).body.issues[0];
      expect(Object.keys(await first(""))).toEqual(["id"]);
      expect(Object.keys(await first("&fields=summary"))).toEqual(["expand", "id", "self", "key", "fields"]);
    });
  });

  test("fields are chosen, excluded and grouped", async () => {
    await withJira({ issues: 30 }, async (jira) => {
      const fields = async (...names: string[]): Promise<string[]> =>
        Object.keys((await jira.send("POST", searchPath, { jql: "key = AL-2", fields: names })).body.issues[0].fields);
      expect(await fields("summary", "status")).toEqual(["summary", "status"]);
      const all = await fields("*all");
      const navigable = await fields("*navigable");
      expect(all).toEqual(expect.arrayContaining(["comment", "worklog", "parent", "customfield_10020"]));
      expect(navigable).not.toContain("comment");
      expect(navigable).toContain("status");
      expect(await fields("*all", "-comment")).toEqual(all.filter((id) => id !== "comment"));
    });
  });

  test.each([
    [
      "a page of more than 5,000",
      { jql: everything, maxResults: 5001 },
      "The max results parameter has to be between 1 and 5,000.",
    ],
    ["a page of none", { jql: everything, maxResults: 0 }, "The max results parameter has to be between 1 and 5,000."],
    [
      "everything",
      { jql: "ORDER BY key" },
      "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
    ],
    ["no query", {}, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."],
    ["an unknown field", { jql: "nope = 1" }, "Field 'nope' does not exist or you do not have permission to view it."],
    ["an unknown project", { jql: "project = NOPE" }, "The value 'NOPE' does not exist for the field 'project'."],
    [
      "a broken query",
      { jql: "status = " },
      "Error in JQL Query: Expecting either a value, list or function before the end of the query.",
    ],
  ])("%s is refused", async (_, body, message) => {
    await withJira({ issues: 5 }, async (jira) => {
      const reply = await jira.send("POST", searchPath, body);
      expect(reply.status).toBe(400);
      expect(reply.body.errorMessages[0]).toContain(message);
      expect(reply.body.errors).toEqual({});
    });
  });

  test("a query that names an issue which is gone is refused as a whole, when told to", async () => {
    await withJira({ issues: 5, refusesUnknownIssues: true }, async (jira) => {
      const reply = await jira.send("POST", searchPath, { jql: "key in (AL-1, AL-999)" });
      expect(reply.body.errorMessages).toEqual(["An issue with key 'AL-999' does not exist for field 'key'."]);
      jira.simulator.site.moveIssue("AL-1", "HB");
      expect((await searchAll(jira, { jql: "key in (AL-1)" })).ids).toEqual(["10001"]);
    });
  });

  test.each([{ startAt: 0 }, { expand: ["names"] }, { fields: "summary" }, { maxResults: "50" }])(
    "the body is a closed schema: %j",
    async (extra) => {
      await withJira({ issues: 5 }, async (jira) => {
        const reply = await jira.send("POST", searchPath, { jql: everything, ...extra });
        expect(reply.status).toBe(400);
        expect(reply.body).toEqual({
          errorMessages: ["Invalid request payload. Refer to the REST API documentation and try again."],
        });
      });
    },
  );

  test("broken JSON has its own words", async () => {
    await withJira({ issues: 5 }, async (jira) => {
      const reply = await jira.send("POST", searchPath, "{");
      expect(reply.body).toEqual({
        errorMessages: ["There was an error parsing JSON. Check that your request body is valid."],
      });
    });
  });

  test("the old search is gone", async () => {
    await withJira({ issues: 5 }, async (jira) => {
      for (const path of ["/rest/api/3/search?jql=x", "/rest/api/2/search"]) {
        const reply = await jira.get(path);
        expect(reply.status).toBe(410);
        expect(reply.body.errorMessages[0]).toContain("https://developer.atlassian.com/changelog/#CHANGE-2046");
      }
    });
  });

  test("the index lags behind every change, and reconcileIssues overrides it", async () => {
    const clock = new TestClock();
    await withJira({ issues: 30, indexLagMs: 30_000, clock }, async (jira) => {
      const { site } = jira.simulator;
      site.editIssue("AL-1", { summary: "Fresh" });
      const created = site.createIssue({ project: "AL", summary: "Born" });
      site.deleteIssue("AL-2");
      const find = async (extra: object): Promise<string[]> => {
        const reply = await jira.send("POST", searchPath, {
          jql: "project = AL",
          fields: ["summary"],
          maxResults: 100,
          ...extra,
        });
        return reply.body.issues.map((issue: { fields: { summary: string } }) => issue.fields.summary);
      };
      const stale = await find({});
      expect(stale).not.toContain("Fresh");
      expect(stale).not.toContain("Born");
      const reconciled = await find({ reconcileIssues: [10001, 10001 + created.n, 10004] });
      expect(reconciled).toEqual(expect.arrayContaining(["Fresh", "Born"]));
      expect(reconciled.length).toBe(stale.length);
      expect((await jira.get("/rest/api/3/issue/AL-1")).body.fields.summary).toBe("Fresh");
      clock.advance(30_001);
      expect(await find({})).toEqual(reconciled);
    });
  });
});

describe("2. 200 and nothing for nobody; 401 for a bad token; 404 that hides; 401 for a scope at the gateway", () => {
  test("without credentials everything is empty", async () => {
    await withJira({ issues: 20 }, async (jira) => {
      const nobody = { authorization: "" };
      const post = (path: string, body: unknown): ReturnType<JiraClient["send"]> =>
        jira.send("POST", path, body, nobody);
      expect((await jira.get("/rest/api/3/project/search", nobody)).body.values).toEqual([]);
      expect((await jira.get("/rest/api/3/users/search", nobody)).body).toEqual([]);
      expect((await post(searchPath, { jql: "project = AL" })).body).toEqual({ issues: [], isLast: true });
      expect((await post(searchPath, { jql: "project = NOPE" })).body).toEqual({ issues: [], isLast: true });
      expect((await post("/rest/api/3/search/approximate-count", { jql: everything })).body).toEqual({ count: 0 });
      expect((await jira.get("/rest/api/3/issue/AL-1", nobody)).status).toBe(404);
      expect((await jira.get("/rest/api/3/myself", nobody)).status).toBe(401);
      expect((await jira.get("/rest/api/3/serverInfo", nobody)).body.deploymentType).toBe("Cloud");
    });
  });

  test("a bad token is refused with a text, not with JSON", async () => {
    await withJira({ issues: 5 }, async (jira) => {
      const reply = await jira.get("/rest/api/3/project/search", {
        authorization: toBasic(jira.simulator.email, "bad"),
      });
      expect(reply.status).toBe(401);
      expect(reply.text).toBe("Client must be authenticated to access this resource.");
    });
  });

  test("what one may not see is not there", async () => {
    await withJira({ issues: 60 }, async (jira) => {
      const { site } = jira.simulator;
      site.projectEdits.setBrowsable("HB", false);
      const hidden = await jira.get("/rest/api/3/issue/HB-1");
      const missing = await jira.get("/rest/api/3/issue/HB-999");
      expect(hidden.status).toBe(404);
      expect(hidden.body).toEqual(missing.body);
      expect((await jira.get("/rest/api/3/project/HB")).body.errorMessages).toEqual([
        "No project could be found with key 'HB'.",
      ]);
      expect((await jira.get("/rest/api/3/project/search")).body.total).toBe(2);
      const { body } = await jira.send("POST", "/rest/api/3/issue/bulkfetch", { issueIdsOrKeys: ["HB-1", "AL-1"] });
      expect(body.issueErrors.map(({ id }: { id: string }) => id)).toEqual(["HB-1"]);
      const { ids } = await searchAll(jira, { jql: everything, maxResults: 1000 });
      expect(ids.length).toBe([...site.issueKeys()].length);
    });
  });

  test("an unknown path and a wrong method are problems in the framework's form", async () => {
    await withJira({ issues: 5 }, async (jira) => {
      const unknown = await jira.get("/rest/api/3/nope");
      expect([unknown.status, unknown.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
      expect(unknown.body.detail).toContain("No endpoint GET /rest/api/3/nope");
      const wrong = await jira.get("/rest/api/3/search/approximate-count");
      expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
      const text = await jira.get("/rest/api/3/project/search?maxResults=x");
      expect(text.body.detail).toBe("Failed to convert 'maxResults' with value: 'x'");
    });
  });

  test("a scoped token works at the gateway alone, and lacking a scope is a 401", async () => {
    await withJira({ issues: 5 }, async ({ simulator, get }) => {
      const { credentials, email, gatewayUrl } = simulator;
      const scoped = toBasic(email, credentials.grantScopedToken(["read:jira-work"]));
      expect((await get("/rest/api/3/project/search", { authorization: scoped })).status).toBe(401);
      const reply = await get(`${gatewayUrl}/rest/api/3/project/search`, { authorization: scoped });
      expect(reply.body.values[0].self).toContain(`${gatewayUrl}/rest/api/3/project/`);
      const users = await get(`${gatewayUrl}/rest/api/3/users/search`, { authorization: scoped });
      expect([users.status, users.text]).toEqual([401, expect.stringContaining("scope does not match")]);
      expect((await get(`${gatewayUrl}/rest/api/3/serverInfo`, { authorization: scoped })).body.baseUrl).toBe(
        simulator.url,
      );
    });
  });

  test("the gateway answers for unknown paths and sites in its own forms", async () => {
    await withJira({ issues: 5 }, async ({ simulator, get }) => {
      const authorization = `Bearer ${simulator.credentials.grantOAuthToken()}`;
      const path = `${simulator.gatewayUrl}/rest/api/3/nope`;
      const unknown = await get(path, { authorization });
      expect(unknown.body).toMatchObject({ status: 404, error: "Not Found", path: new URL(path).pathname });
      const teams = `${simulator.gatewayUrl}/gateway/api/public/teams/v1/org/${simulator.organizationId}/teams`;
      expect((await get(teams, { authorization })).status).toBe(404);
      const elsewhere = await get("/ex/jira/another-site/rest/api/3/myself", { authorization });
      expect([elsewhere.status, elsewhere.headers.get("content-type")]).toEqual([404, "text/html;charset=UTF-8"]);
    });
  });

  test("an OAuth token expires, and refreshing gives a new pair", async () => {
    const clock = new TestClock();
    await withJira({ issues: 5, clock }, async ({ simulator, get, send }) => {
      const { credentials, gatewayUrl } = simulator;
      const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
      const first = credentials.grantOAuthToken({ ttlMs: 1000 });
      expect((await get(`${gatewayUrl}/rest/api/3/myself`, bearer(first))).status).toBe(200);
      clock.advance(1001);
      expect((await get(`${gatewayUrl}/rest/api/3/myself`, bearer(first))).status).toBe(401);
      const old = credentials.grantRefreshToken();
      const refresh = (token: string): ReturnType<JiraClient["send"]> =>
        send("POST", "/oauth/token", {
          grant_type: "refresh_token",
          client_id: credentials.clientId,
          client_secret: credentials.clientSecret,
          refresh_token: token,
        });
      const pair = (await refresh(old)).body;
      expect(pair.refresh_token).not.toBe(old);
      const sites = await get("/oauth/token/accessible-resources", bearer(pair.access_token));
      expect(sites.body[0]).toMatchObject({ id: credentials.cloudId, url: simulator.url });
      clock.advance(10 * 60_000 + 1);
      const dead = await refresh(old);
      expect([dead.status, dead.body.error]).toEqual([403, "invalid_grant"]);
    });
  });
});

describe("3. absent e-mail, absent parent, null custom fields, dates in the site's zone, JQL in the caller's", () => {
  test("an address that is hidden is no key, neither null nor empty", async () => {
    await withJira({ users: 60 }, async (jira) => {
      const users: Record<string, unknown>[] = (await jira.get("/rest/api/3/users/search?maxResults=100")).body;
      const shown = users.filter((user) => "emailAddress" in user);
      expect(shown.length).toBeGreaterThan(1);
      expect(shown.length).toBeLessThan(20);
      expect(shown.every((user) => /^\S+@\S+$/.test(String(user.emailAddress)))).toBe(true);
      expect(new Set(users.map((user) => user.accountType))).toEqual(new Set(["atlassian", "app", "customer"]));
      expect(users.filter((user) => user.accountType === "app").every((user) => !("timeZone" in user))).toBe(true);
    });
  });

  test("parent is left out, custom fields are null", async () => {
    await withJira({ issues: 30 }, async (jira) => {
      const epic = (await jira.get("/rest/api/3/issue/AL-1")).body.fields;
      expect("parent" in epic).toBe(false);
      expect(epic.customfield_10030).toBeNull();
      expect(epic.assignee === null || typeof epic.assignee === "object").toBe(true);
    });
  });

  test("issue dates carry the site's offset without a colon, sprint dates are in UTC", async () => {
    await withJira({ issues: 30, timeZone: "America/New_York" }, async (jira) => {
      const winter = jira.simulator.site.createIssue({
        project: "AL",
        summary: "Winter",
        createdMs: Date.UTC(2026, 0, 15, 12),
      });
      const summer = jira.simulator.site.createIssue({
        project: "AL",
        summary: "Summer",
        createdMs: Date.UTC(2026, 6, 15, 12),
      });
      const created = async (n: number): Promise<string> =>
        (await jira.get(`/rest/api/3/issue/${10001 + n}`)).body.fields.created;
      expect([await created(winter.n), await created(summer.n)]).toEqual([
        "2026-01-15T07:00:00.000-0500",
        "2026-07-15T08:00:00.000-0400",
      ]);
      const sprint = (await jira.get("/rest/agile/1.0/sprint/1")).body;
      expect(sprint.startDate).toMatch(/Z$/);
    });
  });

  test("date literals mean the caller's zone", async () => {
    const settings = { issues: 0, timeZone: "UTC", callerTimeZone: "Asia/Tokyo" };
    await withJira(settings, async (jira) => {
      jira.simulator.site.createIssue({ project: "AL", summary: "Noon in Tokyo", createdMs: Date.UTC(2026, 2, 1, 3) });
      const count = async (jql: string): Promise<number> =>
        (await jira.send("POST", "/rest/api/3/search/approximate-count", { jql })).body.count;
      expect(await count('created >= "2026-03-01 12:00"')).toBe(1);
      expect(await count('created >= "2026-03-01 12:01"')).toBe(0);
      expect((await jira.get("/rest/api/3/myself")).body.timeZone).toBe("Asia/Tokyo");
    });
  });
});

describe("4. two body styles", () => {
  test("version 3 carries documents, version 2 wiki markup, of the same text", async () => {
    await withJira({ issues: 40 }, async (jira) => {
      const key = [...jira.simulator.site.issueKeys()].find(
        (one) => jira.simulator.site.getIssue(one).description !== undefined,
      );
      const document = (await jira.get(`/rest/api/3/issue/${key}`)).body.fields.description;
      const wiki = (await jira.get(`/rest/api/2/issue/${key}`)).body.fields.description;
      expect(document).toMatchObject({ type: "doc", version: 1 });
      expect(typeof wiki).toBe("string");
      const firstText = JSON.stringify(document).match(/"text":"([^"\\]+)"/)?.[1] ?? "missing";
      expect(wiki).toContain(firstText);
    });
  });

  test("each version takes only its own", async () => {
    await withJira({ issues: 20 }, async (jira) => {
      const fields = { project: { key: "AL" }, issuetype: { name: "Task" }, summary: "Text" };
      const refused = await jira.send("POST", "/rest/api/3/issue", { fields: { ...fields, description: "h1. Wiki" } });
      expect(refused.body.errors.description).toContain("Operation value must be an Atlassian Document");
      const made = await jira.send("POST", "/rest/api/2/issue", { fields: { ...fields, description: "h1. Wiki" } });
      const { description } = (await jira.get(`/rest/api/3/issue/${made.body.key}`)).body.fields;
      expect(JSON.stringify(description)).toContain("h1. Wiki");
    });
  });
});
