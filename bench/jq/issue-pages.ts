import { Random } from "./random.ts";

const SITE = "https://quayside-bench.example";
const PAGE_SIZE = 100;

const WORDS = [
  "service", "deploy", "Fehler", "größer", "timeout", "login", "página", "cluster", "retry", "データ", "故障", "user", "queue", "rollback", "naïve", "billing", "latency", "пример", "cache", "🚀",
] as const; // prettier-ignore
const STATUSES = ["To Do", "In Progress", "In Review", "Done"] as const;
const TYPES = ["Task", "Bug", "Story", "Epic", "子任务"] as const;
const LABELS = ["backend", "frontend", "infra", "größe", "customer", "q3"] as const;

/** Pages of issues as JSON text, as Jira's search answers them: about 8 KB each, mostly null fields, users and URLs. */
export function makeIssuePages(seed: number, pages: number): readonly string[] {
  const random = new Random(seed);
  const users = random.list(50, (index) => makeUser(random, index));
  return random.list(pages, (page) =>
    JSON.stringify({
      startAt: page * PAGE_SIZE,
      maxResults: PAGE_SIZE,
      issues: random.list(PAGE_SIZE, (index) => makeIssue(random, page * PAGE_SIZE + index + 1, users)),
    }),
  );
}

type User = ReturnType<typeof makeUser>;

function makeIssue(random: Random, id: number, users: readonly User[]) {
  const assignee = random.chance(0.8) ? random.pick(users) : null;
  const created = random.integer(1.6e9, 1.75e9);
  const isDone = random.chance(0.4);
  const subtasks = random.list(random.chance(0.3) ? random.integer(1, 4) : 0, (index) =>
    makeReference(random, id + index),
  );
  return {
    expand: "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
    id: String(10_000 + id),
    self: `${SITE}/rest/api/3/issue/${10_000 + id}`,
    key: `QUAY-${id}`,
    fields: {
      statuscategorychangedate: toJiraDate(created + 5000),
      issuetype: makeType(random),
      ...(random.chance(0.4) ? { parent: makeReference(random, random.integer(1, id)) } : {}),
      timespent: random.chance(0.3) ? random.integer(1, 200) * 900 : null,
      project: makeProject(),
      fixVersions: random.list(random.integer(0, 1), (index) => ({
        self: `${SITE}/rest/api/3/version/${index}`,
        id: String(index),
        name: `1.${index}`,
        archived: false,
        released: true,
      })),
      aggregatetimespent: null,
      resolution: isDone
        ? { self: `${SITE}/rest/api/3/resolution/10000`, id: "10000", description: "Work is complete.", name: "Done" }
        : null,
      resolutiondate: isDone ? toJiraDate(created + 900_000) : null,
      workratio: -1,
      watches: {
        self: `${SITE}/rest/api/3/issue/QUAY-${id}/watchers`,
        watchCount: random.integer(0, 9),
        isWatching: false,
      },
      lastViewed: null,
      created: toJiraDate(created),
      priority: {
        self: `${SITE}/rest/api/3/priority/3`,
        iconUrl: `${SITE}/images/icons/priorities/medium.svg`,
        name: "Medium",
        id: String(random.integer(1, 5)),
      },
      labels: random.some(LABELS, 0, 3),
      ...Object.fromEntries(random.list(40, (index) => [`customfield_${10_030 + index}`, null])),
      customfield_10016: random.chance(0.5) ? random.integer(1, 13) : null,
      customfield_10019: `0|i${id.toString(36).padStart(6, "0")}:`,
      timeestimate: null,
      aggregatetimeoriginalestimate: null,
      versions: [],
      issuelinks: [],
      assignee,
      updated: toJiraDate(created + random.integer(1, 900_000)),
      status: makeStatus(random),
      components: random.list(random.integer(0, 2), (index) => ({
        self: `${SITE}/rest/api/3/component/${index}`,
        id: String(index),
        name: random.pick(LABELS),
      })),
      timeoriginalestimate: null,
      description: makeText(random),
      security: null,
      aggregatetimeestimate: null,
      summary: makeSentence(random, 8),
      creator: random.pick(users),
      subtasks,
      reporter: random.pick(users),
      aggregateprogress: { progress: 0, total: 0 },
      environment: null,
      duedate: random.chance(0.2) ? toJiraDate(created).slice(0, 10) : null,
      progress: { progress: 0, total: 0 },
      votes: { self: `${SITE}/rest/api/3/issue/QUAY-${id}/votes`, votes: random.integer(0, 3), hasVoted: false },
    },
  };
}

function makeUser(random: Random, index: number) {
  const accountId = `712020:${index.toString(16).padStart(8, "0")}-aaaa-bbbb-cccc-0123456789ab`;
  const avatar = `https://avatars.quayside-bench.example/initials/${index}-6.png?d=https%3A%2F%2Favatars.quayside-bench.example%2Fdefault`;
  return {
    self: `${SITE}/rest/api/3/user?accountId=${encodeURIComponent(accountId)}`,
    accountId,
    ...(random.chance(0.3) ? { emailAddress: `person${index}@quayside-bench.example` } : {}),
    avatarUrls: { "48x48": avatar, "24x24": avatar, "16x16": avatar, "32x32": avatar },
    displayName: `${random.pick(["Zoë", "Jörg", "Ana", "花子"])} ${index}`,
    active: random.chance(0.9),
    timeZone: "Europe/Berlin",
    accountType: "atlassian",
  };
}

function makeReference(random: Random, id: number) {
  return {
    id: String(10_000 + id),
    key: `QUAY-${id}`,
    self: `${SITE}/rest/api/3/issue/${10_000 + id}`,
    fields: { summary: makeSentence(random, 5), status: makeStatus(random), issuetype: makeType(random) },
  };
}

function makeStatus(random: Random) {
  const name = random.pick(STATUSES);
  const category = {
    self: `${SITE}/rest/api/3/statuscategory/4`,
    id: 4,
    key: "indeterminate",
    colorName: "yellow",
    name: "In Progress",
  };
  return {
    self: `${SITE}/rest/api/3/status/10001`,
    description: "",
    iconUrl: `${SITE}/`,
    name,
    id: "10001",
    statusCategory: category,
  };
}

function makeType(random: Random) {
  const name = random.pick(TYPES);
  return {
    self: `${SITE}/rest/api/3/issuetype/10001`,
    id: "10001",
    description: "Tasks track small, distinct pieces of work.",
    iconUrl: `${SITE}/universal_avatar/10318?size=medium`,
    name,
    subtask: name === "子任务",
    avatarId: 10_318,
    hierarchyLevel: 0,
  };
}

function makeProject() {
  const avatar = `${SITE}/rest/api/3/universal_avatar/view/type/project/avatar/10423`;
  return {
    self: `${SITE}/rest/api/3/project/10084`,
    id: "10084",
    key: "QUAY",
    name: "Quayside",
    projectTypeKey: "software",
    simplified: true,
    avatarUrls: {
      "48x48": avatar,
      "24x24": `${avatar}?size=small`,
      "16x16": `${avatar}?size=xsmall`,
      "32x32": `${avatar}?size=medium`,
    },
  };
}

function makeText(random: Random) {
  const paragraph = () => ({
    type: "paragraph",
    content: [
      { type: "text", text: makeSentence(random, 30) },
      { type: "text", text: makeSentence(random, 4), marks: [{ type: "strong" }] },
    ],
  });
  return { type: "doc", version: 1, content: random.list(random.integer(1, 4), paragraph) };
}

function makeSentence(random: Random, words: number): string {
  return random.list(words, () => random.pick(WORDS)).join(" ");
}

function toJiraDate(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, -1)}+0200`;
}
