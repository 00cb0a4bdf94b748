import { expect, test } from "vitest";
import { withJira, type JiraClient } from "./jira-client.fixture.ts";

const origin = { originMs: Date.UTC(2026, 5, 1) };

interface Listed {
  readonly id: number | string;
  readonly key: string;
}

/** All items of a list with an offset. */
async function listAll(jira: JiraClient, path: string, items = "values"): Promise<Listed[]> {
  const found: Listed[] = [];
  for (;;) {
    const { status, body, text } = await jira.get(
      `${path}${path.includes("?") ? "&" : "?"}startAt=${found.length}&maxResults=7`,
    );
    if (status !== 200) throw new Error(text);
    found.push(...body[items]);
    if (body[items].length === 0 || body.isLast === true) return found;
  }
}

async function listByToken(jira: JiraClient, path: string): Promise<string[]> {
  const ids: string[] = [];
  let token = "";
  do {
    const { body } = await jira.get(`${path}?maxResults=9&fields=summary${token}`);
    ids.push(...body.issues.map(({ id }: Listed) => id));
    token = body.isLast ? "" : `&nextPageToken=${body.nextPageToken}`;
  } while (token !== "");
  return ids;
}

test("boards, their projects, sprints and epics are those of the truth", async () => {
  await withJira({ ...origin, issues: 300, projects: 5, boards: 14 }, async (jira) => {
    const { site } = jira.simulator;
    const boards = await listAll(jira, "/rest/agile/1.0/board");
    expect(boards.length).toBe(14);
    for (const { id } of boards) {
      const board = site.boards.boards.get(Number(id));
      if (board === undefined) throw new Error(`no board ${id}`);
      const [project] = await listAll(jira, `/rest/agile/1.0/board/${id}/project`);
      expect(project?.key).toBe(site.projects[board.projectIndex]?.key);
      if (board.hasSprints) {
        const sprints = await listAll(jira, `/rest/agile/1.0/board/${id}/sprint`);
        expect(new Set(sprints.map((sprint) => sprint.id))).toEqual(new Set(board.sprintIds));
      }
      const epics = await listAll(jira, `/rest/agile/1.0/board/${id}/epic`);
      const truth = [...site.liveIssues()].filter(
        (issue) =>
          issue.projectIndex === board.projectIndex && site.workflows.types[issue.typeIndex]?.hierarchyLevel === 1,
      );
      expect(epics.map(({ key }) => key).toSorted()).toEqual(truth.map((issue) => site.issues.keyOf(issue)).toSorted());
    }
  });
});

test("the backlog is the same by offset and by token, and nothing in it is planned or done", async () => {
  await withJira({ ...origin, issues: 300 }, async (jira) => {
    const { site } = jira.simulator;
    const board = [...site.boards.boards.values()].find((one) => one.type === "scrum");
    const byToken = await listByToken(jira, `/rest/software/1.0/board/${board?.id}/backlog`);
    const byOffset = await listAll(jira, `/rest/agile/1.0/board/${board?.id}/backlog`, "issues");
    expect(byOffset.map(({ id }) => id)).toEqual(byToken);
    expect(byToken.length).toBeGreaterThan(20);
    for (const id of byToken) {
      const issue = site.getIssue(id);
      expect(site.workflows.statuses[issue.statusIndex]?.category).not.toBe("done");
      expect(issue.sprintIds.every((sprint) => site.boards.sprints.get(sprint)?.state === "closed")).toBe(true);
    }
  });
});

test("issues of a sprint are those whose field names it", async () => {
  await withJira({ ...origin, issues: 300 }, async (jira) => {
    const { site } = jira.simulator;
    for (const id of [1, 5, 6]) {
      const truth = [...site.liveIssues()]
        .filter((issue) => issue.sprintIds.includes(id))
        .map(({ n }) => String(10001 + n));
      expect(await listByToken(jira, `/rest/software/1.0/sprint/${id}/issue`)).toEqual(truth);
      const { body } = await jira.send("POST", "/rest/api/3/search/approximate-count", { jql: `sprint = ${id}` });
      expect(body.count).toBe(truth.length);
    }
  });
});

test("teams come by cursor with their members, in their organization alone", async () => {
  await withJira({ ...origin, teams: 7, users: 60 }, async (jira) => {
    const { site, organizationId } = jira.simulator;
    const base = `/gateway/api/public/teams/v1/org/${organizationId}/teams`;
    const teams: { teamId: string }[] = [];
    let cursor = "";
    do {
      const { body } = await jira.get(`${base}?size=3${cursor}`);
      teams.push(...body.entities);
      cursor = body.cursor === undefined ? "" : `&cursor=${body.cursor}`;
    } while (cursor !== "");
    expect(teams.map(({ teamId }) => teamId)).toEqual(site.teams.map(({ teamId }) => teamId));
    for (const team of site.teams) {
      const members: string[] = [];
      let after = "";
      for (;;) {
        const { body } = await jira.send("POST", `${base}/${team.teamId}/members?first=4${after}`);
        members.push(...body.results.map(({ accountId }: { accountId: string }) => accountId));
        if (!body.pageInfo.hasNextPage) break;
        after = `&after=${body.pageInfo.endCursor}`;
      }
      expect(members).toEqual(team.memberIndexes.map((index) => site.people[index]?.accountId));
    }
    expect((await jira.get("/gateway/api/public/teams/v1/org/other/teams")).status).toBe(404);
  });
});

test("worklogs by issue, by the feed of changes and by their ids are the same", async () => {
  await withJira({ ...origin, issues: 6000, projects: 2 }, async (jira) => {
    const { site } = jira.simulator;
    const truth = [...site.liveIssues()].flatMap((issue) => site.worklogs.list(issue.n).map(({ id }) => Number(id)));
    expect(truth.length).toBeGreaterThan(1000);
    const fed: number[] = [];
    let next = "/rest/api/3/worklog/updated?since=0";
    for (;;) {
      const { body } = await jira.get(next);
      fed.push(...body.values.map(({ worklogId }: { worklogId: number }) => worklogId));
      if (body.lastPage) break;
      next = body.nextPage;
    }
    expect(fed.toSorted((left, right) => left - right)).toEqual(truth.toSorted((left, right) => left - right));
    const listed = await jira.send("POST", "/rest/api/3/worklog/list", { ids: fed.slice(0, 50) });
    for (const worklog of listed.body.slice(0, 5)) {
      const { body } = await jira.get(`/rest/api/3/issue/${worklog.issueId}/worklog`);
      expect(body.worklogs).toContainEqual(worklog);
    }
  });
});

test("versions and components are listed by project, also after they were made, changed and deleted", async () => {
  await withJira({ ...origin, issues: 60, versionsPerProject: 17 }, async (jira) => {
    const lists = { version: "/rest/api/3/project/AL/version", component: "/rest/api/3/project/AL/component" };
    expect((await listAll(jira, lists.version)).length).toBe(17);
    const before = await jira.get("/rest/api/3/issue/AL-4");
    const version = (await jira.send("POST", "/rest/api/3/version", { name: "Neu", projectId: 10000 })).body;
    await jira.send("PUT", `/rest/api/3/version/${version.id}`, { released: true, releaseDate: "2026-06-01" });
    expect((await jira.get(`/rest/api/3/version/${version.id}`)).body).toMatchObject({
      released: true,
      userReleaseDate: "01/Jun/26",
    });
    await jira.send("POST", "/rest/api/3/component", { name: "Neu", project: "AL" });
    expect((await listAll(jira, lists.component)).length).toBe(5);
    await jira.send("DELETE", `/rest/api/3/version/${version.id}`);
    expect((await listAll(jira, lists.version)).length).toBe(17);
    // What is planned later changes no issue that was there before.
    expect((await jira.get("/rest/api/3/issue/AL-4")).text).toBe(before.text);
  });
});

test("boards and people that come and go are listed as they are, and heard of", async () => {
  await withJira({ ...origin, issues: 60, users: 12 }, async (jira) => {
    const { site } = jira.simulator;
    const events: string[] = [];
    site.listeners.add((event) => void events.push(event.type));
    const board = site.planEdits.createBoard(site.getProject("AL"), { name: "New board", type: "scrum" });
    site.planEdits.renameBoard(board, "Newer board");
    expect((await jira.get(`/rest/agile/1.0/board/${board.id}`)).body.name).toBe("Newer board");
    expect((await jira.get(`/rest/agile/1.0/board/${board.id}/sprint`)).body.values).toEqual([]);
    site.planEdits.deleteBoard(board);
    expect((await jira.get(`/rest/agile/1.0/board/${board.id}`)).status).toBe(404);
    const user = site.peopleEdits.add("Newcomer");
    const path = `/rest/api/3/user?accountId=${encodeURIComponent(user.accountId)}`;
    expect((await jira.get(path)).body).toMatchObject({ displayName: "Newcomer", active: true });
    site.peopleEdits.deactivate(user.accountId);
    expect((await jira.get(path)).body.active).toBe(false);
    site.editIssue("AL-1", { assigneeIndex: user.index });
    site.peopleEdits.remove(user.accountId);
    expect((await jira.get(path)).status).toBe(404);
    expect((await jira.get("/rest/api/3/users/search?maxResults=100")).body.length).toBe(12);
    expect((await jira.get("/rest/api/3/issue/AL-1")).body.fields.assignee).toMatchObject({
      displayName: "Newcomer",
      active: false,
    });
    expect(events).toEqual([
      "board_created",
      "board_updated",
      "board_deleted",
      "user_created",
      "user_updated",
      "jira:issue_updated",
      "user_deleted",
    ]);
  });
});
