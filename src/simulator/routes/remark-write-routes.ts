import { empty, jsonBytes, refuse, type Answer } from "../server/answer.ts";
import type { JiraRequest } from "../server/jira-request.ts";
import type { Route } from "../server/router.ts";
import type { SimulatedJira } from "../server/simulated-jira.ts";
import type { Description } from "../site/issue.ts";
import type { SiteComment, SiteWorklog } from "../site/remarks.ts";
import { renderComment, renderWorklog } from "../wire/remark-bodies.ts";
import { isFieldError, readText } from "./issue-input.ts";
import { onIssue } from "./issue-write-routes.ts";

const scope = "write:jira-work";

export const remarkWriteRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/issue/{issueIdOrKey}/comment",
    scope,
    handle: onIssue((request, issue, { site }) => {
      const body = readCommentBody(request);
      if (body === undefined) return invalidComment();
      const comment = site.remarkEdits.addComment(site.issues.keyOf(issue), body, request.actorIndex);
      return jsonBytes(renderComment(comment, request.renderer), 201);
    }),
  },
  {
    method: "PUT",
    path: "/api/issue/{issueIdOrKey}/comment/{id}",
    scope,
    handle: onComment((request, comment, { site }) => {
      const body = readCommentBody(request);
      if (body === undefined) return invalidComment();
      return jsonBytes(
        renderComment(site.remarkEdits.editComment(comment, body, request.actorIndex), request.renderer),
      );
    }),
  },
  {
    method: "DELETE",
    path: "/api/issue/{issueIdOrKey}/comment/{id}",
    scope,
    handle: onComment((request, comment, { site }) => {
      site.remarkEdits.deleteComment(comment, request.actorIndex);
      return empty(204);
    }),
  },
  {
    method: "POST",
    path: "/api/issue/{issueIdOrKey}/worklog",
    scope,
    handle: onIssue((request, issue, { site }) => {
      const work = readWork(request, site.now());
      if ("errors" in work) return refuse(400, [], work.errors);
      if (work.timeSpentSeconds === undefined) return refuse(400, [], { timeLogged: "Worklog must not be null." });
      const draft = { body: undefined, startedMs: site.now(), ...work, timeSpentSeconds: work.timeSpentSeconds };
      const worklog = site.remarkEdits.addWorklog(site.issues.keyOf(issue), draft, request.actorIndex);
      return jsonBytes(renderWorklog(worklog, request.renderer), 201);
    }),
  },
  {
    method: "PUT",
    path: "/api/issue/{issueIdOrKey}/worklog/{id}",
    scope,
    handle: onWorklog((request, worklog, { site }) => {
      const work = readWork(request, worklog.startedMs);
      if ("errors" in work) return refuse(400, [], work.errors);
      return jsonBytes(
        renderWorklog(site.remarkEdits.editWorklog(worklog, work, request.actorIndex), request.renderer),
      );
    }),
  },
  {
    method: "DELETE",
    path: "/api/issue/{issueIdOrKey}/worklog/{id}",
    scope,
    handle: onWorklog((request, worklog, { site }) => {
      site.remarkEdits.deleteWorklog(worklog, request.actorIndex);
      return empty(204);
    }),
  },
];

function onComment(
  handle: (request: JiraRequest, comment: SiteComment, jira: SimulatedJira) => Answer,
): Route["handle"] {
  return onIssue((request, issue, jira) => {
    const comment = jira.site.comments.list(issue.n).find(({ id }) => id === request.param("id"));
    if (comment === undefined) return refuse(404, [`Can not find a comment for the id: ${request.param("id")}.`]);
    return handle(request, comment, jira);
  });
}

function onWorklog(
  handle: (request: JiraRequest, worklog: SiteWorklog, jira: SimulatedJira) => Answer,
): Route["handle"] {
  return onIssue((request, issue, jira) => {
    const worklog = jira.site.worklogs.list(issue.n).find(({ id }) => id === request.param("id"));
    if (worklog === undefined) return refuse(404, [`Cannot find worklog with id: '${request.param("id")}'.`]);
    return handle(request, worklog, jira);
  });
}

/** Undefined when the body is not in the form that the version of the API takes. */
function readCommentBody(request: JiraRequest): Description | undefined {
  try {
    return readText(request.body().body, request.wire.version);
  } catch (error) {
    if (isFieldError(error)) return undefined;
    throw error;
  }
}

function invalidComment(): Answer {
  return refuse(400, [], { comment: "Comment body is not valid!" });
}

type Work = Partial<Pick<SiteWorklog, "startedMs" | "timeSpentSeconds" | "body">>;

const unitSeconds: Readonly<Record<string, number>> = { w: 144_000, d: 28_800, h: 3600, m: 60 };

function readWork(
  request: JiraRequest,
  startedMs: number,
): Work | { readonly errors: Readonly<Record<string, string>> } {
  const { started, timeSpentSeconds, timeSpent, comment } = request.body();
  const startMs = started === undefined ? startedMs : parseStarted(started);
  if (startMs === undefined) {
    return {
      errors: { started: "Invalid date format. Please enter the date in the format \"yyyy-MM-dd'T'HH:mm:ss.SSSZ\"." },
    };
  }
  const seconds = typeof timeSpentSeconds === "number" ? timeSpentSeconds : parseDuration(timeSpent);
  if (seconds !== undefined && seconds < 60) return { errors: { timeLogged: "Worklog must be at least one minute." } };
  try {
    return {
      startedMs: startMs,
      ...(seconds === undefined ? {} : { timeSpentSeconds: seconds }),
      ...(comment === undefined ? {} : { body: readText(comment, request.wire.version) }),
    };
  } catch (error) {
    if (isFieldError(error)) return { errors: { comment: error.message } };
    throw error;
  }
}

/** Without a colon in the offset, as in everything that Jira writes itself. */
function parseStarted(started: unknown): number | undefined {
  if (typeof started !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/.test(started))
    return undefined;
  return Date.parse(started.replace(/(\d\d)(\d\d)$/, "$1:$2"));
}

/** `1h 30m`, with Jira's days of eight hours. */
function parseDuration(text: unknown): number | undefined {
  if (typeof text !== "string" || text.trim() === "") return undefined;
  const parts = text
    .trim()
    .split(/\s+/)
    .map((part) => /^(\d+)([wdhm])$/.exec(part));
  if (parts.includes(null)) return undefined;
  return parts.reduce((sum, part) => sum + Number(part?.[1]) * (unitSeconds[part?.[2] ?? "m"] ?? 0), 0);
}
