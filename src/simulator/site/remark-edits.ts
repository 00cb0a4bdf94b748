import { toIssueId, type Description, type Issue } from "./issue.ts";
import type { SiteComment, SiteWorklog } from "./remarks.ts";
import type { Site } from "./site.ts";

/** Comments and worklogs as people write them. Each moves the `updated` of its issue. */
export class RemarkEdits {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  addComment(idOrKey: string, body: Description, actorIndex = 0): SiteComment {
    const issue = this.#touch(idOrKey);
    const nowMs = this.#site.now();
    const comment = this.#site.comments.add({
      n: issue.n,
      authorIndex: actorIndex,
      body,
      createdMs: nowMs,
      updatedMs: nowMs,
    });
    this.#site.emit({ type: "comment_created", actorIndex, issue, comment });
    return comment;
  }

  editComment(comment: SiteComment, body: Description, actorIndex = 0): SiteComment {
    const issue = this.#touch(toIssueId(comment.n));
    const edited = { ...comment, body, updatedMs: this.#site.now() };
    this.#site.comments.replace(edited);
    this.#site.emit({ type: "comment_updated", actorIndex, issue, comment: edited });
    return edited;
  }

  deleteComment(comment: SiteComment, actorIndex = 0): void {
    const issue = this.#touch(toIssueId(comment.n));
    this.#site.comments.remove(comment, this.#site.now());
    this.#site.emit({ type: "comment_deleted", actorIndex, issue, comment });
  }

  addWorklog(
    idOrKey: string,
    work: Pick<SiteWorklog, "startedMs" | "timeSpentSeconds" | "body">,
    actorIndex = 0,
  ): SiteWorklog {
    const issue = this.#touch(idOrKey);
    const nowMs = this.#site.now();
    const worklog = this.#site.worklogs.add({
      ...work,
      n: issue.n,
      authorIndex: actorIndex,
      createdMs: nowMs,
      updatedMs: nowMs,
    });
    this.#site.emit({ type: "worklog_created", actorIndex, worklog });
    this.#recordTime(issue, worklog.timeSpentSeconds, actorIndex);
    return worklog;
  }

  editWorklog(
    worklog: SiteWorklog,
    changes: Partial<Pick<SiteWorklog, "startedMs" | "timeSpentSeconds" | "body">>,
    actorIndex = 0,
  ): SiteWorklog {
    const issue = this.#touch(toIssueId(worklog.n));
    const edited = { ...worklog, ...changes, updatedMs: this.#site.now() };
    this.#site.worklogs.replace(edited);
    this.#site.emit({ type: "worklog_updated", actorIndex, worklog: edited });
    this.#recordTime(issue, edited.timeSpentSeconds - worklog.timeSpentSeconds, actorIndex);
    return edited;
  }

  deleteWorklog(worklog: SiteWorklog, actorIndex = 0): void {
    const issue = this.#touch(toIssueId(worklog.n));
    this.#site.worklogs.remove(worklog, this.#site.now());
    this.#site.emit({ type: "worklog_deleted", actorIndex, worklog });
    this.#recordTime(issue, -worklog.timeSpentSeconds, actorIndex);
  }

  #recordTime(issue: Issue, seconds: number, actorIndex: number): void {
    const total = this.#site.worklogs.list(issue.n).reduce((sum, { timeSpentSeconds }) => sum + timeSpentSeconds, 0);
    const toText = (value: number): string | null => (value === 0 ? null : String(value));
    const [before, after] = [toText(total - seconds), toText(total)];
    const history = this.#site.history.add(issue.n, actorIndex, [
      {
        field: "timespent",
        fieldtype: "jira",
        fieldId: "timespent",
        from: before,
        fromString: before,
        to: after,
        toString: after,
      },
    ]);
    this.#site.emit({ type: "jira:issue_updated", actorIndex, issue, history });
  }

  #touch(idOrKey: string): Issue {
    const { issues } = this.#site;
    return issues.change(this.#site.getIssue(idOrKey), { updatedMs: this.#site.now() }, this.#site.indexedAt());
  }
}
