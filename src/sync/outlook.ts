import type { JiraSession } from "../jira/jira-session.ts";
import { findRemovedProjects, readVisibleProjects } from "../jira/visible-projects.ts";

/** What the account sees of Jira: what tells a removal from a permission that was lost. */
export interface Outlook {
  readonly accountId: string;
  /** Keys of the projects that the account sees at this moment. */
  listProjects(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** Which of these Jira says were archived or deleted. */
  findRemoved(keys: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
}

export function toOutlook(session: JiraSession): Outlook {
  return {
    accountId: session.myself.accountId,
    listProjects: (signal) => readVisibleProjects(session, signal),
    findRemoved: (keys, signal) => findRemovedProjects(session, keys, signal),
  };
}
