import type { JqValue } from "../../src/jq/jq-engine.ts";

/** The default mapping of issues, in the order of its columns. */
export const ISSUE_EXPRESSIONS = {
  selector: "true",
  identifier: ".key",
  title: ".fields.summary",
  blueprint: '"jiraIssue"',
  url: '(.self | split("/") | .[:3] | join("/")) + "/browse/" + .key',
  status: ".fields.status.name",
  issueType: ".fields.issuetype.name",
  components: ".fields.components",
  creator: ".fields.creator.emailAddress",
  priority: ".fields.priority.id",
  labels: ".fields.labels",
  created: ".fields.created",
  updated: ".fields.updated",
  resolutionDate: ".fields.resolutiondate",
  project: ".fields.project.key",
  parentIssue: ".fields.parent.key",
  subtasks: ".fields.subtasks | map(.key)",
  assignee: ".fields.assignee.accountId",
  reporter: ".fields.reporter.accountId",
} as const;

export type MappedIssue = Readonly<Record<keyof typeof ISSUE_EXPRESSIONS, JqValue>>;

interface Keyed {
  readonly key?: JqValue;
}

interface Person {
  readonly accountId?: JqValue;
  readonly emailAddress?: JqValue;
}

interface Issue {
  readonly key: string;
  readonly self: string;
  readonly fields: {
    readonly summary?: JqValue;
    readonly status?: { readonly name?: JqValue } | null;
    readonly issuetype?: { readonly name?: JqValue } | null;
    readonly components?: JqValue;
    readonly creator?: Person | null;
    readonly priority?: { readonly id?: JqValue } | null;
    readonly labels?: JqValue;
    readonly created?: JqValue;
    readonly updated?: JqValue;
    readonly resolutiondate?: JqValue;
    readonly project?: Keyed | null;
    readonly parent?: Keyed | null;
    readonly subtasks: readonly Keyed[];
    readonly assignee?: Person | null;
    readonly reporter?: Person | null;
  };
}

/** The same mapping, written by hand: what the engine is measured against. */
export function mapIssueByHand(raw: JqValue): MappedIssue {
  const issue = raw as unknown as Issue; // made by issue-pages.ts
  const { fields } = issue;
  return {
    selector: true,
    identifier: issue.key ?? null,
    title: fields.summary ?? null,
    blueprint: "jiraIssue",
    url: `${issue.self.split("/").slice(0, 3).join("/")}/browse/${issue.key}`,
    status: fields.status?.name ?? null,
    issueType: fields.issuetype?.name ?? null,
    components: fields.components ?? null,
    creator: fields.creator?.emailAddress ?? null,
    priority: fields.priority?.id ?? null,
    labels: fields.labels ?? null,
    created: fields.created ?? null,
    updated: fields.updated ?? null,
    resolutionDate: fields.resolutiondate ?? null,
    project: fields.project?.key ?? null,
    parentIssue: fields.parent?.key ?? null,
    subtasks: fields.subtasks.map(({ key }) => key ?? null),
    assignee: fields.assignee?.accountId ?? null,
    reporter: fields.reporter?.accountId ?? null,
  };
}
