/** The rest of the checklist: limits, bulk operations, objects that move or go, boards, concurrent writes. */
import { describe, expect, test } from "vitest";
import { searchAll, withJira, type JiraClient } from "./jira-client.fixture.ts";
import { TestClock } from "./test-clock.fixture.ts";

describe("6. 429 with three reasons and the right headers; NearLimit; Retry-After of 1 s and of 1847 s; 503", () => {
  test.each([
    ["429-burst", "jira-burst-based", "1"],
    ["429-quota", "jira-quota-tenant-based", "1847"],
    ["429-issue", "jira-per-issue-on-write", "2"],
  ] as const)("%s", async (kind, reason, retryAfter) => {
    await withJira({ issues: 5 }, async (jira) => {
      jira.simulator.faults.plan(kind);
      const reply = await jira.get("/rest/api/3/myself");
      expect(reply.status).toBe(429);
      expect(reply.headers.get("ratelimit-reason")).toBe(reason);
      expect(reply.headers.get("retry-after")).toBe(retryAfter);
      expect(reply.headers.get("x-ratelimit-remaining")).toBe("0");
      expect(Number.isNaN(Date.parse(reply.headers.get("x-ratelimit-reset") ?? ""))).toBe(false);
      expect(reply.body.status).toBe(429);
      expect((await jira.get("/rest/api/3/myself")).status).toBe(200);
    });
  });

  test("503 may say when to come back; a cut or broken connection says nothing", async () => {
    await withJira({ issues: 5 }, async (jira) => {
      const { faults } = jira.simulator;
      faults.plan("503");
      const reply = await jira.get("/rest/api/3/myself");
      expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "1"]);
      for (const kind of ["reset", "truncated"] as const) {
        faults.plan(kind);
        await expect(jira.get("/rest/api/3/myself")).rejects.toThrow();
      }
      faults.plan("stall");
      const stalled = fetch(`${jira.simulator.url}/rest/api/3/myself`, { signal: AbortSignal.timeout(50) });
      await expect(stalled).rejects.toThrow();
      expect((await jira.get("/rest/api/3/myself")).status).toBe(200);
    });
  });

  test("a share of requests goes wrong, the same ones from the same seed, however many are under way", async () => {
    const outcomes = async (atOnce: number): Promise<number[]> => {
      const statuses: number[] = [];
      await withJira({ issues: 200, faults: { rate: 0.3, kinds: ["500", "503", "429-burst"] } }, async (jira) => {
        for (let n = 0; n < 100; n += atOnce) {
          const paths = Array.from(
            { length: atOnce },
            (_, place) => `/rest/api/3/issue/${10001 + n + place}?fields=summary`,
          );
          statuses.push(...(await Promise.all(paths.map(async (path) => (await jira.get(path)).status))));
        }
      });
      return statuses;
    };
    const one = await outcomes(1);
    expect(await outcomes(20)).toEqual(one);
    const failed = one.filter((status) => status !== 200).length;
    expect(failed).toBeGreaterThan(15);
    expect(failed).toBeLessThan(45);
  });

  test("a bucket empties, warns, and fills with time; another endpoint has its own", async () => {
    const clock = new TestClock();
    await withJira({ issues: 20, clock, rateLimits: "documented" }, async (jira) => {
      const ask = async (): Promise<[number, string | null]> => {
        const reply = await jira.get("/rest/api/3/myself");
        return [reply.status, reply.headers.get("x-ratelimit-nearlimit")];
      };
      const replies: [number, string | null][] = [];
      for (let n = 0; n < 101; n++) replies.push(await ask());
      expect(replies[0]).toEqual([200, null]);
      expect(replies[95]).toEqual([200, "true"]);
      expect(replies[100]).toEqual([429, null]);
      expect((await jira.get("/rest/api/3/serverInfo")).status).toBe(200);
      clock.advance(1000);
      expect(await ask()).toEqual([200, null]);
    });
  });

  test("apps pay points for requests and for what they get, until the hour is over", async () => {
    const clock = new TestClock();
    await withJira({ issues: 400, clock, rateLimits: { pointsPerHour: 150 } }, async (jira) => {
      const { credentials, gatewayUrl } = jira.simulator;
      const authorization = `Bearer ${credentials.grantOAuthToken({ ttlMs: 86_400_000 })}`;
      const search = (): ReturnType<JiraClient["send"]> =>
        jira.send(
          "POST",
          `${gatewayUrl}/rest/api/3/search/jql`,
          { jql: "project = AL", maxResults: 100 },
          { authorization },
        );
      expect([(await search()).status, (await search()).status]).toEqual([200, 200]);
      const refused = await search();
      expect([refused.status, refused.headers.get("ratelimit-reason")]).toEqual([429, "jira-quota-global-based"]);
      clock.advance(Number(refused.headers.get("retry-after")) * 1000);
      expect((await search()).status).toBe(200);
    });
  });
});

describe("7. bulk operations that half succeed", () => {
  test("issues are made with 201 although some were refused, and with 400 when all were", async () => {
    await withJira({ issues: 20 }, async (jira) => {
      const good = { fields: { project: { key: "AL" }, issuetype: { name: "Task" }, summary: "Good" } };
      const half = await jira.send("POST", "/rest/api/3/issue/bulk", { issueUpdates: [{ fields: {} }, good] });
      expect(half.status).toBe(201);
      expect(half.body.issues.length).toBe(1);
      expect(half.body.errors[0]).toMatchObject({ status: 400, failedElementNumber: 0 });
      expect((await jira.send("POST", "/rest/api/3/issue/bulk", { issueUpdates: [{ fields: {} }] })).status).toBe(400);
    });
  });

  test("bulkfetch gives what there is in the order of ids, and names what there is not", async () => {
    await withJira({ issues: 20 }, async (jira) => {
      const { body } = await jira.send("POST", "/rest/api/3/issue/bulkfetch", {
        issueIdsOrKeys: ["AL-3", "nope", "10001", "AL-1"],
        fields: ["summary"],
      });
      expect(body.issues.map(({ id }: { id: string }) => id)).toEqual(["10001", "10006"]);
      expect(body.issueErrors).toEqual([
        { id: "nope", errorMessage: "Issue does not exist or you do not have permission to see it." },
      ]);
      const tooMany = { issueIdsOrKeys: Array.from({ length: 101 }, (_, n) => String(10001 + n)) };
      expect((await jira.send("POST", "/rest/api/3/issue/bulkfetch", tooMany)).status).toBe(400);
    });
  });
});

describe("8. moved, deleted, archived, deactivated, and statuses of one name", () => {
  test("a moved issue answers to its old key with the new one, keeps its id, and is found by JQL under both", async () => {
    await withJira({ issues: 60 }, async (jira) => {
      const { id } = (await jira.get("/rest/api/3/issue/AL-3")).body;
      const newKey = jira.simulator.site.moveIssue("AL-3", "HB");
      const reply = await jira.get("/rest/api/3/issue/AL-3");
      expect([reply.status, reply.body.key, reply.body.id]).toEqual([200, newKey, id]);
      for (const jql of ["key = AL-3", `key = ${newKey}`]) expect((await searchAll(jira, { jql })).ids).toEqual([id]);
      const { values } = (await jira.get(`/rest/api/3/issue/${newKey}/changelog`)).body;
      expect(values.at(-1).items.map(({ field }: { field: string }) => field)).toEqual(
        expect.arrayContaining(["project", "Key"]),
      );
    });
  });

  test("subtasks move with their issue and stay its subtasks", async () => {
    await withJira({ issues: 100 }, async (jira) => {
      const { site } = jira.simulator;
      const parent = [...site.liveIssues()].find((issue) => site.subtasksOf(issue).length > 0);
      const before = site.subtasksOf(site.getIssue(String(10001 + (parent?.n ?? 0)))).map(({ n }) => n);
      const newKey = site.moveIssue(String(10001 + (parent?.n ?? 0)), "ZB");
      const { subtasks } = (await jira.get(`/rest/api/3/issue/${newKey}`)).body.fields;
      expect(subtasks.map(({ id }: { id: string }) => Number(id) - 10001)).toEqual(before);
      for (const { key } of subtasks) {
        expect(key).toMatch(/^ZB-/);
        expect((await jira.get(`/rest/api/3/issue/${key}`)).body.fields.parent.key).toBe(newKey);
      }
    });
  });

  test("a deleted issue vanishes without a trace, a deleted worklog leaves its id", async () => {
    const clock = new TestClock();
    await withJira({ issues: 60, clock, originMs: clock.now() - 86_400_000 }, async (jira) => {
      const { site } = jira.simulator;
      const worklog = site.remarkEdits.addWorklog("AL-2", {
        body: undefined,
        startedMs: clock.now(),
        timeSpentSeconds: 60,
      });
      site.remarkEdits.deleteWorklog(worklog);
      site.deleteIssue("AL-3");
      const { ids } = await searchAll(jira, { jql: "project is not EMPTY", maxResults: 100 });
      expect(ids).not.toContain("10006");
      expect((await jira.get("/rest/api/3/worklog/deleted")).body.values).toEqual([]);
      clock.advance(61_000);
      const { values, lastPage } = (await jira.get("/rest/api/3/worklog/deleted")).body;
      expect(values).toMatchObject([{ worklogId: Number(worklog.id) }]);
      expect(lastPage).toBe(true);
    });
  });

  test("an archived project leaves search and is listed as such; restored, it is back", async () => {
    await withJira({ issues: 60 }, async (jira) => {
      const listed = async (query: string): Promise<string[]> =>
        (await jira.get(`/rest/api/3/project/search${query}`)).body.values.map(({ key }: { key: string }) => key);
      expect((await jira.send("POST", "/rest/api/3/project/HB/archive")).status).toBe(204);
      expect(await listed("")).toEqual(["AL", "ZB"]);
      expect(await listed("?status=archived")).toEqual(["HB"]);
      expect((await searchAll(jira, { jql: "project = HB" })).ids).toEqual([]);
      expect((await jira.send("DELETE", "/rest/api/3/project/HB")).status).toBe(400);
      expect((await jira.send("POST", "/rest/api/3/project/HB/restore")).status).toBe(200);
      expect((await searchAll(jira, { jql: "project = HB" })).ids.length).toBeGreaterThan(10);
      await jira.send("DELETE", "/rest/api/3/project/HB");
      expect((await jira.get("/rest/api/3/project/HB")).status).toBe(404);
      expect(await listed("?status=deleted")).toEqual(["HB"]);
    });
  });

  test("some users are inactive, and team-managed projects have statuses of the same name", async () => {
    await withJira({ issues: 60, projects: 6 }, async (jira) => {
      const users: { active: boolean }[] = (await jira.get("/rest/api/3/users/search?maxResults=100")).body;
      expect(users.some((user) => !user.active)).toBe(true);
      const statuses: { name: string; id: string; scope?: object }[] = (await jira.get("/rest/api/3/status")).body;
      expect(statuses.filter(({ name }) => name === "To Do").length).toBe(4);
      expect(new Set(statuses.map(({ id }) => id)).size).toBe(statuses.length);
      expect(statuses.filter(({ scope }) => scope !== undefined).length).toBe(9);
    });
  });

  test("a rename reaches every issue and moves no updated", async () => {
    await withJira({ issues: 60 }, async (jira) => {
      const { site } = jira.simulator;
      const read = async (): Promise<{ updated: string; text: string }> => {
        const reply = await jira.get("/rest/api/3/issue/AL-2");
        return { updated: reply.body.fields.updated, text: reply.text };
      };
      const before = await read();
      site.peopleEdits.rename(site.people[site.getIssue("AL-2").reporterIndex]?.accountId ?? "", "Somebody Else");
      site.renameStatus(site.workflows.statuses[site.getIssue("AL-2").statusIndex]?.id ?? "", "Somewhere");
      site.projectEdits.rename("AL", "Another Atlas");
      const after = await read();
      for (const name of ["Somebody Else", "Somewhere", "Another Atlas"]) {
        expect(before.text).not.toContain(name);
        expect(after.text).toContain(name);
      }
      expect(after.updated).toBe(before.updated);
    });
  });
});

describe("9. kanban boards, shared sprints, pages that shift", () => {
  test("a kanban board has neither sprints nor a backlog", async () => {
    await withJira({ issues: 60 }, async (jira) => {
      const { values } = (await jira.get("/rest/agile/1.0/board?type=kanban")).body;
      for (const { id } of values) {
        const reply = await jira.get(`/rest/agile/1.0/board/${id}/sprint`);
        expect([reply.status, reply.body.errorMessages]).toEqual([400, ["The board does not support sprints"]]);
        expect((await jira.get(`/rest/software/1.0/board/${id}/backlog`)).status).toBe(400);
      }
      expect(values.length).toBe(3);
    });
  });

  test("a sprint shows on several boards and names the one it was made on", async () => {
    await withJira({ issues: 60, boards: 9 }, async (jira) => {
      const boardsOf = new Map<number, Set<number>>();
      for (const { id } of (await jira.get("/rest/agile/1.0/board")).body.values) {
        const { values = [] } = (await jira.get(`/rest/agile/1.0/board/${id}/sprint`)).body;
        for (const sprint of values) boardsOf.set(sprint.id, (boardsOf.get(sprint.id) ?? new Set()).add(id));
      }
      const shared = [...boardsOf].filter(([, boards]) => boards.size > 1);
      expect(shared.length).toBeGreaterThan(0);
      const [id = 0, boards] = shared[0] ?? [];
      expect(boards?.has((await jira.get(`/rest/agile/1.0/sprint/${id}`)).body.originBoardId)).toBe(true);
    });
  });

  test("offset pages shift when something before them goes", async () => {
    await withJira({ issues: 20, projects: 6 }, async (jira) => {
      const page = async (startAt: number): Promise<string[]> =>
        (await jira.get(`/rest/api/3/project/search?startAt=${startAt}&maxResults=3`)).body.values.map(
          ({ key }: { key: string }) => key,
        );
      const before = [...(await page(0)), ...(await page(3))];
      const first = await page(0);
      jira.simulator.site.projectEdits.delete(before[0] ?? "");
      const seen = [...first, ...(await page(3))];
      expect(before.filter((key) => !seen.includes(key))).toEqual([before[3]]);
    });
  });

  test("rows ordered by updated move under the cursor", async () => {
    const clock = new TestClock();
    await withJira({ issues: 60, clock }, async (jira) => {
      const body = { jql: "project is not EMPTY ORDER BY updated ASC", fields: ["key"], maxResults: 20 };
      const first = (await jira.send("POST", "/rest/api/3/search/jql", body)).body;
      jira.simulator.site.editIssue(first.issues[0].key, { summary: "Touched" });
      const rest = await searchAll(jira, { ...body, nextPageToken: first.nextPageToken });
      expect(rest.ids.at(-1)).toBe(first.issues[0].id);
    });
  });
});

describe("10. per-issue write limit and 409 on concurrent transition", () => {
  test("the twenty-first write of an issue in two seconds is refused, of another issue not", async () => {
    const clock = new TestClock();
    await withJira({ issues: 20, clock, rateLimits: "documented" }, async (jira) => {
      const edit = async (key: string): Promise<ReturnType<JiraClient["send"]>> =>
        jira.send("PUT", `/rest/api/3/issue/${key}`, { fields: { summary: "Again" } });
      for (let n = 0; n < 20; n++) expect((await edit("AL-1")).status).toBe(204);
      const refused = await edit("AL-1");
      expect([refused.status, refused.headers.get("ratelimit-reason")]).toEqual([429, "jira-per-issue-on-write"]);
      expect((await edit("AL-2")).status).toBe(204);
      clock.advance(2001);
      expect((await edit("AL-1")).status).toBe(204);
    });
  });

  test("of two transitions at once one is refused", async () => {
    await withJira({ issues: 20, latencyMs: 20 }, async (jira) => {
      const path = "/rest/api/3/issue/AL-1/transitions";
      const { transitions } = (await jira.get(path)).body;
      const go = (): ReturnType<JiraClient["send"]> =>
        jira.send("POST", path, { transition: { id: transitions[0].id } });
      const replies = await Promise.all([go(), go(), go()]);
      expect(replies.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([204, 409, 409]);
      expect((await jira.send("POST", path, { transition: { id: "999" } })).body.errorMessages).toEqual([
        "Transition id '999' is not valid for this issue.",
      ]);
      expect((await jira.send("POST", path, {})).body.errorMessages).toEqual(["Missing 'transition' identifier"]);
    });
  });
});
