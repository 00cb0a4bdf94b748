/** Everything the site knows about one issue. People, statuses and so on are references, so that a rename reaches it. */
export interface Issue {
  /** Serial number; the id in Jira is `n + firstIssueId`. Never changes. */
  readonly n: number;
  readonly projectIndex: number;
  /** The number in the key. Changes when the issue moves. */
  readonly number: number;
  readonly typeIndex: number;
  readonly statusIndex: number;
  readonly priorityIndex: number;
  readonly resolutionIndex: number | undefined;
  readonly assigneeIndex: number | undefined;
  readonly reporterIndex: number;
  readonly creatorIndex: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly statusChangedMs: number;
  readonly resolvedMs: number | undefined;
  /** `yyyy-MM-dd`. */
  readonly dueDate: string | undefined;
  /** Serial number of the epic or, for a subtask, of its issue. */
  readonly parent: number | undefined;
  readonly summary: string;
  readonly description: Description | undefined;
  readonly labels: readonly string[];
  readonly componentIds: readonly string[];
  readonly fixVersionIds: readonly string[];
  readonly sprintIds: readonly number[];
  readonly storyPoints: number | undefined;
  readonly watchCount: number;
  readonly voteCount: number;
}

/** Generated texts are lists of blocks of a common pool; written ones are documents. */
export type Description =
  | { readonly kind: "generated"; readonly blocks: readonly number[] }
  | { readonly kind: "document"; readonly document: unknown };

export const firstIssueId = 10001;

export function toIssueId(n: number): string {
  return String(n + firstIssueId);
}

/** A copy whose values no longer depend on how the issue was made, to be changed. */
export function toPlainIssue(issue: Issue): Issue {
  return {
    n: issue.n,
    projectIndex: issue.projectIndex,
    number: issue.number,
    typeIndex: issue.typeIndex,
    statusIndex: issue.statusIndex,
    priorityIndex: issue.priorityIndex,
    resolutionIndex: issue.resolutionIndex,
    assigneeIndex: issue.assigneeIndex,
    reporterIndex: issue.reporterIndex,
    creatorIndex: issue.creatorIndex,
    createdMs: issue.createdMs,
    updatedMs: issue.updatedMs,
    statusChangedMs: issue.statusChangedMs,
    resolvedMs: issue.resolvedMs,
    dueDate: issue.dueDate,
    parent: issue.parent,
    summary: issue.summary,
    description: issue.description,
    labels: issue.labels,
    componentIds: issue.componentIds,
    fixVersionIds: issue.fixVersionIds,
    sprintIds: issue.sprintIds,
    storyPoints: issue.storyPoints,
    watchCount: issue.watchCount,
    voteCount: issue.voteCount,
  };
}
