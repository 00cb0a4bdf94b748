import type { IssueField, Render } from "./issue-field.ts";
import { isSubtask, toList } from "./issue-field.ts";

const custom = (name: string): string => `com.atlassian.jira.plugin.system.customfieldtypes:${name}`;
const agile = (name: string): string => `com.pyxis.greenhopper.jira:${name}`;

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

export const customFields: readonly IssueField[] = [...knownCustomFields, ...unusedCustomFields];

function toPoints(style: "classic" | "next-gen"): Render {
  return ({ storyPoints, projectIndex }, { wire }) =>
    storyPoints === undefined || wire.site.projects[projectIndex]?.style !== style ? "null" : storyPoints.toFixed(1);
}
