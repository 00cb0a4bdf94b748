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
  return [...listReads(simulator), ...listRefusals(simulator)];
}

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
  const some = keys.filter((_, place) => place % 40 === 3);
  const projects = site.projectKeys();
  const accounts = site.people.slice(0, 6).map((user) => encodeURIComponent(user.accountId));
  const boards = [...site.boards.boards.values()];
  const withSprints = boards.filter((board) => board.hasSprints).map(({ id }) => id);
  const sprints = [...site.boards.sprints.keys()].slice(0, 8);
  const worklogIds = [...site.liveIssues()].flatMap((issue) => site.worklogs.list(issue.n).map(({ id }) => Number(id)));
  const commentIds = [...site.liveIssues()].flatMap((issue) => site.comments.list(issue.n).map(({ id }) => Number(id)));
  const epics = [...site.liveIssues()].filter((issue) => site.workflows.types[issue.typeIndex]?.hierarchyLevel === 1);
  const epicKeys = epics.slice(0, 4).map((epic) => site.issues.keyOf(epic));
  const jqls = ["project is not EMPTY", "statusCategory != Done ORDER BY updated DESC", "issuetype = Epic", "created >= -52w"];
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
    ...reads(`${api}/project/{projectIdOrKey}`, each(projects, (key) => `${api}/project/${key}`)),
    ...reads(`${api}/project/{projectIdOrKey}/version`, each(projects, (key) => `${api}/project/${key}/version?maxResults=3`)),
    ...reads(`${api}/project/{projectIdOrKey}/versions`, each(projects, (key) => `${api}/project/${key}/versions`)),
    ...reads(`${api}/project/{projectIdOrKey}/component`, each(projects, (key) => `${api}/project/${key}/component`)),
    ...reads(`${api}/project/{projectIdOrKey}/components`, each(projects, (key) => `${api}/project/${key}/components`)),
    ...reads(`${api}/project/{projectIdOrKey}/statuses`, each(projects, (key) => `${api}/project/${key}/statuses`)),
    ...reads(`${api}/version/{id}`, each(site.projects, (project) => `${api}/version/${project.versions[0]?.id}`)),
    ...reads(`${api}/component/{id}`, each(site.projects, (project) => `${api}/component/${project.components[0]?.id}`)),
    ...reads(`${api}/component`, [`${api}/component`, `${api}/component?projectIdsOrKeys=AL&maxResults=2`]),
    ...reads(`${api}/users/search`, [`${api}/users/search`, `${api}/users/search?startAt=10&maxResults=5`]),
    ...reads(`${api}/users`, [`${api}/users?maxResults=3`]),
    ...reads(`${api}/user/search`, [`${api}/user/search?query=user`, `${api}/user/search?accountId=${accounts[1]}`]),
    ...reads(`${api}/user/assignable/search`, [`${api}/user/assignable/search?project=AL`]),
    ...reads(`${api}/user/bulk`, [`${api}/user/bulk?${accounts.map((id) => `accountId=${id}`).join("&")}&maxResults=4`]),
    ...reads(`${api}/user`, each(accounts, (id) => `${api}/user?accountId=${id}`)),
    ...reads(`${api}/issue/{issueIdOrKey}`, [
      ...each(some, (key) => `${api}/issue/${key}`),
      ...each(some, (key) => `${api}/issue/${key}?expand=changelog&fields=summary,status`),
    ]),
    ...reads(`${api}/issue/{issueIdOrKey}/changelog`, each(some, (key) => `${api}/issue/${key}/changelog?maxResults=2`)),
    ...reads(`${api}/issue/{issueIdOrKey}/comment`, each(some, (key) => `${api}/issue/${key}/comment`)),
    ...reads(`${api}/issue/{issueIdOrKey}/worklog`, each(some, (key) => `${api}/issue/${key}/worklog`)),
    ...reads(`${api}/search/jql`, [
      ...each(jqls, (jql) => `${api}/search/jql?jql=${encodeURIComponent(jql)}&fields=*all&maxResults=20`),
      ...each(jqls, (jql) => `${api}/search/jql?jql=${encodeURIComponent(jql)}`),
    ]),
    ...posts(
      `${api}/search/jql`,
      jqls.flatMap((jql) => [
        { jql, fields: ["*all"], maxResults: 30, expand: "changelog" },
        { jql, fields: ["key"], maxResults: 5000 },
        { jql, fields: ["*navigable", "-comment"], maxResults: 10, reconcileIssues: [10001] },
      ]),
    ),
    ...posts(`${api}/search/approximate-count`, each(jqls, (jql) => jql).map((jql) => ({ jql }))),
    ...posts(`${api}/issue/bulkfetch`, [
      { issueIdsOrKeys: keys.slice(0, 100), fields: ["*all"] },
      { issueIdsOrKeys: [...some, "AL-99999"], fields: ["summary"], expand: ["changelog"] },
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
    ...reads(`${api}/issuetype/project`, each(site.projects, (project) => `${api}/issuetype/project?projectId=${project.id}`)),
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
      { globalPermissions: ["ADMINISTER"], projectPermissions: [{ permissions: ["BROWSE_PROJECTS"], projects: [10000] }] },
    ]),
    ...reads(`${agile}/board`, [`${agile}/board`, `${agile}/board?type=scrum&maxResults=1`, `${agile}/board?projectKeyOrId=AL`]),
    ...reads(`${agile}/board/{boardId}`, each(boards, ({ id }) => `${agile}/board/${id}`)),
    ...reads(`${agile}/board/{boardId}/configuration`, each(boards, ({ id }) => `${agile}/board/${id}/configuration`)),
    ...reads(`${agile}/board/{boardId}/project`, each(boards, ({ id }) => `${agile}/board/${id}/project`)),
    ...reads(`${agile}/board/{boardId}/sprint`, each(withSprints, (id) => `${agile}/board/${id}/sprint?state=active,closed`)),
    ...reads(`${agile}/board/{boardId}/epic`, each(boards, ({ id }) => `${agile}/board/${id}/epic?done=false`)),
    ...reads(`${agile}/board/{boardId}/version`, each(boards, ({ id }) => `${agile}/board/${id}/version`)),
    ...reads(`${agile}/board/{boardId}/issue`, each(boards, ({ id }) => `${agile}/board/${id}/issue?maxResults=3`)),
    ...reads(`${agile}/board/{boardId}/backlog`, each(withSprints, (id) => `${agile}/board/${id}/backlog?maxResults=3`)),
    ...reads(`${software}/board/{boardId}/issue`, each(boards, ({ id }) => `${software}/board/${id}/issue?maxResults=3`)),
    ...reads(`${software}/board/{boardId}/backlog`, each(withSprints, (id) => `${software}/board/${id}/backlog?maxResults=3`)),
    ...reads(`${agile}/sprint/{sprintId}`, each(sprints, (id) => `${agile}/sprint/${id}`)),
    ...reads(`${agile}/sprint/{sprintId}/issue`, each(sprints, (id) => `${agile}/sprint/${id}/issue?maxResults=2`)),
    ...reads(`${software}/sprint/{sprintId}/issue`, each(sprints, (id) => `${software}/sprint/${id}/issue?maxResults=2`)),
    ...reads(`${agile}/epic/{epicIdOrKey}`, each(epicKeys, (key) => `${agile}/epic/${key}`)),
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
    ...posts(`${api}/search/jql`, [{ jql: "order by key" }, { jql: "project = AL", maxResults: 5001 }, { jql: "a b" }], 400),
    ...posts(`${api}/search/approximate-count`, [{ jql: "" }], 400),
    ...posts(`${api}/issue/bulkfetch`, [{ issueIdsOrKeys: [] }], 400),
    ...reads(`${agile}/board/{boardId}/sprint`, kanban.map((id) => `${agile}/board/${id}/sprint`), 400),
    ...reads(`${agile}/board/{boardId}`, [`${agile}/board/999`], 404),
    ...reads(`${agile}/sprint/{sprintId}`, [`${agile}/sprint/9999`], 404),
  ];
}
