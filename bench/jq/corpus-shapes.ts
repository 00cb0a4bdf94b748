import { arrayOf, objectOf, plain, type Shape } from "./shapes.ts";

const text = plain("string");
const word = plain("word");
const date = plain("date");
const jiraDate = plain("jiraDate");
const url = plain("url");
const count = plain("integer");
const flag = plain("boolean");

const user = objectOf({
  accountId: word,
  displayName: text,
  emailAddress: plain("email"),
  active: flag,
  timeZone: word,
  self: url,
});
const named = objectOf({ id: plain("digits"), name: word, self: url, description: text });
const project = objectOf({
  key: word,
  id: plain("digits"),
  name: text,
  projectTypeKey: word,
  simplified: flag,
  lead: user,
});
const status = objectOf({
  name: word,
  id: plain("digits"),
  statusCategory: objectOf({ key: word, name: word, colorName: word }),
});
const label = objectOf({ name: word, color: word });
const paragraph = objectOf({ type: word, content: arrayOf(objectOf({ type: word, text })) });

const issue = objectOf({
  key: word,
  id: plain("digits"),
  self: url,
  fields: objectOf({
    summary: text,
    description: objectOf({ type: word, version: count, content: arrayOf(paragraph) }),
    status,
    issuetype: objectOf({ name: word, subtask: flag, hierarchyLevel: count }),
    priority: named,
    project,
    parent: objectOf({ key: word, fields: objectOf({ summary: text, status }) }),
    assignee: user,
    reporter: user,
    creator: user,
    labels: arrayOf(word),
    components: arrayOf(named),
    fixVersions: arrayOf(objectOf({ name: word, released: flag, releaseDate: date })),
    subtasks: arrayOf(objectOf({ key: word, fields: objectOf({ summary: text, status }) })),
    issuelinks: arrayOf(
      objectOf({ type: objectOf({ name: word, inward: text }), outwardIssue: objectOf({ key: word }) }),
    ),
    created: jiraDate,
    updated: jiraDate,
    resolutiondate: jiraDate,
    duedate: date,
    timespent: plain("timestamp"),
    workratio: count,
    customfield_10016: plain("number"),
    customfield_10020: arrayOf(objectOf({ id: count, name: text, state: word, startDate: date, endDate: date })),
    customfield_10100: objectOf({ value: word, id: plain("digits") }),
    watches: objectOf({ watchCount: count, isWatching: flag }),
  }),
});

/** The objects that mappings are written for: what paths there are, and what they lead to. */
export const CORPUS_SHAPES: Readonly<Record<string, Shape>> = {
  issue,
  webhook: objectOf({
    body: objectOf({ webhookEvent: word, timestamp: plain("timestamp"), issue, user }),
    headers: objectOf({ "x-event": word, "user-agent": text }),
  }),
  sprint: objectOf({
    id: count,
    name: text,
    state: word,
    goal: text,
    startDate: date,
    endDate: date,
    completeDate: date,
    originBoardId: count,
    self: url,
  }),
  user: objectOf({
    accountType: word,
    locale: word,
    groups: objectOf({ size: count, items: arrayOf(named) }),
    me: user,
  }),
  repository: objectOf({
    full_name: word,
    html_url: url,
    owner: objectOf({ login: word, type: word }),
    default_branch: word,
    private: flag,
    topics: arrayOf(word),
    open_issues_count: count,
    pushed_at: date,
    license: objectOf({ spdx_id: word, name: text }),
    language: word,
    __teams: arrayOf(objectOf({ slug: word, permission: word })),
  }),
  pullRequest: objectOf({
    number: count,
    title: text,
    state: word,
    draft: flag,
    user: objectOf({ login: word }),
    head: objectOf({ ref: word, sha: word, repo: objectOf({ name: word, full_name: word }) }),
    base: objectOf({ ref: word }),
    labels: arrayOf(label),
    requested_reviewers: arrayOf(objectOf({ login: word, id: count })),
    created_at: date,
    merged_at: date,
    additions: count,
    body: text,
  }),
  workload: objectOf({
    apiVersion: word,
    kind: word,
    metadata: objectOf({
      name: word,
      namespace: word,
      uid: word,
      creationTimestamp: date,
      labels: objectOf({ app: word, "app.kubernetes.io/name": word, team: word }),
      annotations: objectOf({ "deployment.kubernetes.io/revision": plain("digits"), note: text }),
    }),
    spec: objectOf({
      replicas: count,
      selector: objectOf({ matchLabels: objectOf({ app: word }) }),
      template: objectOf({
        spec: objectOf({
          containers: arrayOf(
            objectOf({
              name: word,
              image: url,
              ports: arrayOf(objectOf({ containerPort: count, protocol: word })),
              resources: objectOf({ limits: objectOf({ cpu: plain("digits"), memory: word }) }),
            }),
          ),
        }),
      }),
    }),
    status: objectOf({
      readyReplicas: count,
      availableReplicas: count,
      conditions: arrayOf(objectOf({ type: word, status: word, lastUpdateTime: date })),
    }),
  }),
  incident: objectOf({
    id: word,
    incident_number: count,
    title: text,
    status: word,
    urgency: word,
    created_at: date,
    service: objectOf({ id: word, summary: text, html_url: url }),
    assignments: arrayOf(objectOf({ at: date, assignee: objectOf({ summary: text, id: word }) })),
    priority: objectOf({ summary: word, color: word }),
    teams: arrayOf(named),
    __analytics: objectOf({ mean_seconds_to_resolve: plain("number"), total: count }),
  }),
};
