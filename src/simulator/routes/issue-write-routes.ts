import { empty, json, jsonBytes, refuse, type Answer } from "../server/answer.ts";
import { invalidPayload, type JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { Issue } from "../site/issue.ts";
import { toUserName } from "../site/people.ts";
import {
  isFieldError,
  findProject,
  readFields,
  readText,
  readUpdate,
  toSelf,
  type FieldResult,
} from "./issue-input.ts";
import { noIssue, renderExpanded } from "./issue-routes.ts";

type Body = Readonly<Record<string, unknown>>;

const scope = "write:jira-work";
const maxBulk = 50;

export const issueWriteRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/issue",
    scope,
    handle: (request, jira) => {
      const created = createIssue(request, jira, request.body());
      return "issue" in created
        ? json(toCreated(request, jira, created.issue), 201)
        : refuse(400, created.messages, created.errors);
    },
  },
  {
    method: "POST",
    path: "/api/issue/bulk",
    scope,
    handle: (request, jira) => {
      const { issueUpdates } = request.body();
      if (!Array.isArray(issueUpdates)) return invalidPayload();
      if (issueUpdates.length > maxBulk) return refuse(400, [`The number of issues must not exceed ${maxBulk}.`]);
      const results = issueUpdates.map((draft: unknown) => createIssue(request, jira, toBody(draft)));
      const issues = results.flatMap((result) => ("issue" in result ? [toCreated(request, jira, result.issue)] : []));
      const errors = results.flatMap((result, failedElementNumber) =>
        "issue" in result
          ? []
          : [
              {
                status: 400,
                elementErrors: { errorMessages: result.messages, errors: result.errors },
                failedElementNumber,
              },
            ],
      );
      return json({ issues, errors }, issues.length === 0 && errors.length > 0 ? 400 : 201);
    },
  },
  {
    method: "PUT",
    path: "/api/issue/{issueIdOrKey}",
    scope,
    handle: onIssue((request, issue, jira) => editIssue(request, issue, jira)),
  },
  {
    method: "DELETE",
    path: "/api/issue/{issueIdOrKey}",
    scope,
    handle: onIssue((request, issue, { site }) => {
      if (site.subtasksOf(issue).length > 0 && !request.flag("deleteSubtasks")) {
        const key = site.issues.keyOf(issue);
        return refuse(400, [
          `The issue '${key}' has subtasks. You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.`,
        ]);
      }
      site.deleteIssue(site.issues.keyOf(issue), request.actorIndex);
      return empty(204);
    }),
  },
  {
    method: "PUT",
    path: "/api/issue/{issueIdOrKey}/assignee",
    scope,
    handle: onIssue((request, issue, { site, options }) => {
      const isServer = options.deployment === "server";
      const { accountId, name } = request.body();
      const wanted = isServer ? name : accountId;
      if (wanted !== null && typeof wanted !== "string") return invalidPayload();
      const user = site.people.find((one) => (isServer ? toUserName(one) : one.accountId) === wanted);
      const isAutomatic = wanted === "-1";
      if (
        wanted !== null &&
        !isAutomatic &&
        (user === undefined || !user.isActive || user.accountType === "customer")
      ) {
        return refuse(400, [], { assignee: `User '${wanted}' cannot be assigned issues.` });
      }
      const lead = site.projects[issue.projectIndex]?.leadIndex;
      site.editIssue(site.issues.keyOf(issue), { assigneeIndex: isAutomatic ? lead : user?.index }, request.actorIndex);
      return empty(204);
    }),
  },
];

export function onIssue(
  handle: (request: JiraRequest, issue: Issue, jira: SimulatedJira) => Answer | Promise<Answer>,
): Route["handle"] {
  return (request, jira) => {
    const issue = jira.findVisibleIssue(request, request.param("issueIdOrKey"));
    return issue === undefined ? noIssue() : handle(request, issue, jira);
  };
}

type Created =
  | { readonly issue: Issue }
  | { readonly messages: readonly string[]; readonly errors: Readonly<Record<string, string>> };

function createIssue(request: JiraRequest, jira: SimulatedJira, body: Body): Created {
  const { site } = jira;
  if (body.fields === undefined) return { messages: ["No Issue Create payload supplied"], errors: {} };
  const fields = toBody(body.fields);
  const project = findProject(fields.project, site);
  const missing = {
    ...(project === undefined ? { project: "Specify a valid project ID or key" } : {}),
    ...(fields.issuetype === undefined ? { issuetype: "Specify an issue type" } : {}),
    ...(fields.summary === undefined ? { summary: "You must specify a summary of the issue." } : {}),
  };
  if (project === undefined || Object.keys(missing).length > 0) return { messages: [], errors: missing };
  const context = { site, project, version: request.wire.version, issue: undefined };
  const { changes, errors } = merge(readFields(fields, context), readUpdate(withoutComment(body.update), context));
  if (Object.keys(errors).length > 0) return { messages: [], errors };
  return { issue: site.createIssue({ summary: "", ...changes, project: project.key }, request.actorIndex) };
}

function editIssue(request: JiraRequest, issue: Issue, jira: SimulatedJira): Answer {
  const { site } = jira;
  const project = site.projects[issue.projectIndex];
  const body = request.body();
  const [fields, update] = [toBody(body.fields), toBody(body.update)];
  if (project === undefined || project.state !== "live")
    return refuse(403, ["You do not have permission to edit issues in this project."]);
  const twice = Object.keys(fields).find((id) => Object.hasOwn(update, id));
  if (twice !== undefined) {
    return refuse(400, [], {
      [twice]: `Field '${twice}' cannot be updated because it is in both 'fields' and 'update'.`,
    });
  }
  const context = { site, project, version: request.wire.version, issue };
  try {
    const { changes, errors } = merge(readFields(fields, context), readUpdate(withoutComment(update), context));
    if (Object.keys(errors).length > 0) return refuse(400, [], errors);
    const comments = readComments(update.comment, request);
    const key = site.issues.keyOf(issue);
    const edited = Object.keys(changes).length === 0 ? issue : site.editIssue(key, changes, request.actorIndex);
    for (const text of comments) site.remarkEdits.addComment(key, text, request.actorIndex);
    return request.flag("returnIssue") ? jsonBytes(renderExpanded(request, edited, ["*all"], [])) : empty(204);
  } catch (error) {
    if (isFieldError(error)) return refuse(400, [], { comment: error.message });
    throw error;
  }
}

function merge(left: FieldResult, right: FieldResult): FieldResult {
  return { changes: { ...left.changes, ...right.changes }, errors: { ...left.errors, ...right.errors } };
}

/** A comment rides along with an edit under `update`, yet is no field of the issue. */
function withoutComment(update: unknown): Body {
  const { comment: _, ...rest } = toBody(update);
  return rest;
}

function readComments(operations: unknown, request: JiraRequest): NonNullable<ReturnType<typeof readText>>[] {
  if (!Array.isArray(operations)) return [];
  return operations.flatMap((operation: unknown) => {
    const text = readText(toBody(toBody(operation).add).body, request.wire.version);
    return text === undefined ? [] : [text];
  });
}

function toCreated(request: JiraRequest, { site }: SimulatedJira, issue: Issue): object {
  const { id, self } = toSelf((path) => request.wire.api(path), issue);
  return { id, key: site.issues.keyOf(issue), self };
}

function toBody(value: unknown): Body {
  // An object that is no array has string keys; anything else counts as an empty body.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : {};
}
