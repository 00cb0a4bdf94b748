import type { HistoryEntry } from "../site/history.ts";
import { toIssueId, type Issue } from "../site/issue.ts";
import type { SiteEvent } from "../site/site-event.ts";
import { linkTypes } from "../site/workflow.ts";
import type { IssueRenderer } from "../wire/issue-renderer.ts";
import { toUserBody } from "../wire/people-bodies.ts";
import { toProjectReference, toVersionBody } from "../wire/project-bodies.ts";
import { renderComment, renderWorklog } from "../wire/remark-bodies.ts";
import { toBoardBody, toSprintBody } from "../wire/sprint-bodies.ts";

type Body = Record<string, unknown>;

/** The few fields of the issue that come along with a comment. */
const commentedFields = ["summary", "issuetype", "project", "assignee", "priority", "status"];

/**
 * What a webhook says of an event. Always in the form of version 2 of the API, whatever version its receiver uses; ids
 * are numbers in some bodies and texts in others, as they are in Jira's.
 */
export function toPayload(event: SiteEvent, renderer: IssueRenderer, nowMs: number): Body {
  return { timestamp: nowMs, webhookEvent: event.type, ...toDetails(event, renderer) };
}

function toDetails(event: SiteEvent, renderer: IssueRenderer): Body {
  const { wire } = renderer;
  const actor = wire.site.people[event.actorIndex];
  const user = actor === undefined ? {} : { user: toUserBody(wire, actor) };
  if ("comment" in event) {
    return {
      comment: parse(renderComment(event.comment, renderer)),
      issue: toIssue(event.issue, commentedFields, renderer),
    };
  }
  if ("issue" in event) {
    const issue = toIssue(event.issue, ["*all"], renderer);
    if (event.type === "jira:issue_deleted") return { ...user, issue };
    return {
      issue_event_type_name: toEventTypeName(event.type, event.history),
      ...user,
      issue,
      changelog: { id: event.history.id, items: event.history.items },
    };
  }
  if ("worklog" in event) return { worklog: parse(renderWorklog(event.worklog, renderer)) };
  if ("link" in event) {
    const type = linkTypes[event.link.typeIndex];
    return {
      issueLink: {
        id: Number(event.link.id),
        sourceIssueId: Number(toIssueId(event.link.source)),
        destinationIssueId: Number(toIssueId(event.link.destination)),
        issueLinkType: {
          id: Number(type?.id),
          name: type?.name,
          outwardName: type?.outward,
          inwardName: type?.inward,
          isSubTaskLinkType: false,
          isSystemLinkType: false,
        },
        systemLink: false,
      },
    };
  }
  if ("project" in event) {
    const { project } = event;
    const lead = wire.site.people[project.leadIndex];
    const { self, key, name, avatarUrls } = toProjectReference(wire, project);
    return {
      project: {
        self,
        id: Number(project.id),
        key,
        name,
        avatarUrls,
        ...(lead === undefined ? {} : { projectLead: toUserBody(wire, lead) }),
        assigneeType: "admin.assignee.type.unassigned",
      },
    };
  }
  if ("version" in event) return { version: toVersionBody(wire, event.version) };
  if ("sprint" in event) return { sprint: toSprintBody(wire, event.sprint) };
  if ("board" in event) return { board: toBoardBody(wire, event.board) };
  return { user: toUserBody(wire, event.user) };
}

/** On Cloud the address of an issue inside a webhook lacks `/issue`; nobody should follow it. */
function toIssue(issue: Issue, fields: readonly string[], renderer: IssueRenderer): Body {
  const { expand: _, changelog: __, ...body } = parse(renderer.render(issue, fields));
  return { ...body, self: renderer.wire.isServer ? body.self : renderer.wire.api(`/${toIssueId(issue.n)}`) };
}

function toEventTypeName(type: string, history: HistoryEntry): string {
  const fields = history.items.map((item) => item.field);
  if (type === "jira:issue_created") return "issue_created";
  if (fields.includes("Key")) return "issue_moved";
  if (fields.includes("status")) return "issue_generic";
  if (fields.includes("timespent")) return "issue_work_logged";
  return fields.length > 0 && fields.every((field) => field === "assignee") ? "issue_assigned" : "issue_updated";
}

function parse(bytes: string): Body {
  // The renderers write objects.
  return JSON.parse(Buffer.from(bytes, "latin1").toString("utf8")) as Body;
}
