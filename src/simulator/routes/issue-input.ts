import { isDocument, fromWiki } from "../site/document.ts";
import { toIssueId, toPlainIssue, type Description, type Issue } from "../site/issue.ts";
import type { IssueChanges } from "../site/issue-table.ts";
import { toUserName } from "../site/people.ts";
import type { SiteProject } from "../site/projects.ts";
import type { Site } from "../site/site.ts";
import { priorities } from "../site/workflow.ts";

/** A field that came in and cannot be taken. */
class FieldError extends Error {}

type Body = Readonly<Record<string, unknown>>;

export interface FieldContext {
  readonly site: Site;
  readonly project: SiteProject;
  /** Version 3 takes documents, version 2 wiki markup. */
  readonly version: 2 | 3;
  /** The issue to be edited; undefined for one to be made. */
  readonly issue: Issue | undefined;
}

export interface FieldResult {
  readonly changes: IssueChanges;
  /** By field id, in Jira's words. */
  readonly errors: Readonly<Record<string, string>>;
}

type Reader = (value: unknown, context: FieldContext) => IssueChanges;

/** The `fields` of a request to make or edit an issue, each in the form in which Jira takes it. */
export function readFields(fields: Body, context: FieldContext): FieldResult {
  let changes: IssueChanges = {};
  const errors: Record<string, string> = {};
  for (const [id, value] of Object.entries(fields)) {
    const isThere = Object.hasOwn(readers, id) && !context.site.fieldEdits.removed.has(id);
    const reader = isThere ? readers[id] : undefined;
    try {
      if (reader === undefined) {
        throw new FieldError(`Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`);
      }
      changes = { ...changes, ...reader(value, context) };
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      errors[id] = error.message;
    }
  }
  return { changes, errors };
}

/** The `update` of a request: operations on the values that a field has. */
export function readUpdate(update: Body, context: FieldContext): FieldResult {
  let changes: IssueChanges = {};
  const errors: Record<string, string> = {};
  for (const [id, operations] of Object.entries(update)) {
    for (const operation of Array.isArray(operations) ? (operations as unknown[]) : []) {
      const base = { ...context, issue: context.issue && { ...toPlainIssue(context.issue), ...changes } };
      const result = readFields({ [id]: applyOperation(id, operation, base.issue) }, base);
      changes = { ...changes, ...result.changes };
      Object.assign(errors, result.errors);
    }
  }
  return { changes, errors };
}

/** A text as a document or as markup, whichever the version takes. */
export function readText(value: unknown, version: 2 | 3): Description | undefined {
  if (value === null) return undefined;
  if (version === 2 && typeof value === "string") return fromWiki(value);
  if (version === 3 && isDocument(value)) return { kind: "document", document: value };
  throw new FieldError("Operation value must be an Atlassian Document (see the Atlassian Document Format)");
}

export function isFieldError(error: unknown): error is Error {
  return error instanceof FieldError;
}

function applyOperation(id: string, operation: unknown, issue: Issue | undefined): unknown {
  const { add, remove, set } = isBody(operation) ? operation : {};
  if (set !== undefined) return set;
  const current: readonly unknown[] =
    id === "labels"
      ? (issue?.labels ?? [])
      : ((id === "components" ? issue?.componentIds : issue?.fixVersionIds) ?? []).map((one) => ({ id: one }));
  const isSame = (one: unknown): boolean => JSON.stringify(one) === JSON.stringify(remove);
  return add === undefined ? current.filter((one) => !isSame(one)) : [...current, add];
}

const readers: Readonly<Record<string, Reader>> = {
  // Which project an issue lies in is decided before its fields are read.
  project: () => ({}),
  issuetype: (value, { site, project }) => {
    const index = project.workflow.types.find((one) => isNamed(value, site.workflows.types[one]));
    if (index === undefined) throw new FieldError("Specify a valid issue type");
    return { typeIndex: index };
  },
  summary: (value) => {
    if (typeof value !== "string" || value.trim() === "")
      throw new FieldError("You must specify a summary of the issue.");
    if (value.length > 255) throw new FieldError("Summary must be less than 255 characters.");
    return { summary: value };
  },
  description: (value, { version }) => ({ description: readText(value, version) }),
  labels: (value) => {
    if (!isList(value) || !value.every((label) => typeof label === "string"))
      throw new FieldError("data was not an array");
    const spaced = value.find((label) => /\s/.test(label));
    if (spaced !== undefined) throw new FieldError(`The label '${spaced}' contains spaces which is invalid.`);
    return { labels: [...new Set(value)] };
  },
  priority: (value) => {
    const index = priorities.findIndex((priority) => isNamed(value, priority));
    if (index < 0) throw new FieldError("The priority selected is invalid.");
    return { priorityIndex: index };
  },
  assignee: (value, { site }) => ({ assigneeIndex: readUser(value, site) }),
  reporter: (value, { site }) => {
    const reporterIndex = readUser(value, site);
    if (reporterIndex === undefined) throw new FieldError("Reporter is required.");
    return { reporterIndex };
  },
  components: (value, { project }) => ({ componentIds: readNamed(value, project.components, "Component") }),
  fixVersions: (value, { project }) => ({ fixVersionIds: readNamed(value, project.versions, "Version") }),
  parent: (value, { site, issue }) => {
    if (value === null) return { parent: undefined };
    const parent = site.findIssue(toReference(value));
    const isItself = parent !== undefined && parent.n === issue?.n;
    if (parent === undefined || isItself) throw new FieldError("Please select a valid parent issue.");
    return { parent: parent.n };
  },
  duedate: (value) => {
    if (value !== null && (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value))) {
      throw new FieldError("Error parsing date string, expected format 'yyyy-MM-dd'");
    }
    return { dueDate: value ?? undefined };
  },
  customfield_10016: readPoints,
  customfield_10020: (value, { site }) => {
    if (value === null) return { sprintIds: [] };
    if (typeof value !== "number" || !site.boards.sprints.has(value)) throw new FieldError("Sprint does not exist.");
    return { sprintIds: [value] };
  },
  customfield_10028: readPoints,
};

function readPoints(value: unknown): IssueChanges {
  if (value !== null && typeof value !== "number") throw new FieldError("Operation value must be a number");
  return { storyPoints: value ?? undefined };
}

function readUser(value: unknown, site: Site): number | undefined {
  if (value === null) return undefined;
  const { id, accountId, name } = isBody(value) ? value : {};
  const wanted = id ?? accountId;
  const user =
    site.options.deployment === "server"
      ? site.people.find((one) => toUserName(one) === name)
      : site.people.find((one) => one.accountId === wanted);
  if (user === undefined) throw new FieldError("Specify a valid value for the user.");
  return user.index;
}

function readNamed(
  value: unknown,
  list: readonly { readonly id: string; readonly name: string }[],
  what: string,
): string[] {
  if (!isList(value)) throw new FieldError("data was not an array");
  return value.map((wanted) => {
    const found = list.find((thing) => isNamed(wanted, thing));
    const { id, name } = isBody(wanted) ? wanted : {};
    if (found === undefined) throw new FieldError(`${what} id '${JSON.stringify(id ?? name)}' is not valid`);
    return found.id;
  });
}

/** `{"id": "3"}` or `{"name": "Medium"}`. */
function isNamed(value: unknown, thing: { readonly id: string; readonly name: string } | undefined): boolean {
  const { id, name } = isBody(value) ? value : {};
  return thing !== undefined && (id === undefined ? name === thing.name : id === thing.id || id === Number(thing.id));
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How a request that names a project by id or key is read. */
export function findProject(value: unknown, site: Site): SiteProject | undefined {
  const project = site.findProject(toReference(value));
  return project?.state === "live" && project.isBrowsable ? project : undefined;
}

/** `{"key": "AL-1"}` or `{"id": "10001"}`. */
function toReference(value: unknown): string {
  const { id, key } = isBody(value) ? value : {};
  const reference = key ?? id;
  return typeof reference === "string" || typeof reference === "number" ? String(reference) : "";
}

export function toSelf(base: (path: string) => string, issue: Issue): { readonly id: string; readonly self: string } {
  const id = toIssueId(issue.n);
  return { id, self: base(`/issue/${id}`) };
}
