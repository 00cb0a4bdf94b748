import type { SiteBoard, SiteSprint } from "./boards.ts";
import type { HistoryEntry } from "./history.ts";
import type { Issue } from "./issue.ts";
import type { SiteUser } from "./people.ts";
import type { SiteProject, SiteVersion } from "./projects.ts";
import type { SiteComment, SiteWorklog } from "./remarks.ts";
import type { IssueLink } from "./issue-links.ts";

/** Everything that can happen on the site, by the names that webhooks give it. */
export type SiteEvent = {
  readonly actorIndex: number;
  /** Whether another change brought this one about. */
  readonly isFallout?: boolean;
} & (
  | {
      readonly type: "jira:issue_created" | "jira:issue_updated";
      readonly issue: Issue;
      readonly history: HistoryEntry;
    }
  | { readonly type: "jira:issue_deleted"; readonly issue: Issue }
  | { readonly type: `comment_${Outcome}`; readonly issue: Issue; readonly comment: SiteComment }
  | { readonly type: `worklog_${Outcome}`; readonly worklog: SiteWorklog }
  | { readonly type: "issuelink_created" | "issuelink_deleted"; readonly link: IssueLink }
  | {
      readonly type: `project_${Outcome | "soft_deleted" | "restored_deleted" | "archived" | "restored_archived"}`;
      readonly project: SiteProject;
    }
  | { readonly type: `jira:version_${Outcome | "released" | "unreleased"}`; readonly version: SiteVersion }
  | { readonly type: `sprint_${Outcome | "started" | "closed"}`; readonly sprint: SiteSprint }
  | { readonly type: `board_${Outcome}`; readonly board: SiteBoard }
  | { readonly type: `user_${Outcome}`; readonly user: SiteUser }
);

type Outcome = "created" | "updated" | "deleted";
