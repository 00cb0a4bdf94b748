import { toIssueId } from "../site/issue.ts";
import type { SiteComment, SiteWorklog } from "../site/remarks.ts";
import type { IssueRenderer } from "./issue-renderer.ts";
import { toDuration } from "./duration.ts";

export function renderComment(comment: SiteComment, { wire, fragments }: IssueRenderer): string {
  const author = fragments.user(comment.authorIndex);
  return (
    `{"self":"${wire.api(`/issue/${toIssueId(comment.n)}/comment/${comment.id}`)}","id":"${comment.id}","author":${author},` +
    `"body":${fragments.description(comment.body)},"updateAuthor":${author},"created":"${wire.date(comment.createdMs)}",` +
    `"updated":"${wire.date(comment.updatedMs)}"${wire.isServer ? "" : ',"jsdPublic":true'}}`
  );
}

export function renderWorklog(worklog: SiteWorklog, { wire, fragments }: IssueRenderer): string {
  const author = fragments.user(worklog.authorIndex);
  const issueId = toIssueId(worklog.n);
  const comment = worklog.body === undefined ? "" : `"comment":${fragments.description(worklog.body)},`;
  return (
    `{"self":"${wire.api(`/issue/${issueId}/worklog/${worklog.id}`)}","author":${author},"updateAuthor":${author},${comment}` +
    `"created":"${wire.date(worklog.createdMs)}","updated":"${wire.date(worklog.updatedMs)}",` +
    `"started":"${wire.date(worklog.startedMs)}","timeSpent":"${toDuration(worklog.timeSpentSeconds)}",` +
    `"timeSpentSeconds":${worklog.timeSpentSeconds},"id":"${worklog.id}","issueId":"${issueId}"}`
  );
}
