import {
  EMPTY,
  type JqlChange,
  type JqlFieldValue,
  type JqlItem,
  type JqlNamedItem,
  type JqlSubject,
  type JqlUserItem,
} from "../../jql/jql-value.ts";
import { toUserName } from "../site/people.ts";
import { toWiki } from "../site/document.ts";
import { toIssueId, type Issue } from "../site/issue.ts";
import type { Site } from "../site/site.ts";
import { priorities, resolutions, statusCategories } from "../site/workflow.ts";
import { listFields } from "../wire/field-bodies.ts";

type Reader = (issue: Issue, subject: IssueSubject) => JqlFieldValue;

const dayMs = 86_400_000;

/**
 * An issue as JQL looks at it. One subject is pointed at one issue after the other, so that a search over many makes
 * no object for each.
 */
export class IssueSubject implements JqlSubject {
  readonly site: Site;
  issue: Issue | undefined;
  /** Names of people, statuses and so on by sort and place, made once. */
  readonly #named = new Map<string, JqlItem[]>();

  readonly #readers: ReadonlyMap<string, Reader>;

  constructor(site: Site) {
    this.site = site;
    this.#readers = new Map([...Object.entries(readers), ...listNamedReaders(site)]);
  }

  read(field: string): JqlFieldValue | undefined {
    const reader = this.#readers.get(field);
    return reader === undefined || this.issue === undefined ? undefined : reader(this.issue, this);
  }

  history(field: string): readonly JqlChange[] | undefined {
    if (this.issue === undefined || !["status", "assignee", "priority", "resolution"].includes(field)) return undefined;
    const toValue = (id: string | null, name: string | null): JqlFieldValue => {
      if (id === null || name === null) return EMPTY;
      return field === "assignee" ? { type: "user", accountId: id, displayName: name } : { type: "named", id, name };
    };
    return this.site.history.list(this.issue).flatMap((entry) =>
      entry.items
        .filter((item) => item.field === field)
        .map((item) => ({
          atMs: entry.createdMs,
          author: this.#userItem(entry.authorIndex),
          from: toValue(item.from, item.fromString),
          to: toValue(item.to, item.toString),
        })),
    );
  }

  user(index: number | undefined): JqlFieldValue {
    return index === undefined ? EMPTY : this.named("user", index, () => this.#userItem(index));
  }

  named(sort: string, index: number, make: () => JqlItem): JqlItem {
    let list = this.#named.get(sort);
    if (list === undefined) this.#named.set(sort, (list = []));
    return (list[index] ??= make());
  }

  issueItem(n: number | undefined): JqlFieldValue {
    const issue = n === undefined ? undefined : this.site.issues.find(n);
    if (issue === undefined) return EMPTY;
    return {
      type: "issue",
      id: toIssueId(issue.n),
      key: this.site.issues.keyOf(issue),
      formerKeys: this.site.issues.formerKeysOf(issue.n),
    };
  }

  #userItem(index: number): JqlUserItem {
    const user = this.site.people[index];
    if (user === undefined) return { type: "user" };
    const { accountId, displayName, emailAddress } = user;
    const isServer = this.site.options.deployment === "server";
    return { type: "user", displayName, emailAddress, ...(isServer ? { username: toUserName(user) } : { accountId }) };
  }
}

function toNamed(
  thing: { readonly id: string; readonly name: string; readonly key?: string } | undefined,
): JqlNamedItem {
  return { type: "named", id: thing?.id, name: thing?.name, key: thing?.key };
}

function toList<T>(things: readonly T[], toItem: (thing: T) => JqlItem): JqlFieldValue {
  return things.length === 0 ? EMPTY : { type: "list", items: things.map(toItem) };
}

function toDate(epochMs: number | undefined): JqlFieldValue {
  return epochMs === undefined ? EMPTY : { type: "date", epochMs };
}

function toNumber(value: number | undefined): JqlFieldValue {
  return value === undefined ? EMPTY : { type: "number", value };
}

function toText(text: string): JqlFieldValue {
  return text === "" ? EMPTY : { type: "text", text };
}

const empty: Reader = () => EMPTY;

const sprint: Reader = (issue, { site }) =>
  toList(issue.sprintIds, (id) => {
    const sprint = site.boards.sprints.get(id);
    return { type: "named", id: String(id), name: sprint?.name, traits: sprint === undefined ? [] : [sprint.state] };
  });

const description: Reader = (issue, { site }) => toText(toWiki(issue.description, site.prose) ?? "");

const comments: Reader = (issue, { site }) =>
  toText(
    site.comments
      .list(issue.n)
      .map((comment) => toWiki(comment.body, site.prose))
      .join("\n"),
  );

const everyText: Reader = (issue, subject) => {
  const texts = [description(issue, subject), comments(issue, subject)];
  return toText([issue.summary, ...texts.flatMap((value) => (value.type === "text" ? [value.text] : []))].join("\n"));
};

const epic: Reader = (issue, subject) => {
  const { site } = subject;
  const isSubtask = site.workflows.types[issue.typeIndex]?.hierarchyLevel === -1;
  return isSubtask ? EMPTY : subject.issueItem(issue.parent);
};

const points =
  (style: "classic" | "next-gen"): Reader =>
  (issue, { site }) =>
    site.projects[issue.projectIndex]?.style === style ? toNumber(issue.storyPoints) : EMPTY;

/** Custom fields by the names that they have now. */
function listNamedReaders(site: Site): (readonly [string, Reader])[] {
  return listFields(site).flatMap(({ id, name }) => {
    const reader = readers[id.replace(/^customfield_(\d+)$/, "cf[$1]")];
    return reader === undefined || readers[name.toLowerCase()] !== undefined ? [] : [[name.toLowerCase(), reader]];
  });
}

const readers: Readonly<Record<string, Reader>> = {
  affectedversion: empty,
  assignee: (issue, subject) => subject.user(issue.assigneeIndex),
  attachments: empty,
  category: empty,
  comment: comments,
  component: (issue, { site }) =>
    toList(issue.componentIds, (id) =>
      toNamed(site.projects[issue.projectIndex]?.components.find((component) => component.id === id)),
    ),
  created: (issue) => toDate(issue.createdMs),
  creator: (issue, subject) => subject.user(issue.creatorIndex),
  description,
  due: (issue) => (issue.dueDate === undefined ? EMPTY : { type: "day", day: Date.parse(issue.dueDate) / dayMs }),
  environment: empty,
  epiclink: epic,
  fixversion: (issue, { site }) =>
    toList(issue.fixVersionIds, (id) => {
      const version = site.projects[issue.projectIndex]?.versions.find((one) => one.id === id);
      return { ...toNamed(version), traits: [version?.isReleased === true ? "released" : "unreleased"] };
    }),
  hierarchylevel: (issue, { site }) => toNumber(site.workflows.types[issue.typeIndex]?.hierarchyLevel),
  issuekey: (issue, subject) => subject.issueItem(issue.n),
  issuelink: (issue, subject) => {
    const { site } = subject;
    const others = site.links.list(issue.n).map((link) => (link.source === issue.n ? link.destination : link.source));
    return toList(others, (n) => {
      const other = site.issues.find(n);
      return { type: "issue", id: toIssueId(n), key: other && site.issues.keyOf(other) };
    });
  },
  issuetype: (issue, subject) =>
    subject.named("issuetype", issue.typeIndex, () => {
      const type = subject.site.workflows.types[issue.typeIndex];
      return { ...toNamed(type), traits: [type?.hierarchyLevel === -1 ? "subtask" : "standard"] };
    }),
  labels: (issue) => toList(issue.labels, (text) => ({ type: "label", text })),
  lastviewed: empty,
  level: empty,
  originalestimate: empty,
  parent: (issue, subject) => subject.issueItem(issue.parent),
  priority: (issue, subject) =>
    subject.named("priority", issue.priorityIndex, () => toNamed(priorities[issue.priorityIndex])),
  project: (issue, subject) =>
    subject.named("project", issue.projectIndex, () => toNamed(subject.site.projects[issue.projectIndex])),
  projecttype: () => ({ type: "named", id: "software", name: "software" }),
  remainingestimate: empty,
  reporter: (issue, subject) => subject.user(issue.reporterIndex),
  resolution: ({ resolutionIndex: index }, subject) =>
    index === undefined ? EMPTY : subject.named("resolution", index, () => toNamed(resolutions[index])),
  resolved: (issue) => toDate(issue.resolvedMs),
  sprint,
  status: (issue, subject) =>
    subject.named("status", issue.statusIndex, () => toNamed(subject.site.workflows.statuses[issue.statusIndex])),
  statuscategory: (issue, subject) =>
    subject.named("statuscategory", issue.statusIndex, () => {
      const category = subject.site.workflows.statuses[issue.statusIndex]?.category ?? "new";
      const { id, key, name } = statusCategories[category];
      return { type: "named", id: String(id), key, name };
    }),
  statuscategorychangeddate: (issue) => toDate(issue.statusChangedMs),
  summary: (issue) => toText(issue.summary),
  text: everyText,
  textfields: everyText,
  timespent: (issue, { site }) =>
    toNumber(site.worklogs.list(issue.n).reduce((sum, worklog) => sum + worklog.timeSpentSeconds, 0)),
  updated: (issue) => toDate(issue.updatedMs),
  voter: empty,
  votes: (issue) => toNumber(issue.voteCount),
  watcher: empty,
  watchers: (issue) => toNumber(issue.watchCount),
  workratio: () => toNumber(-1),
  worklogauthor: (issue, subject) => {
    const authors = subject.site.worklogs.list(issue.n).map((worklog) => worklog.authorIndex);
    return toList(authors, (index) => subject.user(index) as JqlUserItem);
  },
  worklogdate: (issue, { site }) =>
    toList(site.worklogs.list(issue.n), (worklog) => ({ type: "date", epochMs: worklog.startedMs })),
  "cf[10014]": epic,
  "cf[10016]": points("next-gen"),
  "cf[10020]": sprint,
  "cf[10028]": points("classic"),
  "cf[10015]": empty,
  "cf[10021]": empty,
};
