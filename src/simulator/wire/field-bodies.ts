import type { SiteProject } from "../site/projects.ts";
import type { Site } from "../site/site.ts";
import { priorities } from "../site/workflow.ts";
import type { IssueField } from "./issue-field.ts";
import { issueFields } from "./issue-fields.ts";
import type { Wire } from "./wire.ts";
import { toPriorityBody } from "./workflow-bodies.ts";

type Body = Record<string, unknown>;

const editableIds = [
  "summary",
  "description",
  "labels",
  "priority",
  "assignee",
  "components",
  "fixVersions",
  "parent",
  "duedate",
  "customfield_10020",
  "customfield_10028",
];
const requiredIds = ["project", "issuetype", "summary", "reporter"];

/** The fields that issues have now, under the names that they have now. */
export function listFields(site: Site): IssueField[] {
  const other = site.options.deployment === "server" ? "cloud" : "server";
  const { names, removed } = site.fieldEdits;
  return issueFields
    .filter((field) => field.only !== other && !removed.has(field.id))
    .map((field) => ({ ...field, name: names.get(field.id) ?? field.name }));
}

/** Those that an issue can be edited with, and, of a new one, also those that it must have. */
export function listSettable(site: Site, purpose: "edit" | "create"): IssueField[] {
  const ids = purpose === "create" ? [...new Set([...requiredIds, ...editableIds])] : editableIds;
  const fields = new Map(listFields(site).map((field) => [field.id, field]));
  return ids.flatMap((id) => fields.get(id) ?? []);
}

export function toFieldSchema({ id, type, items, custom }: IssueField): Body {
  return {
    type,
    ...(items === undefined ? {} : { items }),
    ...(custom === undefined ? { system: id } : { custom, customId: toCustomId(id) }),
  };
}

/** As the field resources list it. */
export function toFieldBody(field: IssueField): Body {
  const { id, name, custom, isNavigable } = field;
  return {
    id,
    key: id,
    name,
    custom: custom !== undefined,
    orderable: isNavigable !== false,
    navigable: isNavigable !== false,
    searchable: true,
    clauseNames: custom === undefined ? [id] : [`cf[${toCustomId(id)}]`, name],
    schema: toFieldSchema(field),
  };
}

/** How it can be set in a project. */
export function toFieldMeta(wire: Wire, field: IssueField, project: SiteProject | undefined): Body {
  const { id, name, type } = field;
  const allowedValues = listAllowed(wire, id, project);
  return {
    required: requiredIds.includes(id),
    schema: toFieldSchema(field),
    name,
    key: id,
    hasDefaultValue: false,
    operations: type === "array" ? ["add", "set", "remove"] : ["set"],
    ...(allowedValues && { allowedValues }),
  };
}

function listAllowed(wire: Wire, id: string, project: SiteProject | undefined): Body[] | undefined {
  const named = (list: readonly { readonly id: string; readonly name: string }[] | undefined): Body[] =>
    (list ?? []).map((thing) => ({ id: thing.id, name: thing.name }));
  switch (id) {
    case "priority":
      return priorities.map((priority) => toPriorityBody(wire, priority));
    case "components":
      return named(project?.components);
    case "fixVersions":
      return named(project?.versions);
    default:
      return undefined;
  }
}

function toCustomId(id: string): number {
  return Number(id.replace("customfield_", ""));
}
