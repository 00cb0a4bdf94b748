import { toIssueId, type Issue } from "../site/issue.ts";
import { toDuration } from "./duration.ts";
import { renderComment, renderWorklog } from "./remark-bodies.ts";
import type { IssueRenderer } from "./issue-renderer.ts";
import { customFields } from "./custom-fields.ts";
import type { IssueField, Render } from "./issue-field.ts";
import { isSubtask, toList } from "./issue-field.ts";
import { toTextBytes } from "./utf8-bytes.ts";

/** Comments and worklogs inside an issue are cut; the rest is at their own resource. */
const remarksInside = 20;

function toDate(ms: (issue: Issue) => number | undefined): Render {
  return (issue, { wire }) => {
    const value = ms(issue);
    return value === undefined ? "null" : `"${wire.date(value)}"`;
  };
}

function toUser(index: (issue: Issue) => number | undefined): Render {
  return (issue, { fragments }) => {
    const value = index(issue);
    return value === undefined ? "null" : fragments.user(value);
  };
}

/** Seconds of all worklogs. */
function toSpent(issue: Issue, { wire }: IssueRenderer): number {
  let seconds = 0;
  for (const worklog of wire.site.worklogs.list(issue.n)) seconds += worklog.timeSpentSeconds;
  return seconds;
}

const spent: Render = (issue, renderer) => String(toSpent(issue, renderer) || "null");
const progress: Render = (issue, renderer) => {
  const seconds = toSpent(issue, renderer);
  return `{"progress":${seconds},"total":${seconds}${seconds === 0 ? "" : ',"percent":100'}}`;
};

const systemFields: readonly IssueField[] = [
  {
    id: "statuscategorychangedate",
    name: "Status Category Changed",
    type: "datetime",
    value: toDate((issue) => issue.statusChangedMs),
  },
  {
    id: "issuetype",
    name: "Issue Type",
    type: "issuetype",
    value: (issue, { fragments }) => fragments.issueType(issue.typeIndex),
  },
  {
    id: "parent",
    name: "Parent",
    type: "issuelink",
    isOptional: true,
    value: (issue, renderer) => {
      const parent = issue.parent === undefined ? undefined : renderer.wire.site.issues.find(issue.parent);
      if (parent === undefined || (renderer.wire.isServer && !isSubtask(issue, renderer))) return "";
      return renderer.renderReference(parent);
    },
  },
  {
    id: "components",
    name: "Components",
    type: "array",
    items: "component",
    value: (issue, { fragments }) => toList(issue.componentIds, (id) => fragments.component(id)),
  },
  { id: "timespent", name: "Time Spent", type: "number", value: spent },
  { id: "timeoriginalestimate", name: "Original estimate", type: "number", value: "null" },
  {
    id: "project",
    name: "Project",
    type: "project",
    value: (issue, { fragments }) => fragments.project(issue.projectIndex),
  },
  {
    id: "description",
    name: "Description",
    type: "string",
    value: (issue, { fragments }) => fragments.description(issue.description),
  },
  {
    id: "fixVersions",
    name: "Fix versions",
    type: "array",
    items: "version",
    value: (issue, { fragments }) => toList(issue.fixVersionIds, (id) => fragments.version(id)),
  },
  { id: "aggregatetimespent", name: "Σ Time Spent", type: "number", value: spent },
  {
    id: "statusCategory",
    name: "Status Category",
    type: "statusCategory",
    only: "cloud",
    value: (issue, { wire, fragments }) =>
      fragments.statusCategory(wire.site.workflows.statuses[issue.statusIndex]?.category ?? "new"),
  },
  {
    id: "resolution",
    name: "Resolution",
    type: "resolution",
    value: ({ resolutionIndex }, { fragments }) =>
      resolutionIndex === undefined ? "null" : fragments.resolution(resolutionIndex),
  },
  {
    id: "timetracking",
    name: "Time tracking",
    type: "timetracking",
    isNavigable: false,
    value: (issue, renderer) => {
      const seconds = toSpent(issue, renderer);
      return seconds === 0 ? "{}" : `{"timeSpent":"${toDuration(seconds)}","timeSpentSeconds":${seconds}}`;
    },
  },
  { id: "security", name: "Security Level", type: "securitylevel", value: "null" },
  { id: "attachment", name: "Attachment", type: "array", items: "attachment", isNavigable: false, value: "[]" },
  { id: "aggregatetimeestimate", name: "Σ Remaining Estimate", type: "number", value: "null" },
  { id: "resolutiondate", name: "Resolved", type: "datetime", value: toDate((issue) => issue.resolvedMs) },
  { id: "workratio", name: "Work Ratio", type: "number", value: "-1" },
  { id: "summary", name: "Summary", type: "string", value: (issue) => toTextBytes(issue.summary) },
  {
    id: "issuerestriction",
    name: "Restrict to",
    type: "issuerestriction",
    only: "cloud",
    value: '{"issuerestrictions":{},"shouldDisplay":true}',
  },
  {
    id: "watches",
    name: "Watchers",
    type: "watches",
    value: (issue, renderer) =>
      `{"self":"${toUrl(issue, renderer)}/watchers","watchCount":${issue.watchCount},"isWatching":false}`,
  },
  { id: "lastViewed", name: "Last Viewed", type: "datetime", value: "null" },
  { id: "creator", name: "Creator", type: "user", value: toUser((issue) => issue.creatorIndex) },
  {
    id: "subtasks",
    name: "Sub-tasks",
    type: "array",
    items: "issuelinks",
    value: (issue, renderer) =>
      toList(renderer.wire.site.subtasksOf(issue), (child) => renderer.renderReference(child)),
  },
  { id: "created", name: "Created", type: "datetime", value: toDate((issue) => issue.createdMs) },
  { id: "reporter", name: "Reporter", type: "user", value: toUser((issue) => issue.reporterIndex) },
  { id: "aggregateprogress", name: "Σ Progress", type: "progress", value: progress },
  {
    id: "priority",
    name: "Priority",
    type: "priority",
    value: (issue, { fragments }) => fragments.priority(issue.priorityIndex),
  },
  { id: "labels", name: "Labels", type: "array", items: "string", value: (issue) => toList(issue.labels, toTextBytes) },
  { id: "environment", name: "Environment", type: "string", value: "null" },
  { id: "timeestimate", name: "Remaining Estimate", type: "number", value: "null" },
  { id: "aggregatetimeoriginalestimate", name: "Σ Original Estimate", type: "number", value: "null" },
  { id: "versions", name: "Affects versions", type: "array", items: "version", value: "[]" },
  {
    id: "duedate",
    name: "Due date",
    type: "date",
    value: ({ dueDate }) => (dueDate === undefined ? "null" : `"${dueDate}"`),
  },
  { id: "progress", name: "Progress", type: "progress", value: progress },
  {
    id: "issuelinks",
    name: "Linked Issues",
    type: "array",
    items: "issuelinks",
    value: (issue, renderer) => renderer.renderLinks(issue),
  },
  {
    id: "votes",
    name: "Votes",
    type: "votes",
    value: (issue, renderer) =>
      `{"self":"${toUrl(issue, renderer)}/votes","votes":${issue.voteCount},"hasVoted":false}`,
  },
  {
    id: "comment",
    name: "Comment",
    type: "comments-page",
    isNavigable: false,
    value: (issue, renderer) => {
      const comments = renderer.wire.site.comments.list(issue.n);
      const shown = toList(comments.slice(0, remarksInside), (comment) => renderComment(comment, renderer));
      const total = comments.length;
      const self = renderer.wire.api(`/issue/${toIssueId(issue.n)}/comment`);
      return `{"comments":${shown},"self":"${self}","maxResults":${total},"total":${total},"startAt":0}`;
    },
  },
  { id: "assignee", name: "Assignee", type: "user", value: toUser((issue) => issue.assigneeIndex) },
  {
    id: "worklog",
    name: "Log Work",
    type: "array",
    items: "worklog",
    isNavigable: false,
    value: (issue, renderer) => {
      const worklogs = renderer.wire.site.worklogs.list(issue.n);
      const shown = toList(worklogs.slice(0, remarksInside), (worklog) => renderWorklog(worklog, renderer));
      return `{"startAt":0,"maxResults":${remarksInside},"total":${worklogs.length},"worklogs":${shown}}`;
    },
  },
  { id: "updated", name: "Updated", type: "datetime", value: toDate((issue) => issue.updatedMs) },
  {
    id: "status",
    name: "Status",
    type: "status",
    value: (issue, { fragments }) => fragments.status(issue.statusIndex),
  },
];

export const issueFields: readonly IssueField[] = [...systemFields, ...customFields];

function toUrl(issue: Issue, { wire }: IssueRenderer): string {
  return wire.api(`/issue/${wire.site.issues.keyOf(issue)}`);
}
