import type { Simulator } from "../../src/simulator/simulator.ts";

export interface CheckRequest {
  readonly method: string;
  /** The path template of the OpenAPI document. */
  readonly endpoint: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
}

/** What is asked of every simulator, reading before writing, so that written things do not change what is read. */
export function listRequests(simulator: Simulator): CheckRequest[] {
  return [...listReads(simulator), ...listRefusals(simulator), ...listWrites(simulator)];
}

const EXPANSIONS = "names,schema,renderedFields,transitions,operations,editmeta,changelog";
const api = "/rest/api/3";
const agile = "/rest/agile/1.0";
const software = "/rest/software/1.0";

/** `GET` requests of one endpoint: the template, and the values for its variables and query. */
function reads(endpoint: string, paths: readonly string[], status = 200): CheckRequest[] {
  return paths.map((path) => ({ method: "GET", endpoint, path, status }));
}

function posts(endpoint: string, bodies: readonly unknown[], status = 200): CheckRequest[] {
  return bodies.map((body) => ({ method: "POST", endpoint, path: endpoint, body, status }));
}

function listReads({ site }: Simulator): CheckRequest[] {
  const keys = [...site.issueKeys()];
  const some = keys.filter((_, place) => place % 20 === 3);
  const projects = site.projectKeys();
  const accounts = site.people.slice(0, 6).map((user) => encodeURIComponent(user.accountId));
  const boards = [...site.boards.boards.values()];
  const withSprints = boards.filter((board) => board.hasSprints).map(({ id }) => id);
  const sprints = [...site.boards.sprints.keys()].slice(0, 8);
  const worklogIds = [...site.liveIssues()].flatMap((issue) => site.worklogs.list(issue.n).map(({ id }) => Number(id)));
  const commentIds = [...site.liveIssues()].flatMap((issue) => site.comments.list(issue.n).map(({ id }) => Number(id)));
  const epics = [...site.liveIssues()].filter((issue) => site.workflows.types[issue.typeIndex]?.hierarchyLevel === 1);
  const epicKeys = epics.slice(0, 4).map((epic) => site.issues.keyOf(epic));
  const jqls = [
    "project is not EMPTY",
    "statusCategory != Done ORDER BY updated DESC",
    "issuetype = Epic",
    "created >= -52w",
  ];
  const each = <T>(list: readonly T[], path: (item: T) => string): string[] => list.map(path);
  return [
    ...reads(`${api}/myself`, [`${api}/myself`]),
    ...reads(`${api}/serverInfo`, [`${api}/serverInfo`]),
    ...reads(`${api}/configuration`, [`${api}/configuration`]),
    ...reads(`${api}/mypermissions`, [`${api}/mypermissions?permissions=ADMINISTER,BROWSE_PROJECTS`]),
    ...reads(`${api}/project/search`, [
      `${api}/project/search`,
      `${api}/project/search?expand=insight,lead,description,issueTypes,projectKeys&maxResults=2`,
      `${api}/project/search?status=archived`,
      `${api}/project/search?orderBy=-name&startAt=1&maxResults=1`,
    ]),
    ...reads(
      `${api}/project/{projectIdOrKey}`,
      each(projects, (key) => `${api}/project/${key}`),
    ),
    ...reads(
      `${api}/project/{projectIdOrKey}/version`,
      each(projects, (key) => `${api}/project/${key}/version?maxResults=3`),
    ),
    ...reads(
      `${api}/project/{projectIdOrKey}/versions`,
      each(projects, (key) => `${api}/project/${key}/versions`),
    ),
    ...reads(
      `${api}/project/{projectIdOrKey}/component`,
      each(projects, (key) => `${api}/project/${key}/component`),
    ),
    ...reads(
      `${api}/project/{projectIdOrKey}/components`,
      each(projects, (key) => `${api}/project/${key}/components`),
    ),
    ...reads(
      `${api}/project/{projectIdOrKey}/statuses`,
      each(projects, (key) => `${api}/project/${key}/statuses`),
    ),
    ...reads(
      `${api}/version/{id}`,
      each(site.projects, (project) => `${api}/version/${project.versions[0]?.id}`),
    ),
    ...reads(
      `${api}/component/{id}`,
      each(site.projects, (project) => `${api}/component/${project.components[0]?.id}`),
    ),
    ...reads(`${api}/component`, [`${api}/component`, `${api}/component?projectIdsOrKeys=AL&maxResults=2`]),
    ...reads(`${api}/users/search`, [`${api}/users/search`, `${api}/users/search?startAt=10&maxResults=5`]),
    ...reads(`${api}/users`, [`${api}/users?maxResults=3`]),
    ...reads(`${api}/user/search`, [`${api}/user/search?query=user`, `${api}/user/search?accountId=${accounts[1]}`]),
    ...reads(`${api}/user/assignable/search`, [`${api}/user/assignable/search?project=AL`]),
    ...reads(`${api}/user/bulk`, [
      `${api}/user/bulk?${accounts.map((id) => `accountId=${id}`).join("&")}&maxResults=4`,
    ]),
    ...reads(
      `${api}/user`,
      each(accounts, (id) => `${api}/user?accountId=${id}`),
    ),
    ...reads(`${api}/issue/{issueIdOrKey}`, [
      ...each(some, (key) => `${api}/issue/${key}`),
      ...each(some, (key) => `${api}/issue/${key}?expand=changelog&fields=summary,status`),
      ...each(some, (key) => `${api}/issue/${key}?expand=${EXPANSIONS}`),
      ...each(some, (key) => `${api}/issue/${key}?expand=versionedRepresentations`),
    ]),
    ...reads(
      `${api}/issue/{issueIdOrKey}/changelog`,
      each(some, (key) => `${api}/issue/${key}/changelog?maxResults=2`),
    ),
    ...reads(
      `${api}/issue/{issueIdOrKey}/comment`,
      each(some, (key) => `${api}/issue/${key}/comment`),
    ),
    ...reads(
      `${api}/issue/{issueIdOrKey}/worklog`,
      each(some, (key) => `${api}/issue/${key}/worklog`),
    ),
    ...reads(`${api}/search/jql`, [
      ...each(jqls, (jql) => `${api}/search/jql?jql=${encodeURIComponent(jql)}&fields=*all&maxResults=20`),
      ...each(jqls, (jql) => `${api}/search/jql?jql=${encodeURIComponent(jql)}`),
    ]),
    ...posts(
      `${api}/search/jql`,
      jqls.flatMap((jql) => [
        { jql, fields: ["*all"], maxResults: 30, expand: "changelog" },
        { jql, fields: ["*all"], maxResults: 10, expand: EXPANSIONS },
        { jql, fields: ["key"], maxResults: 5000 },
        { jql, fields: ["*navigable", "-comment"], maxResults: 10, reconcileIssues: [10001] },
      ]),
    ),
    ...posts(
      `${api}/search/approximate-count`,
      each(jqls, (jql) => jql).map((jql) => ({ jql })),
    ),
    ...posts(`${api}/issue/bulkfetch`, [
      { issueIdsOrKeys: keys.slice(0, 100), fields: ["*all"] },
      { issueIdsOrKeys: [...some, "AL-99999"], fields: ["summary"], expand: ["changelog"] },
      { issueIdsOrKeys: some, fields: ["*all"], expand: EXPANSIONS.split(",") },
    ]),
    ...posts(`${api}/changelog/bulkfetch`, [
      { issueIdsOrKeys: keys.slice(0, 100) },
      { issueIdsOrKeys: some, fieldIds: ["status"], maxResults: 3 },
    ]),
    ...posts(`${api}/comment/list`, [{ ids: commentIds.slice(0, 20) }]),
    ...posts(`${api}/worklog/list`, [{ ids: worklogIds.slice(0, 50) }]),
    ...reads(`${api}/worklog/updated`, [`${api}/worklog/updated`, `${api}/worklog/updated?since=1700000000000`]),
    ...reads(`${api}/worklog/deleted`, [`${api}/worklog/deleted`]),
    ...reads(`${api}/field`, [`${api}/field`]),
    ...reads(`${api}/field/search`, [`${api}/field/search?maxResults=10`, `${api}/field/search?type=custom`]),
    ...reads(`${api}/status`, [`${api}/status`]),
    ...reads(`${api}/status/{idOrName}`, [`${api}/status/3`]),
    ...reads(`${api}/statuscategory`, [`${api}/statuscategory`]),
    ...reads(`${api}/statuses/search`, [`${api}/statuses/search`, `${api}/statuses/search?statusCategory=DONE`]),
    ...reads(`${api}/issuetype`, [`${api}/issuetype`]),
    ...reads(
      `${api}/issuetype/project`,
      each(site.projects, (project) => `${api}/issuetype/project?projectId=${project.id}`),
    ),
    ...reads(`${api}/priority`, [`${api}/priority`]),
    ...reads(`${api}/priority/search`, [`${api}/priority/search`]),
    ...reads(`${api}/resolution`, [`${api}/resolution`]),
    ...reads(`${api}/resolution/search`, [`${api}/resolution/search`]),
    ...reads(`${api}/issueLinkType`, [`${api}/issueLinkType`]),
    ...reads(`${api}/group/bulk`, [`${api}/group/bulk`]),
    ...reads(`${api}/group/member`, [`${api}/group/member?groupname=jira-software-users`]),
    ...reads(`${api}/filter/search`, [`${api}/filter/search`]),
    ...reads(`${api}/auditing/record`, [`${api}/auditing/record`]),
    ...reads(`${api}/label`, [`${api}/label`]),
    ...posts(`${api}/jql/parse`, [{ queries: ["project = AL", "status = ", "nope = 1", "project = NOPE"] }]),
    ...posts(`${api}/permissions/check`, [
      {
        globalPermissions: ["ADMINISTER"],
        projectPermissions: [{ permissions: ["BROWSE_PROJECTS"], projects: [10000] }],
      },
    ]),
    ...reads(`${agile}/board`, [
      `${agile}/board`,
      `${agile}/board?type=scrum&maxResults=1`,
      `${agile}/board?projectKeyOrId=AL`,
    ]),
    ...reads(
      `${agile}/board/{boardId}`,
      each(boards, ({ id }) => `${agile}/board/${id}`),
    ),
    ...reads(
      `${agile}/board/{boardId}/configuration`,
      each(boards, ({ id }) => `${agile}/board/${id}/configuration`),
    ),
    ...reads(
      `${agile}/board/{boardId}/project`,
      each(boards, ({ id }) => `${agile}/board/${id}/project`),
    ),
    ...reads(
      `${agile}/board/{boardId}/sprint`,
      each(withSprints, (id) => `${agile}/board/${id}/sprint?state=active,closed`),
    ),
    ...reads(
      `${agile}/board/{boardId}/epic`,
      each(boards, ({ id }) => `${agile}/board/${id}/epic?done=false`),
    ),
    ...reads(
      `${agile}/board/{boardId}/version`,
      each(boards, ({ id }) => `${agile}/board/${id}/version`),
    ),
    ...reads(
      `${agile}/board/{boardId}/issue`,
      each(boards, ({ id }) => `${agile}/board/${id}/issue?maxResults=3`),
    ),
    ...reads(
      `${agile}/board/{boardId}/backlog`,
      each(withSprints, (id) => `${agile}/board/${id}/backlog?maxResults=3`),
    ),
    ...reads(
      `${software}/board/{boardId}/issue`,
      each(boards, ({ id }) => `${software}/board/${id}/issue?maxResults=3`),
    ),
    ...reads(
      `${software}/board/{boardId}/backlog`,
      each(withSprints, (id) => `${software}/board/${id}/backlog?maxResults=3`),
    ),
    ...reads(
      `${agile}/sprint/{sprintId}`,
      each(sprints, (id) => `${agile}/sprint/${id}`),
    ),
    ...reads(
      `${agile}/sprint/{sprintId}/issue`,
      each(sprints, (id) => `${agile}/sprint/${id}/issue?maxResults=2`),
    ),
    ...reads(
      `${software}/sprint/{sprintId}/issue`,
      each(sprints, (id) => `${software}/sprint/${id}/issue?maxResults=2`),
    ),
    ...reads(
      `${agile}/epic/{epicIdOrKey}`,
      each(epicKeys, (key) => `${agile}/epic/${key}`),
    ),
  ];
}

/** Requests that Jira refuses, in its own words. */
function listRefusals({ site }: Simulator): CheckRequest[] {
  const kanban = [...site.boards.boards.values()].filter((board) => board.type === "kanban").map(({ id }) => id);
  return [
    ...reads(`${api}/project/{projectIdOrKey}`, [`${api}/project/NOPE`], 404),
    ...reads(`${api}/issue/{issueIdOrKey}`, [`${api}/issue/AL-99999`], 404),
    ...reads(`${api}/user`, [`${api}/user?accountId=nobody`], 404),
    ...reads(`${api}/mypermissions`, [`${api}/mypermissions`, `${api}/mypermissions?permissions=NOPE`], 400),
    ...reads(`${api}/search/jql`, [`${api}/search/jql?jql=`, `${api}/search/jql?jql=nope%20%3D%201`], 400),
    ...posts(
      `${api}/search/jql`,
      [{ jql: "order by key" }, { jql: "project = AL", maxResults: 5001 }, { jql: "a b" }],
      400,
    ),
    ...posts(`${api}/search/approximate-count`, [{ jql: "" }], 400),
    ...posts(`${api}/issue/bulkfetch`, [{ issueIdsOrKeys: [] }], 400),
    ...reads(
      `${agile}/board/{boardId}/sprint`,
      kanban.map((id) => `${agile}/board/${id}/sprint`),
      400,
    ),
    ...reads(`${agile}/board/{boardId}`, [`${agile}/board/999`], 404),
    ...reads(`${agile}/sprint/{sprintId}`, [`${agile}/sprint/9999`], 404),
  ];
}

/** One of each change that Jira Cloud lets a client make. */
function listWrites({ site }: Simulator): CheckRequest[] {
  const keys = [...site.issueKeys()].filter((key) => site.getIssue(key).parent === undefined);
  const [first = "", second = "", third = "", fourth = ""] = keys.filter((key) => key.startsWith("AL-")).slice(-4);
  const project = site.getProject("AL");
  const version = project.versions[0]?.id ?? "";
  const component = project.components[0]?.id ?? "";
  const lead = site.callerUser.accountId;
  const board = [...site.boards.boards.values()].find((one) => one.hasSprints);
  const future = [...site.boards.sprints.values()].find((sprint) => sprint.state === "future");
  const text = {
    type: "doc",
    version: 1,
    content: [{ type: "paragraph", content: [{ type: "text", text: "Größe" }] }],
  };
  const draft = {
    fields: { project: { key: "AL" }, issuetype: { name: "Task" }, summary: "Written", description: text },
  };
  const issue = `${api}/issue/{issueIdOrKey}`;
  const write = (method: string, endpoint: string, path: string, status: number, body?: unknown): CheckRequest => ({
    method,
    endpoint,
    path,
    status,
    ...(body === undefined ? {} : { body }),
  });
  return [
    ...posts(`${api}/issue`, [draft, { fields: { ...draft.fields, labels: ["new"], parent: { key: first } } }], 201),
    ...posts(`${api}/issue`, [{ fields: {} }, {}, { fields: { ...draft.fields, description: "no document" } }], 400),
    ...posts(`${api}/issue/bulk`, [{ issueUpdates: [draft, { fields: {} }] }], 201),
    write("PUT", issue, `${api}/issue/${first}`, 204, { fields: { summary: "Edited" } }),
    write("PUT", issue, `${api}/issue/${first}`, 204, { update: { labels: [{ add: "more" }] } }),
    write("PUT", issue, `${api}/issue/${first}`, 400, { fields: { nope: 1 } }),
    write("PUT", `${issue}/assignee`, `${api}/issue/${first}/assignee`, 204, { accountId: lead }),
    write("GET", `${issue}/transitions`, `${api}/issue/${first}/transitions?expand=transitions.fields`, 200),
    write("POST", `${issue}/transitions`, `${api}/issue/${first}/transitions`, 400, {}),
    write("GET", `${issue}/editmeta`, `${api}/issue/${first}/editmeta`, 200),
    write("GET", `${api}/issue/createmeta/{projectIdOrKey}/issuetypes`, `${api}/issue/createmeta/AL/issuetypes`, 200),
    write(
      "GET",
      `${api}/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}`,
      `${api}/issue/createmeta/AL/issuetypes/10002`,
      200,
    ),
    write("POST", `${issue}/comment`, `${api}/issue/${first}/comment`, 201, { body: text }),
    write("POST", `${issue}/comment`, `${api}/issue/${first}/comment`, 400, { body: "no document" }),
    write("POST", `${issue}/worklog`, `${api}/issue/${first}/worklog`, 201, {
      timeSpent: "1h 30m",
      started: "2026-01-17T12:34:00.000+0000",
      comment: text,
    }),
    ...posts(
      `${api}/issueLink`,
      [{ type: { name: "Blocks" }, inwardIssue: { key: first }, outwardIssue: { key: second } }],
      201,
    ),
    write("GET", `${api}/issueLink/{linkId}`, `${api}/issueLink/10007`, 200),
    write("POST", `${issue}/remotelink`, `${api}/issue/${first}/remotelink`, 201, {
      globalId: "one",
      object: { url: "https://example.com", title: "Example" },
    }),
    write("GET", `${issue}/remotelink`, `${api}/issue/${first}/remotelink`, 200),
    write("PUT", `${issue}/properties/{propertyKey}`, `${api}/issue/${first}/properties/run`, 201, { id: 1 }),
    write("GET", `${issue}/properties/{propertyKey}`, `${api}/issue/${first}/properties/run`, 200),
    write("DELETE", issue, `${api}/issue/${third}?deleteSubtasks=true`, 204),
    ...posts(`${api}/version`, [{ name: "9.9", projectId: Number(project.id) }], 201),
    write("PUT", `${api}/version/{id}`, `${api}/version/${version}`, 200, {
      released: true,
      releaseDate: "2026-06-01",
    }),
    ...posts(`${api}/component`, [{ name: "New", project: "AL", leadAccountId: lead }], 201),
    write("PUT", `${api}/component/{id}`, `${api}/component/${component}`, 200, { description: "Changed" }),
    ...posts(`${agile}/sprint`, [{ name: "Next", originBoardId: board?.id }], 201),
    write("POST", `${agile}/sprint/{sprintId}`, `${agile}/sprint/${future?.id}`, 200, { goal: "More" }),
    write("POST", `${agile}/sprint/{sprintId}/issue`, `${agile}/sprint/${future?.id}/issue`, 204, { issues: [fourth] }),
    ...posts(
      `${api}/project`,
      [{ key: "NEW", name: "New project", leadAccountId: lead, projectTypeKey: "software" }],
      201,
    ),
    ...posts(`${api}/project`, [{ key: "no", name: "" }], 400),
    write("PUT", `${api}/project/{projectIdOrKey}`, `${api}/project/NEW`, 200, { name: "Newer project" }),
    write("POST", `${api}/project/{projectIdOrKey}/archive`, `${api}/project/NEW/archive`, 204),
    write("GET", `${api}/project/search`, `${api}/project/search?status=archived`, 200),
    write("POST", `${api}/project/{projectIdOrKey}/restore`, `${api}/project/NEW/restore`, 200),
    write("DELETE", `${api}/project/{projectIdOrKey}`, `${api}/project/NEW`, 204),
  ];
}
