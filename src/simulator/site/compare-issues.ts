import { toWiki } from "./document.ts";
import { toIssueId, type Issue } from "./issue.ts";
import type { SiteTables } from "./site-tables.ts";
import { priorities, resolutions } from "./workflow.ts";

/** One changed field of an issue, by ids where it has any, and in words. */
export interface HistoryItem {
  readonly field: string;
  readonly fieldtype: "jira" | "custom";
  /** Jira leaves it out for links and for what no field stands for. */
  readonly fieldId?: string;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
  /** Undocumented; beside the accounts of a user field. */
  readonly tmpFromAccountId?: string | null;
  readonly tmpToAccountId?: string | null;
}

type Named = readonly [id: string | null, name: string | null];

interface Field {
  /** As the changelog calls it, which is not always its name. */
  readonly name: string;
  readonly id: string | undefined;
  readonly isCustom?: true;
  readonly isUser?: true;
  readonly read: (issue: Issue, site: SiteTables) => Named;
}

const nothing: Named = [null, null];

const fields: readonly Field[] = [
  { name: "summary", id: "summary", read: ({ summary }) => [null, summary] },
  { name: "description", id: "description", read: ({ description }, site) => [null, toWiki(description, site.prose)] },
  { name: "status", id: "status", read: ({ statusIndex }, site) => toNamed(site.workflows.statuses[statusIndex]) },
  {
    name: "resolution",
    id: "resolution",
    read: ({ resolutionIndex: index }) => (index === undefined ? nothing : toNamed(resolutions[index])),
  },
  { name: "priority", id: "priority", read: ({ priorityIndex }) => toNamed(priorities[priorityIndex]) },
  {
    name: "assignee",
    id: "assignee",
    isUser: true,
    read: ({ assigneeIndex: index }, site) => {
      const user = index === undefined ? undefined : site.people[index];
      return user === undefined ? nothing : [user.accountId, user.displayName];
    },
  },
  { name: "labels", id: "labels", read: ({ labels }) => [null, labels.join(" ")] },
  {
    name: "Fix Version",
    id: "fixVersions",
    read: ({ fixVersionIds, projectIndex }, site) => toList(fixVersionIds, site.projects[projectIndex]?.versions ?? []),
  },
  {
    name: "Component",
    id: "components",
    read: ({ componentIds, projectIndex }, site) => toList(componentIds, site.projects[projectIndex]?.components ?? []),
  },
  {
    name: "Sprint",
    id: "customfield_10020",
    isCustom: true,
    read: ({ sprintIds }, site) => [
      sprintIds.join(", "),
      sprintIds.map((id) => site.boards.sprints.get(id)?.name ?? id).join(", "),
    ],
  },
  {
    name: "Story Points",
    id: "customfield_10028",
    isCustom: true,
    read: ({ storyPoints }) => [null, storyPoints === undefined ? null : String(storyPoints)],
  },
  { name: "duedate", id: "duedate", read: ({ dueDate = null }) => [dueDate, dueDate] },
  {
    name: "IssueParentAssociation",
    id: undefined,
    read: ({ parent: n }, site) => {
      const parent = n === undefined ? undefined : site.issues.find(n);
      return parent === undefined ? nothing : [toIssueId(parent.n), site.issues.keyOf(parent)];
    },
  },
  { name: "project", id: "project", read: ({ projectIndex }, site) => toNamed(site.projects[projectIndex]) },
  { name: "Key", id: undefined, read: (issue, site) => [null, site.issues.keyOf(issue)] },
];

/** What the changelog says of an edit. */
export function compareIssues(before: Issue, after: Issue, site: SiteTables): HistoryItem[] {
  return fields.flatMap((field) => {
    const [from, to] = [field.read(before, site), field.read(after, site)];
    return from[0] === to[0] && from[1] === to[1] ? [] : [toItem(field, from, to)];
  });
}

/** An item for one field, whatever its values are now. */
export function toHistoryItem(name: string, from: Issue | undefined, to: Issue, site: SiteTables): HistoryItem[] {
  return fields
    .filter((field) => field.name === name)
    .map((field) => toItem(field, from === undefined ? nothing : field.read(from, site), field.read(to, site)));
}

function toItem({ name, id, isCustom, isUser }: Field, [from, fromString]: Named, [to, toString]: Named): HistoryItem {
  return {
    field: name,
    fieldtype: isCustom === true ? "custom" : "jira",
    ...(id === undefined ? {} : { fieldId: id }),
    from,
    fromString,
    to,
    toString,
    ...(isUser === true ? { tmpFromAccountId: from, tmpToAccountId: to } : {}),
  };
}

function toNamed(thing: { readonly id: string; readonly name: string } | undefined): Named {
  return thing === undefined ? nothing : [thing.id, thing.name];
}

function toList(ids: readonly string[], things: readonly { readonly id: string; readonly name: string }[]): Named {
  if (ids.length === 0) return nothing;
  return [ids.join(", "), ids.map((id) => things.find((thing) => thing.id === id)?.name ?? id).join(", ")];
}
