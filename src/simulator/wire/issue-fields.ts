import { toIssueId, type Issue } from "../site/issue.ts";
import { toDuration } from "./duration.ts";
import { renderComment, renderWorklog } from "./remark-bodies.ts";
import type { IssueRenderer } from "./issue-renderer.ts";
import { toTextBytes } from "./utf8-bytes.ts";
import type { Wire } from "./wire.ts";

/** Names as a client gives them: ids, `*all`, `*navigable`, and `-id` for all but this. */
export type FieldSelection = readonly string[];

type Render = (issue: Issue, renderer: IssueRenderer) => string;

export interface IssueField {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly items?: string;
  /** The key of the custom field's type; undefined for Jira's own fields. */
  readonly custom?: string;
  readonly isNavigable?: false;
  readonly only?: "cloud" | "server";
  /** The value as bytes; a constant for fields that look the same on every issue. "" leaves the key out. */
  readonly value: string | Render;
}

/** What `compileFields` made of a selection. */
export interface FieldPlan {
  readonly isIdOnly: boolean;
  readonly isKeyOnly: boolean;
  /** Constant stretches and the fields between them, each starting with a comma. */
  readonly parts: readonly (string | Render)[];
}

/** Comments and worklogs inside an issue are cut; the rest is at their own resource. */
const remarksInside = 20;

const custom = (name: string): string => `com.atlassian.jira.plugin.system.customfieldtypes:${name}`;
const agile = (name: string): string => `com.pyxis.greenhopper.jira:${name}`;

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

const knownCustomFields: readonly IssueField[] = [
  {
    id: "customfield_10000",
    name: "Development",
    type: "any",
    custom: "com.atlassian.jira.plugins.jira-development-integration-plugin:devsummarycf",
    value: '"{}"',
  },
  {
    id: "customfield_10001",
    name: "Team",
    type: "team",
    custom: "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team",
    value: "null",
  },
  {
    id: "customfield_10014",
    name: "Epic Link",
    type: "any",
    custom: agile("gh-epic-link"),
    value: (issue, renderer) => {
      const { site } = renderer.wire;
      const parent =
        issue.parent === undefined || isSubtask(issue, renderer) ? undefined : site.issues.find(issue.parent);
      const isClassic = site.projects[issue.projectIndex]?.style === "classic";
      return parent === undefined || !isClassic ? "null" : `"${site.issues.keyOf(parent)}"`;
    },
  },
  { id: "customfield_10015", name: "Start date", type: "date", custom: custom("datepicker"), value: "null" },
  {
    id: "customfield_10016",
    name: "Story point estimate",
    type: "number",
    custom: agile("jsw-story-points"),
    value: toPoints("next-gen"),
  },
  {
    id: "customfield_10018",
    name: "Parent Link",
    type: "any",
    custom: "com.atlassian.jpo:jpo-custom-field-parent",
    only: "cloud",
    value:
      '{"hasEpicLinkFieldDependency":false,"showField":false,"nonEditableReason":{"reason":"EPIC_LINK_SHOULD_BE_USED","message":"To set an epic as the parent, use the epic link instead"}}',
  },
  {
    id: "customfield_10019",
    name: "Rank",
    type: "any",
    custom: agile("gh-lexo-rank"),
    value: (issue) => `"0|i${issue.n.toString(36).padStart(5, "0")}:"`,
  },
  {
    id: "customfield_10020",
    name: "Sprint",
    type: "array",
    items: "json",
    custom: agile("gh-sprint"),
    value: (issue, { fragments }) =>
      issue.sprintIds.length === 0 ? "null" : toList(issue.sprintIds, (id) => fragments.sprint(id)),
  },
  {
    id: "customfield_10021",
    name: "Flagged",
    type: "array",
    items: "option",
    custom: custom("multicheckboxes"),
    value: "null",
  },
  {
    id: "customfield_10023",
    name: "[CHART] Time in Status",
    type: "any",
    custom: "com.atlassian.jira.ext.charting:timeinstatus",
    value: "null",
  },
  {
    // Seen on a real site: one field that holds a number here and a text there.
    id: "customfield_10024",
    name: "Cost centre",
    type: "any",
    custom: custom("float"),
    value: (issue) => (issue.n % 11 === 3 ? String(issue.n % 97) : issue.n % 11 === 5 ? '"-1"' : "null"),
  },
  {
    id: "customfield_10028",
    name: "Story Points",
    type: "number",
    custom: custom("float"),
    value: toPoints("classic"),
  },
];

/** Fields that some project once needed: null on every issue, as on real sites. */
const unusedCustomFields: readonly IssueField[] = Array.from({ length: 38 }, (_, place) => ({
  id: `customfield_${10030 + place}`,
  name: `Former field ${place + 1}`,
  type: "string",
  custom: custom("textfield"),
  value: "null",
}));

export const issueFields: readonly IssueField[] = [...systemFields, ...knownCustomFields, ...unusedCustomFields];

/** Merges what is constant, so that rendering an issue is a few dozen concatenations. */
export function compileFields(selection: FieldSelection, wire: Wire): FieldPlan {
  const names = selection
    .flatMap((names) => names.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) return { isIdOnly: true, isKeyOnly: false, parts: [] };
  const chosen = issueFields.filter(
    (field) => field.only !== (wire.isServer ? "cloud" : "server") && isChosen(field, names),
  );
  const parts: (string | Render)[] = [];
  for (const { id, value } of chosen) {
    const start = `,"${id}":`;
    const last = parts.at(-1);
    if (typeof value !== "string")
      parts.push((issue, renderer) => {
        const bytes = value(issue, renderer);
        return bytes === "" ? "" : start + bytes;
      });
    else if (typeof last === "string") parts[parts.length - 1] = `${last}${start}${value}`;
    else parts.push(start + value);
  }
  return {
    isIdOnly: names.every((name) => name === "id"),
    isKeyOnly: names.every((name) => name === "id" || name === "key"),
    parts,
  };
}

/** Names that stand alone choose; with only exclusions, everything navigable is the ground to take from. */
function isChosen(field: IssueField, names: readonly string[]): boolean {
  if (names.includes(`-${field.id}`)) return false;
  if (names.includes("*all") || names.includes(field.id)) return true;
  const isGround = names.includes("*navigable") || names.every((name) => name.startsWith("-"));
  return isGround && field.isNavigable !== false;
}

function toPoints(style: "classic" | "next-gen"): Render {
  return ({ storyPoints, projectIndex }, { wire }) =>
    storyPoints === undefined || wire.site.projects[projectIndex]?.style !== style ? "null" : storyPoints.toFixed(1);
}

function toUrl(issue: Issue, { wire }: IssueRenderer): string {
  return wire.api(`/issue/${wire.site.issues.keyOf(issue)}`);
}

function isSubtask(issue: Issue, { wire }: IssueRenderer): boolean {
  return wire.site.workflows.types[issue.typeIndex]?.hierarchyLevel === -1;
}

function toList<T>(items: readonly T[], render: (item: T) => string): string {
  if (items.length === 0) return "[]";
  return `[${items
    .map(render)
    .filter((bytes) => bytes !== "")
    .join(",")}]`;
}
